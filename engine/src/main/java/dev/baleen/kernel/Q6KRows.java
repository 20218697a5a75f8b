package dev.baleen.kernel;

import static jdk.incubator.vector.VectorOperators.I2F;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LSHR;

import dev.baleen.dtype.DType;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;

/// Q6_K: groups of sixteen whose numbers have four bits in one place and two in another. All but the last rounding,
/// which is a multiply-add's, is exact: 11 bits of the block's scale, 8 of the group's and 6 of the number.
final class Q6KRows implements WeightRows {
    private static final int BLOCK_BYTES = 210;
    private static final int UPPER = 128;
    private static final int SCALES = 192;
    private static final int SCALE = 208;
    private static final int GROUP = 16;
    private static final int GROUPS = 16;
    private static final int OFFSET = 32;
    private static final int LANES = Vectors.FLOATS.length();

    @Override
    public DType type() {
        return DType.Q6_K;
    }

    @Override
    public void decode(long address, float[] target, int at, int count) {
        float[] scales = Scratch.mine().scales(GROUPS);
        for (int i = at; i < at + count; i += KScales.BLOCK) {
            readScales(address, scales);
            for (int group = 0; group < GROUPS; group++) {
                decodeGroup(address, scales, group, target, i + group * GROUP);
            }
            address += BLOCK_BYTES;
        }
    }

    private static void readScales(long address, float[] scales) {
        float scale = Halves.at(address + SCALE);
        for (int i = 0; i < GROUPS; i += LANES) {
            FloatVector units = (FloatVector) Bytes.signed(address + SCALES + i).convertShape(I2F, Vectors.FLOATS, 0);
            units.mul(scale).intoArray(scales, i);
        }
    }

    private static void decodeGroup(long address, float[] scales, int group, float[] target, int at) {
        // A half of the block, 128 weights, is 64 bytes of lower bits and 32 of upper ones.
        long lower = address + group / 8 * 64 + group % 4 * GROUP;
        long upper = address + UPPER + group / 8 * 32 + group % 2 * GROUP;
        FloatVector scale = FloatVector.broadcast(Vectors.FLOATS, scales[group]);
        for (int j = 0; j < GROUP; j += LANES) {
            IntVector four =
                    Bytes.unsigned(lower + j).lanewise(LSHR, group / 4 % 2 * 4).and(15);
            IntVector two = Bytes.unsigned(upper + j)
                    .lanewise(LSHR, group / 2 % 4 * 2)
                    .and(3)
                    .lanewise(LSHL, 4);
            IntVector numbers = four.or(two).sub(OFFSET);
            ((FloatVector) numbers.convertShape(I2F, Vectors.FLOATS, 0))
                    .mul(scale)
                    .intoArray(target, at + j);
        }
    }
}
