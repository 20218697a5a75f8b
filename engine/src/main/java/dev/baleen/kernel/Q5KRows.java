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
    private static final int LANES = Vectors.FLOATS.length();

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
            for (int group = 0; group < GROUPS; group++) {
                long lower = fifths + FIFTHS_BYTES + group / 2 * GROUP;
                decodeGroup(lower, fifths, scales, group, target, i + group * GROUP);
            }
            address += BLOCK_BYTES;
        }
    }

    private static void decodeGroup(long lower, long fifths, float[] scales, int group, float[] target, int at) {
        FloatVector scale = FloatVector.broadcast(Vectors.FLOATS, scales[group]);
        FloatVector minimum = FloatVector.broadcast(Vectors.FLOATS, scales[group + KScales.MINIMUMS]);
        for (int j = 0; j < GROUP; j += LANES) {
            IntVector four =
                    Bytes.unsigned(lower + j).lanewise(LSHR, group % 2 * 4).and(15);
            IntVector fifth =
                    Bytes.unsigned(fifths + j).lanewise(LSHR, group).and(1).lanewise(LSHL, 4);
            FloatVector numbers = (FloatVector) four.or(fifth).convertShape(I2F, Vectors.FLOATS, 0);
            numbers.fma(scale, minimum).intoArray(target, at + j);
        }
    }
}
