package dev.baleen.kernel;

import static jdk.incubator.vector.VectorOperators.LSHL;

import dev.baleen.dtype.BlockFormat;
import dev.baleen.dtype.DType;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;

/// FP8 E4M3 in registers: exponent and fraction are moved to where a single has them.
///
/// A number whose exponent bits are zero has no leading one, and means `2 F - 2^-6` where F is what it would mean with
/// one. That is less than F exactly for these, so the smaller of the two is right for all.
final class Fp8Rows implements WeightRows {
    private static final int LANES = Vectors.FLOATS.length();
    /// From the fraction's place in a byte to its place in a single.
    private static final int SHIFT = 20;

    private static final IntVector MAGNITUDE = IntVector.broadcast(Bytes.INTS, 0x7F << SHIFT);
    /// What separates the exponents' biases: 127 - 7.
    private static final IntVector REBIAS = IntVector.broadcast(Bytes.INTS, 120 << 23);
    private static final FloatVector SMALLEST_NORMAL = FloatVector.broadcast(Vectors.FLOATS, 0x1p-6f);
    private static final IntVector NAN = IntVector.broadcast(Bytes.INTS, 0x7FC00000);
    private static final IntVector SIGN = IntVector.broadcast(Bytes.INTS, 1 << 31);
    private static final BlockFormat FORMAT = DType.F8_E4M3.format();

    @Override
    public DType type() {
        return DType.F8_E4M3;
    }

    @Override
    public void decode(long address, float[] target, int at, int count) {
        int whole = count - count % LANES;
        for (int i = 0; i < whole; i += LANES) {
            weights(Bytes.signed(address + i)).intoArray(target, at + i);
        }
        FORMAT.decode(Memory.ALL, address + whole, target, at + whole, count - whole);
    }

    /// What sign-extended bytes mean.
    static FloatVector weights(IntVector bytes) {
        IntVector magnitude = bytes.lanewise(LSHL, SHIFT).lanewise(VectorOperators.AND, MAGNITUDE);
        FloatVector led = magnitude.add(REBIAS).reinterpretAsFloats();
        IntVector unled = led.add(led).sub(SMALLEST_NORMAL).reinterpretAsInts();
        IntVector number = led.reinterpretAsInts().min(unled); // As positive floats compare, so do their bits.
        IntVector known = number.blend(NAN, magnitude.compare(VectorOperators.EQ, MAGNITUDE));
        return known.lanewise(VectorOperators.OR, bytes.lanewise(VectorOperators.AND, SIGN))
                .reinterpretAsFloats();
    }
}
