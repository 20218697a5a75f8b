package dev.baleen.kernel;

import static jdk.incubator.vector.VectorOperators.I2F;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;

/// The scales and minimums of Q4_K and Q5_K, unpacked: sixteen singles a block of 256 weights, of which the first eight
/// are the groups' scales and the others what is to be added to a weight, the minimums with their sign turned.
///
/// In a block the two numbers that they are multiples of come first, in half precision, then twelve bytes of six-bit
/// integers: the lower six bits of four scales, then of four minimums, then the other four's lower four bits, scales in
/// the low halves; the upper two bits of these are what the first eight bytes have left. Eight bytes are taken apart at
/// once.
///
/// They are unpacked for whole rows ahead of the products: done at each block, it holds up the multiply-adds (6.6
/// against 7.5 GB/s of Q4_K from the cache, Zen 4).
final class KScales {
    /// Weights of a block.
    static final int BLOCK = 256;
    /// Singles of a block.
    static final int COUNT = 16;
    /// Where a block's minimums begin.
    static final int MINIMUMS = 8;

    private static final int LANES = Vectors.FLOATS.length();
    private static final long SIX_BITS = 0x3F3F3F3FL;
    private static final long FOUR_BITS = 0x0F0F0F0FL << 32;
    private static final long TWO_BITS = 0x30303030L << 32;
    private static final VectorMask<Float> UPPER_HALF = VectorMask.fromLong(Vectors.FLOATS, 0xFF00);

    private KScales() {}

    /// Those of two rows of `columns` weights, by turns: of each block the first row's go before the second's.
    static void read(long first, long second, int blockBytes, int columns, float[] target) {
        long end = first + (long) columns / BLOCK * blockBytes;
        int at = 0;
        // Not counted, or the compiler prepares checks for thousands of rounds where there are eight.
        while (first != end) {
            read(first, target, at);
            read(second, target, at + COUNT);
            first += blockBytes;
            second += blockBytes;
            at += 2 * COUNT;
        }
    }

    /// Those of the block at `address`, to `target[at..]`.
    static void read(long address, float[] target, int at) {
        long first = Memory.getLong(address);
        long second = Memory.getLong(address + Long.BYTES);
        float scale = Halves.VALUES[(int) first & 0xFFFF];
        float minimum = -Halves.VALUES[(int) first >>> Short.SIZE];
        // The numbers of groups 0 to 3 in the lower half, of groups 4 to 7 in the upper.
        long scales = first >>> 32 & SIX_BITS | second & FOUR_BITS | first >>> 2 & TWO_BITS;
        long minimums = second & SIX_BITS | second >>> 4 & FOUR_BITS | second << 30 & TWO_BITS;
        if (LANES == COUNT) {
            FloatVector unit = FloatVector.broadcast(Vectors.FLOATS, scale).blend(minimum, UPPER_HALF);
            floats(Bytes.sixteen(scales, minimums)).mul(unit).intoArray(target, at);
        } else {
            for (int i = 0; i < MINIMUMS; i += LANES) {
                floats(Bytes.lowest(scales >>> i * Byte.SIZE)).mul(scale).intoArray(target, at + i);
                floats(Bytes.lowest(minimums >>> i * Byte.SIZE)).mul(minimum).intoArray(target, at + MINIMUMS + i);
            }
        }
    }

    private static FloatVector floats(IntVector integers) {
        return (FloatVector) integers.convertShape(I2F, Vectors.FLOATS, 0);
    }
}
