package dev.baleen.kernel;

import static jdk.incubator.vector.VectorOperators.I2F;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LSHR;

import dev.baleen.dtype.DType;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;

/// Q5_K: as [Q4KRows], each number having a fifth bit in one of 32 bytes before the others.
final class Q5KRows implements WeightRows {
    private static final int BLOCK_BYTES = 176;
    private static final int HEADER_BYTES = 16;
    private static final int FIFTHS_BYTES = 32;
    private static final int GROUP = 32;
    private static final int GROUPS = 8;
    private static final long LOW = 0x0F0F0F0F0F0F0F0FL;
    private static final long ONE = 0x0101010101010101L;
    private static final int LANES = Vectors.FLOATS.length();
    private static final IntVector FOUR_BITS = IntVector.broadcast(Bytes.INTS, 0x0F);
    /// A fifth bit at the place that it has in a number.
    private static final IntVector FIFTH_BIT = IntVector.broadcast(Bytes.INTS, 0x10);

    @Override
    public DType type() {
        return DType.Q5_K;
    }

    @Override
    public void decode(long address, float[] target, int at, int count) {
        float[] scales = Scratch.mine().scales(KScales.COUNT);
        for (int i = at; i < at + count; i += KScales.BLOCK) {
            KScales.read(address, scales, 0);
            long fifths = address + HEADER_BYTES;
            for (int group = 0; group < GROUPS; group += 2) {
                long lower = fifths + FIFTHS_BYTES + group / 2 * GROUP;
                for (int j = 0; j < GROUP; j += LANES) {
                    decodeTwo(lower + j, fifths + j, scales, group, target, i + group * GROUP + j);
                }
            }
            address += BLOCK_BYTES;
        }
    }

    @Override
    public void products(long first, long second, int columns, float[] x, int from, float[] sums) {
        Scratch scratch = Scratch.mine();
        byte[] numbers = scratch.numbers;
        float[] scales = scratch.scales(UnpackedSums.SCALES);
        UnpackedSums.clear(sums);
        for (int k = 0; k < columns; k += UnpackedSums.COLUMNS) {
            int count = Math.min(UnpackedSums.COLUMNS, columns - k);
            int blocks = count / KScales.BLOCK;
            for (int row = 0; row < 2; row++) {
                long address = row == 0 ? first : second;
                for (int block = 0; block < blocks; block++) {
                    unpack(address + HEADER_BYTES, numbers, row * UnpackedSums.COLUMNS + block * KScales.BLOCK);
                    KScales.read(address, scales, row * UnpackedSums.SECOND + block * KScales.COUNT);
                    address += BLOCK_BYTES;
                }
            }
            UnpackedSums.addAboveMinimums(numbers, scales, count, x, from + k, sums);
            first += (long) blocks * BLOCK_BYTES;
            second += (long) blocks * BLOCK_BYTES;
        }
    }

    /// A block's numbers as bytes, eight at once; its fifth bits begin at `fifths`.
    private static void unpack(long fifths, byte[] numbers, int at) {
        for (int j = 0; j < GROUP; j += Long.BYTES) {
            long bits = Memory.getLong(fifths + j);
            for (int group = 0; group < GROUPS; group += 2) {
                long bytes = Memory.getLong(fifths + FIFTHS_BYTES + group / 2 * GROUP + j);
                long next = bytes >>> 4 & LOW | (bits >>> group + 1 & ONE) << 4;
                PackedBytes.put(numbers, at + group * GROUP + j, bytes & LOW | (bits >>> group & ONE) << 4);
                PackedBytes.put(numbers, at + (group + 1) * GROUP + j, next);
            }
        }
    }

    /// Weights of a group and of the next.
    private static void decodeTwo(long lower, long fifths, float[] scales, int group, float[] target, int at) {
        IntVector bytes = Bytes.unsigned(lower);
        IntVector bits = Bytes.unsigned(fifths).lanewise(LSHR, group);
        decode(bytes.and(FOUR_BITS), bits.lanewise(LSHL, 4), scales, group, target, at);
        decode(bytes.lanewise(LSHR, 4), bits.lanewise(LSHL, 3), scales, group + 1, target, at + GROUP);
    }

    private static void decode(IntVector lower, IntVector fifth, float[] scales, int group, float[] target, int at) {
        IntVector numbers = fifth.and(FIFTH_BIT).or(lower);
        FloatVector minimum = FloatVector.broadcast(Vectors.FLOATS, scales[group + KScales.MINIMUMS]);
        FloatVector scale = FloatVector.broadcast(Vectors.FLOATS, scales[group]);
        ((FloatVector) numbers.convertShape(I2F, Vectors.FLOATS, 0))
                .fma(scale, minimum)
                .intoArray(target, at);
    }
}
