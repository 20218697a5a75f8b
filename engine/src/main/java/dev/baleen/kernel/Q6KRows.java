package dev.baleen.kernel;

import static jdk.incubator.vector.VectorOperators.I2F;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LSHR;

import dev.baleen.dtype.DType;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;

/// Q6_K: groups of sixteen whose numbers have four bits in one place and two in another. All but the last rounding,
/// which is a multiply-add's, is exact: 11 bits of the block's scale, 8 of the group's and 6 of the number.
final class Q6KRows implements WeightRows {
    private static final int BLOCK_BYTES = 210;
    private static final int UPPER = 128;
    private static final int SCALES = 192;
    private static final int SCALE = 208;
    private static final int GROUPS = 16;
    private static final int HALF = 128;
    private static final int GROUP_SHIFT = 4;
    private static final byte LOW = 0x0F;
    private static final byte PAIR = 0x30;
    private static final byte MIDDLE = 32;
    private static final int LANES = Vectors.FLOATS.length();
    private static final IntVector FOUR_BITS = IntVector.broadcast(Bytes.INTS, 0x0F);
    /// Two bits at the place that they have in a number.
    private static final IntVector TWO_BITS = IntVector.broadcast(Bytes.INTS, 0x30);
    private static final IntVector OFFSET = IntVector.broadcast(Bytes.INTS, 32);

    @Override
    public DType type() {
        return DType.Q6_K;
    }

    @Override
    public void decode(long address, float[] target, int at, int count) {
        float[] scales = Scratch.mine().scales(GROUPS);
        for (int i = at; i < at + count; i += KScales.BLOCK) {
            readScales(address, scales, 0);
            for (int half = 0; half < 2; half++) {
                long lower = address + half * 64;
                long upper = address + UPPER + half * 32;
                for (int j = 0; j < 32; j += LANES) {
                    decodeFour(lower + j, upper + j, scales, half * 8 + j / 16, target, i + half * HALF + j);
                }
            }
            address += BLOCK_BYTES;
        }
    }

    private static void readScales(long address, float[] scales, int at) {
        float scale = Halves.at(address + SCALE);
        for (int i = 0; i < GROUPS; i += LANES) {
            FloatVector units = (FloatVector) Bytes.signed(address + SCALES + i).convertShape(I2F, Vectors.FLOATS, 0);
            units.mul(scale).intoArray(scales, at + i);
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
                    unpack(address, numbers, row * UnpackedSums.COLUMNS + block * KScales.BLOCK);
                    readScales(address, scales, row * UnpackedSums.SECOND + block * GROUPS);
                    address += BLOCK_BYTES;
                }
            }
            UnpackedSums.add(numbers, scales, GROUP_SHIFT, count, x, from + k, sums);
            first += (long) blocks * BLOCK_BYTES;
            second += (long) blocks * BLOCK_BYTES;
        }
    }

    /// A block's numbers as bytes.
    private static void unpack(long address, byte[] numbers, int at) {
        for (int half = 0; half < 2; half++) {
            for (int j = 0; j < 32; j += PackedBytes.COUNT) {
                ByteVector first = PackedBytes.load(address + half * 64 + j);
                ByteVector second = PackedBytes.load(address + half * 64 + 32 + j);
                ByteVector pairs = PackedBytes.load(address + UPPER + half * 32 + j);
                int target = at + half * HALF + j;
                store(first.and(LOW), PackedBytes.shiftLeft(pairs, 4), numbers, target);
                store(second.and(LOW), PackedBytes.shiftLeft(pairs, 2), numbers, target + 32);
                store(PackedBytes.shiftRight(first, 4).and(LOW), pairs, numbers, target + 64);
                store(
                        PackedBytes.shiftRight(second, 4).and(LOW),
                        PackedBytes.shiftRight(pairs, 2),
                        numbers,
                        target + 96);
            }
        }
    }

    private static void store(ByteVector lower, ByteVector upper, byte[] numbers, int at) {
        upper.and(PAIR).or(lower).sub(MIDDLE).intoArray(numbers, at);
    }

    /// Weights that lie 32 apart: of each upper byte all four.
    private static void decodeFour(long lower, long upper, float[] scales, int group, float[] target, int at) {
        IntVector first = Bytes.unsigned(lower);
        IntVector second = Bytes.unsigned(lower + 32);
        IntVector pairs = Bytes.unsigned(upper);
        decode(first.and(FOUR_BITS), pairs.lanewise(LSHL, 4), scales[group], target, at);
        decode(second.and(FOUR_BITS), pairs.lanewise(LSHL, 2), scales[group + 2], target, at + 32);
        decode(first.lanewise(LSHR, 4), pairs, scales[group + 4], target, at + 64);
        decode(second.lanewise(LSHR, 4), pairs.lanewise(LSHR, 2), scales[group + 6], target, at + 96);
    }

    private static void decode(IntVector lower, IntVector upper, float scale, float[] target, int at) {
        IntVector numbers = upper.and(TWO_BITS).or(lower).sub(OFFSET);
        ((FloatVector) numbers.convertShape(I2F, Vectors.FLOATS, 0)).mul(scale).intoArray(target, at);
    }
}
