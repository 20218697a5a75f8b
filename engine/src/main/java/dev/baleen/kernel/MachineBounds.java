package dev.baleen.kernel;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/// Loops that do nothing but read memory or multiply and add: [Bounds] times them.
final class MachineBounds {
    private static final int LANES = Vectors.FLOATS.length();
    private static final int CHAINS = 12;
    private static final int PEAK_STEPS = 200_000;
    private static final int ROW_BYTES = 8192;
    private static final int LINE_BYTES = 64;
    private static final VectorSpecies<Long> LONGS = Vectors.FLOATS.withLanes(long.class);

    private MachineBounds() {}

    /// Single-precision operations of all threads' multiply-adds from registers: what a call counts.
    static long peakOperations(int threads) {
        return (long) PEAK_STEPS * CHAINS * LANES * 2 * threads;
    }

    /// Does those operations; the number is of no use but to keep the compiler from skipping them.
    static float peak() {
        FloatVector x = FloatVector.broadcast(Vectors.FLOATS, 0.9999f);
        FloatVector y = FloatVector.broadcast(Vectors.FLOATS, 1e-6f);
        FloatVector s0 = y;
        FloatVector s1 = x;
        FloatVector s2 = y;
        FloatVector s3 = x;
        FloatVector s4 = y;
        FloatVector s5 = x;
        FloatVector s6 = y;
        FloatVector s7 = x;
        FloatVector s8 = y;
        FloatVector s9 = x;
        FloatVector s10 = y;
        FloatVector s11 = x;
        for (int i = 0; i < PEAK_STEPS; i++) {
            s0 = s0.fma(x, y);
            s1 = s1.fma(x, y);
            s2 = s2.fma(x, y);
            s3 = s3.fma(x, y);
            s4 = s4.fma(x, y);
            s5 = s5.fma(x, y);
            s6 = s6.fma(x, y);
            s7 = s7.fma(x, y);
            s8 = s8.fma(x, y);
            s9 = s9.fma(x, y);
            s10 = s10.fma(x, y);
            s11 = s11.fma(x, y);
        }
        FloatVector a = s0.add(s1).add(s2.add(s3));
        FloatVector b = s4.add(s5).add(s6.add(s7));
        return a.add(b).add(s8.add(s9).add(s10.add(s11))).reduceLanes(VectorOperators.ADD);
    }

    /// Reads `bytes`, a multiple of 8 KiB, once, in one stream of vectors; the number is of no use but to keep the
    /// compiler from skipping them.
    static long readOneStream(long address, int bytes) {
        LongVector sum = LongVector.zero(LONGS);
        for (int at = 0; at < bytes; at += ROW_BYTES) {
            sum = sum.add(row(address + at, address + at + ROW_BYTES / 2));
        }
        return sum.reduceLanes(VectorOperators.ADD);
    }

    /// The same in two streams, half of the bytes apart.
    static long readTwoStreams(long address, int bytes) {
        LongVector sum = LongVector.zero(LONGS);
        for (int at = 0; at < bytes / 2; at += ROW_BYTES / 2) {
            sum = sum.add(row(address + at, address + bytes / 2 + at));
        }
        return sum.reduceLanes(VectorOperators.ADD);
    }

    /// The same with a number of each line of 64 bytes, as memory hands it over: the least work there can be.
    static long readLines(long address, int bytes) {
        long a = 0;
        long b = 0;
        for (int at = 0; at < bytes; at += 2 * LINE_BYTES) {
            a += Memory.getLong(address + at);
            b += Memory.getLong(address + at + LINE_BYTES);
        }
        return a + b;
    }

    /// Half a row each at two addresses.
    private static LongVector row(long first, long second) {
        LongVector a = LongVector.zero(LONGS);
        LongVector b = a;
        for (int at = 0; at < ROW_BYTES / 2; at += LONGS.vectorByteSize()) {
            a = a.add(load(first + at));
            b = b.add(load(second + at));
        }
        return a.add(b);
    }

    private static LongVector load(long address) {
        return LongVector.fromMemorySegment(LONGS, Memory.ALL, address, LITTLE_ENDIAN);
    }
}
