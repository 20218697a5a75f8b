package dev.baleen.kernel;

import static jdk.incubator.vector.VectorOperators.I2F;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LSHR;

import dev.baleen.dtype.DType;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;

/// Q5_0: as [Q4Rows], each number having a fifth bit in a word of its block.
final class Q5Rows implements WeightRows {
    private static final int BLOCK = 32;
    private static final int BLOCK_BYTES = 22;
    private static final int FIFTHS = 2;
    private static final int LOWER = 6;
    private static final int OFFSET = 16;
    private static final int BLOCK_SHIFT = 5;
    private static final long LOW = 0x0F0F0F0F0F0F0F0FL;
    private static final long[] BELOW_ZERO = belowZero();
    private static final int LANES = Vectors.FLOATS.length();
    private static final int PARTS = SixteenSums.PARTS;
    private static final IntVector LANE = IntVector.zero(Bytes.INTS).addIndex(1);

    @Override
    public DType type() {
        return DType.Q5_0;
    }

    @Override
    public void decode(long address, float[] target, int at, int count) {
        for (int i = at; i < at + count; i += BLOCK) {
            FloatVector scale = FloatVector.broadcast(Vectors.FLOATS, Halves.at(address));
            int fifths = Memory.getInt(address + FIFTHS);
            for (int part = 0; part < PARTS; part += LANES) {
                IntVector bytes = Bytes.unsigned(address + LOWER + part);
                // Each lane's own bit is its lowest, and the bit of the number sixteen further is sixteen higher.
                IntVector bits =
                        IntVector.broadcast(Bytes.INTS, fifths >>> part).lanewise(LSHR, LANE);
                IntVector low = bytes.and(15).or(bits.and(1).lanewise(LSHL, 4));
                IntVector high =
                        bytes.lanewise(LSHR, 4).or(bits.lanewise(LSHR, 12).and(16));
                weights(low, scale).intoArray(target, i + part);
                weights(high, scale).intoArray(target, i + PARTS + part);
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
            unpack(first, count, numbers, 0, scales, 0);
            unpack(second, count, numbers, UnpackedSums.COLUMNS, scales, UnpackedSums.SECOND);
            UnpackedSums.add(numbers, scales, BLOCK_SHIFT, count, x, from + k, sums);
            first += (long) count / BLOCK * BLOCK_BYTES;
            second += (long) count / BLOCK * BLOCK_BYTES;
        }
    }

    /// Numbers as bytes, and a scale for each block. Eight bytes at once are a long: below zero where the fifth
    /// bit is not set, so that it is the four bits alone, and else these with four more set before them.
    private static void unpack(long address, int count, byte[] numbers, int at, float[] scales, int scale) {
        for (int i = at; i < at + count; i += BLOCK) {
            scales[scale++] = Halves.at(address);
            int fifths = Memory.getInt(address + FIFTHS);
            long first = Memory.getLong(address + LOWER);
            long second = Memory.getLong(address + LOWER + Long.BYTES);
            PackedBytes.put(numbers, i, first & LOW | BELOW_ZERO[fifths & 0xFF]);
            PackedBytes.put(numbers, i + 8, second & LOW | BELOW_ZERO[fifths >>> 8 & 0xFF]);
            PackedBytes.put(numbers, i + 16, first >>> 4 & LOW | BELOW_ZERO[fifths >>> 16 & 0xFF]);
            PackedBytes.put(numbers, i + 24, second >>> 4 & LOW | BELOW_ZERO[fifths >>> 24]);
            address += BLOCK_BYTES;
        }
    }

    /// For each eight bits, eight bytes: 0 where the bit is set, and else the upper half of a number below zero.
    private static long[] belowZero() {
        long[] table = new long[256];
        for (int bits = 0; bits < table.length; bits++) {
            for (int bit = 0; bit < Byte.SIZE; bit++) {
                table[bits] |= (bits >> bit & 1) == 1 ? 0 : 0xF0L << bit * Byte.SIZE;
            }
        }
        return table;
    }

    private static FloatVector weights(IntVector numbers, FloatVector scale) {
        return ((FloatVector) numbers.sub(OFFSET).convertShape(I2F, Vectors.FLOATS, 0)).mul(scale);
    }
}
