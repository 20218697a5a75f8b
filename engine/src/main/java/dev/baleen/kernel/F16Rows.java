package dev.baleen.kernel;

import dev.baleen.dtype.DType;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/// F16 in registers. The Vector API has no halves, so the bits are moved to where a single has them and the exponent is
/// set right by integers: a dozen instructions for a vector, which still keeps up with memory on two cores.
///
/// Multiplying the moved bits by 2^112 would do in three, but its inputs are subnormal singles for the very common
/// small weights, and many processors take a hundred cycles for each.
final class F16Rows implements WeightRows {
    private static final int LANES = Vectors.FLOATS.length();
    private static final int PARTS = SixteenSums.PARTS;

    @Override
    public DType type() {
        return DType.F16;
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

    private static final int SIGN = 0x8000;
    private static final int INFINITY = 0x7C00;
    private static final int SMALLEST_NORMAL = 0x0400;
    private static final int FRACTION_SHIFT = 13;
    /// What separates the two exponents: 127 - 15.
    private static final int REBIAS = 112 << 23;
    /// The smallest normal half as a single: subnormal halves are fractions of its exponent, too large by just it.
    private static final int SMALLEST = 113 << 23;

    private static FloatVector weights(long address) {
        IntVector half = Shorts.load(address);
        IntVector magnitude = half.and(0x7FFF);
        IntVector moved = magnitude.lanewise(VectorOperators.LSHL, FRACTION_SHIFT);
        IntVector subnormal = moved.add(SMALLEST)
                .reinterpretAsFloats()
                .sub(Float.intBitsToFloat(SMALLEST))
                .reinterpretAsInts();
        IntVector single = moved.add(REBIAS)
                .blend(moved.add(2 * REBIAS), magnitude.compare(VectorOperators.GE, INFINITY))
                .blend(subnormal, magnitude.compare(VectorOperators.LT, SMALLEST_NORMAL));
        IntVector sign = half.and(SIGN).lanewise(VectorOperators.LSHL, Short.SIZE);
        return single.or(sign).reinterpretAsFloats();
    }

    private static float weight(long address) {
        return Float.float16ToFloat(Memory.getShort(address));
    }
}
