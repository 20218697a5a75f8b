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
    private static final long BYTES_MAX = 1L << 30;
    private static final long BYTES_MIN = 1L << 26;
    private static final long ALIGNMENT_BYTES = 64;
    private static final long CHUNK_BYTES = 1 << 16;
    private static final long MEASURE_NANOS = 700_000_000;
    private static final int RUNS_MIN = 5;

    /// Measures both in about two seconds; empty where there are no vectors to measure with.
    public static Optional<Bounds> measure(ComputePool pool) {
        if (!(Backends.best(pool) instanceof VectorKernels)) {
            return Optional.empty();
        }
        try (Arena arena = Arena.ofShared()) {
            return Optional.of(measure(pool, memory(arena)));
        }
    }

    /// The best of several runs, since other work can only make one slower.
    ///
    /// @param memory from [#memory]
    static Bounds measure(ComputePool pool, MemorySegment memory) {
        LongAdder unused = new LongAdder(); // Keeps the compiler from skipping what nobody uses.
        long address = memory.address();
        int chunks = (int) (memory.byteSize() / CHUNK_BYTES);
        double reading = fastestSeconds(() -> pool.run(
                chunks,
                1,
                (from, to) -> unused.add(MachineBounds.read(address + from * CHUNK_BYTES, (to - from) * CHUNK_BYTES))));
        double computing = fastestSeconds(
                () -> pool.run(pool.threads(), 1, (from, to) -> unused.add((long) MachineBounds.peak())));
        return new Bounds(memory.byteSize() / reading, MachineBounds.peakOperations(pool.threads()) / computing);
    }

    /// Memory far larger than any cache, every page of it written: pages never written are all the same one.
    static MemorySegment memory(Arena arena) {
        long free =
                ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getFreeMemorySize();
        long bytes = Math.clamp(free / 2, BYTES_MIN, BYTES_MAX) & -BYTES_MIN;
        MemorySegment memory = arena.allocate(bytes, ALIGNMENT_BYTES);
        memory.fill((byte) 1);
        return memory;
    }

    private static double fastestSeconds(Runnable work) {
        long start = System.nanoTime();
        long fastest = Long.MAX_VALUE;
        for (int run = 0; run < RUNS_MIN || System.nanoTime() - start < MEASURE_NANOS; run++) {
            long from = System.nanoTime();
            work.run();
            fastest = Math.min(fastest, System.nanoTime() - from);
        }
        return fastest / 1e9;
    }
}
