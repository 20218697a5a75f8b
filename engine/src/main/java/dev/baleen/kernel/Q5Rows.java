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

    private static FloatVector weights(IntVector numbers, FloatVector scale) {
        return ((FloatVector) numbers.sub(OFFSET).convertShape(I2F, Vectors.FLOATS, 0)).mul(scale);
    }
}
