package dev.baleen.kernel;

import com.sun.management.OperatingSystemMXBean;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.util.Optional;
import java.util.concurrent.atomic.LongAdder;

/// What this machine can do at most, with all threads of a pool: nothing that reads memory or computes is faster.
///
/// @param bytesPerSecond read from memory
/// @param operationsPerSecond in single precision, a multiply-add as two
public record Bounds(double bytesPerSecond, double operationsPerSecond) {
    /// What is read at once. All of the memory is read before a window is read again.
    static final long WINDOW_BYTES = 1L << 26;

    private static final long BYTES_MAX = 1L << 30;
    private static final long ALIGNMENT_BYTES = 64;
    private static final int CHUNK_BYTES = 1 << 20;
    /// No number that weights of any format may not be: in single precision 0.0029, in half precision 0.9.
    private static final byte ANY_BYTE = 0x3B;

    /// Measures both in a few seconds; empty where there are no vectors to measure with.
    public static Optional<Bounds> measure(ComputePool pool) {
        if (!(Backends.best(pool) instanceof VectorKernels)) {
            return Optional.empty();
        }
        try (Arena arena = Arena.ofShared()) {
            return Optional.of(measure(pool, memory(arena)));
        }
    }

    /// @param memory from [#memory]
    static Bounds measure(ComputePool pool, MemorySegment memory) {
        double reading = Double.POSITIVE_INFINITY;
        for (Reading way : Reading.values()) {
            reading = Math.min(reading, Timing.seconds(new Reader(pool, memory, way)));
        }
        LongAdder unused = new LongAdder(); // Keeps the compiler from skipping what nobody uses.
        double computing =
                Timing.seconds(() -> pool.run(pool.threads(), 1, (_, _) -> unused.add((long) MachineBounds.peak())));
        return new Bounds(WINDOW_BYTES / reading, MachineBounds.peakOperations(pool.threads()) / computing);
    }

    /// Ways to read memory. Which of them the processor looks ahead of best differs from one to the next, by a
    /// factor of two, so all are tried.
    private enum Reading {
        ONE_STREAM,
        TWO_STREAMS,
        LINES;

        long read(long address, int bytes) {
            return switch (this) {
                case ONE_STREAM -> MachineBounds.readOneStream(address, bytes);
                case TWO_STREAMS -> MachineBounds.readTwoStreams(address, bytes);
                case LINES -> MachineBounds.readLines(address, bytes);
            };
        }
    }

    /// Reads a window each time, the threads sharing it.
    private static final class Reader implements Runnable {
        private final ComputePool pool;
        private final MemorySegment memory;
        private final Reading way;
        private final LongAdder unused = new LongAdder();
        private long at;

        Reader(ComputePool pool, MemorySegment memory, Reading way) {
            this.pool = pool;
            this.memory = memory;
            this.way = way;
        }

        @Override
        public void run() {
            long window = memory.address() + at;
            at = (at + WINDOW_BYTES) % memory.byteSize();
            pool.run((int) (WINDOW_BYTES / CHUNK_BYTES), 1, (from, to) -> {
                unused.add(way.read(window + (long) from * CHUNK_BYTES, (to - from) * CHUNK_BYTES));
            });
        }
    }

    /// Memory far larger than any cache, every page of it written: pages never written are all the same one.
    static MemorySegment memory(Arena arena) {
        long free =
                ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getFreeMemorySize();
        long bytes = Math.clamp(free / 2, WINDOW_BYTES, BYTES_MAX) & -WINDOW_BYTES;
        MemorySegment memory = arena.allocate(bytes, ALIGNMENT_BYTES);
        memory.fill(ANY_BYTE);
        return memory;
    }
}
