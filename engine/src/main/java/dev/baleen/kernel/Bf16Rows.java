package dev.baleen.kernel;

import dev.baleen.dtype.DType;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/// BF16 in registers: the upper half of a single is shifted to its place. Bound by memory, 2 bytes for each weight.
final class Bf16Rows implements WeightRows {
    private static final int LANES = Vectors.FLOATS.length();
    private static final int PARTS = SixteenSums.PARTS;

    @Override
    public DType type() {
        return DType.BF16;
    }

    @Override
    public void decode(long address, float[] target, int at, int count) {
        int i = 0;
        for (; i + LANES <= count; i += LANES) {
            weights(address + i * (long) Short.BYTES).intoArray(target, at + i);
        }
        for (; i < count; i++) {
            target[at + i] = weight(address + i * (long) Short.BYTES);
        }
    }

    @Override
    public void products(long first, long second, int columns, float[] x, int from, float[] sums) {
        int whole = columns & -PARTS;
        for (int part = 0; part < PARTS; part += LANES) {
            FloatVector a = FloatVector.zero(Vectors.FLOATS);
            FloatVector b = a;
            for (int i = part; i < whole; i += PARTS) {
                FloatVector input = FloatVector.fromArray(Vectors.FLOATS, x, from + i);
                a = weights(first + i * (long) Short.BYTES).fma(input, a);
                b = weights(second + i * (long) Short.BYTES).fma(input, b);
            }
            a.intoArray(sums, part);
            b.intoArray(sums, PARTS + part);
        }
        for (int i = whole; i < columns; i++) {
            int part = i - whole;
            sums[part] = Math.fma(weight(first + i * (long) Short.BYTES), x[from + i], sums[part]);
            sums[PARTS + part] = Math.fma(weight(second + i * (long) Short.BYTES), x[from + i], sums[PARTS + part]);
        }
    }

    private static FloatVector weights(long address) {
        IntVector bits = Shorts.load(address);
        return bits.lanewise(VectorOperators.LSHL, Short.SIZE).reinterpretAsFloats();
    }

    private static float weight(long address) {
        return Float.intBitsToFloat(Memory.getShort(address) << Short.SIZE);
    }
}
