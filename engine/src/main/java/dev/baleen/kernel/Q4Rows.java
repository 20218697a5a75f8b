package dev.baleen.kernel;

import static jdk.incubator.vector.VectorOperators.I2F;
import static jdk.incubator.vector.VectorOperators.LSHR;

import dev.baleen.dtype.DType;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;

/// Q4_0 in registers: bytes become integers, each half of one a number from -8 to 7 times the block's scale.
///
/// With sixteen lanes the block's sixteen possible weights are multiplied out once and picked by the half-bytes, in one
/// instruction where conversion and multiplication are two.
final class Q4Rows implements WeightRows {
    private static final int BLOCK = 32;
    private static final int BLOCK_BYTES = 18;
    private static final int SCALE_BYTES = 2;
    private static final int LANES = Vectors.FLOATS.length();
    private static final int PARTS = SixteenSums.PARTS;
    private static final boolean PICKS = LANES == 16;
    private static final int OFFSET = 8;
    private static final FloatVector NUMBERS =
            FloatVector.zero(Vectors.FLOATS).addIndex(1).sub(OFFSET);

    @Override
    public DType type() {
        return DType.Q4_0;
    }

    @Override
    public void decode(long address, float[] target, int at, int count) {
        for (int i = at; i < at + count; i += BLOCK) {
            float scale = Halves.at(address);
            FloatVector block = PICKS ? NUMBERS.mul(scale) : FloatVector.broadcast(Vectors.FLOATS, scale);
            for (int part = 0; part < PARTS; part += LANES) {
                IntVector bytes = Bytes.unsigned(address + SCALE_BYTES + part);
                weights(bytes.and(15), block).intoArray(target, i + part);
                weights(bytes.lanewise(LSHR, 4), block).intoArray(target, i + PARTS + part);
            }
            address += BLOCK_BYTES;
        }
    }

    @Override
    public void products(long first, long second, int columns, float[] x, int from, float[] sums) {
        for (int part = 0; part < PARTS; part += LANES) {
            part(first, second, columns, x, from + part, sums, part);
        }
    }

    private static void part(long first, long second, int columns, float[] x, int from, float[] sums, int part) {
        FloatVector a = FloatVector.zero(Vectors.FLOATS);
        FloatVector b = a;
        for (int i = from; i < from + columns; i += BLOCK) {
            IntVector aBytes = Bytes.unsigned(first + SCALE_BYTES + part);
            IntVector bBytes = Bytes.unsigned(second + SCALE_BYTES + part);
            FloatVector aBlock = FloatVector.broadcast(Vectors.FLOATS, Halves.at(first));
            FloatVector bBlock = FloatVector.broadcast(Vectors.FLOATS, Halves.at(second));
            if (PICKS) {
                aBlock = NUMBERS.mul(aBlock);
                bBlock = NUMBERS.mul(bBlock);
            }
            FloatVector x0 = FloatVector.fromArray(Vectors.FLOATS, x, i);
            FloatVector x1 = FloatVector.fromArray(Vectors.FLOATS, x, i + PARTS);
            a = weights(aBytes.and(15), aBlock).fma(x0, a);
            b = weights(bBytes.and(15), bBlock).fma(x0, b);
            a = weights(aBytes.lanewise(LSHR, 4), aBlock).fma(x1, a);
            b = weights(bBytes.lanewise(LSHR, 4), bBlock).fma(x1, b);
            first += BLOCK_BYTES;
            second += BLOCK_BYTES;
        }
        a.intoArray(sums, part);
        b.intoArray(sums, PARTS + part);
    }

    /// The weights of a block that half-bytes stand for; `block` holds all sixteen, or in every lane the scale.
    private static FloatVector weights(IntVector halfBytes, FloatVector block) {
        return PICKS
                ? halfBytes.selectFrom(block.reinterpretAsInts()).reinterpretAsFloats()
                : ((FloatVector) halfBytes.sub(OFFSET).convertShape(I2F, Vectors.FLOATS, 0)).mul(block);
    }
}
