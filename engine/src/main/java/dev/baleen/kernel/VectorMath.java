package dev.baleen.kernel;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/// Exponentials in single precision, alike to the bit in vectors of any width and one by one.
///
/// The library's `exp` is not used: its last bit may differ between interpreter, compilers and platforms, and then two
/// runs of one training would part. The relative error here is below 2e-7.
final class VectorMath {
    /// Above it the result is infinite, a little early: 2^127.5.
    private static final float EXP_MAX = 88.37f;
    /// Below it the result is zero: the smallest normal number.
    private static final float EXP_MIN = -87.33f;

    private static final float LOG2_E = 1.44269504f;
    /// ln 2 in two parts; the first has few bits, so that its product with a small integer is exact.
    private static final float LN2_HIGH = 0.693359375f;

    private static final float LN2_LOW = -2.12194440e-4f;
    /// 1.5 · 2^23 + 127: adding it rounds to an integer, and leaves that integer, biased as an exponent, in the
    /// low bits.
    private static final float ROUNDER = 12583039f;

    private static final int FRACTION_BITS = 23;

    /// exp(r) ≈ 1 + r + r² (C0 + C1 r + … + C5 r⁵) for |r| ≤ ln 2 / 2.
    private static final float C0 = 5.0000001201e-1f;

    private static final float C1 = 1.6666665459e-1f;
    private static final float C2 = 4.1665795894e-2f;
    private static final float C3 = 8.3334519073e-3f;
    private static final float C4 = 1.3981999507e-3f;
    private static final float C5 = 1.9875691500e-4f;

    private VectorMath() {}

    /// e^x; 0 and infinity where single precision ends, NaN for NaN.
    static FloatVector exp(FloatVector x) {
        FloatVector rounded = x.fma(broadcast(LOG2_E), broadcast(ROUNDER));
        FloatVector n = rounded.sub(ROUNDER);
        FloatVector r = n.fma(broadcast(-LN2_LOW), n.fma(broadcast(-LN2_HIGH), x));
        FloatVector p = r.fma(broadcast(C5), broadcast(C4));
        p = p.fma(r, broadcast(C3));
        p = p.fma(r, broadcast(C2));
        p = p.fma(r, broadcast(C1));
        p = p.fma(r, broadcast(C0));
        p = p.fma(r.mul(r), r).add(1);
        FloatVector power = rounded.reinterpretAsInts()
                .lanewise(VectorOperators.LSHL, FRACTION_BITS)
                .reinterpretAsFloats();
        return p.mul(power)
                .blend(0, x.compare(VectorOperators.LT, EXP_MIN))
                .blend(Float.POSITIVE_INFINITY, x.compare(VectorOperators.GT, EXP_MAX));
    }

    /// The same bits as a lane of the vector.
    static float exp(float x) {
        if (x < EXP_MIN) {
            return 0;
        }
        if (x > EXP_MAX) {
            return Float.POSITIVE_INFINITY;
        }
        float rounded = Math.fma(x, LOG2_E, ROUNDER);
        float n = rounded - ROUNDER;
        float r = Math.fma(n, -LN2_LOW, Math.fma(n, -LN2_HIGH, x));
        float p = Math.fma(r, C5, C4);
        p = Math.fma(p, r, C3);
        p = Math.fma(p, r, C2);
        p = Math.fma(p, r, C1);
        p = Math.fma(p, r, C0);
        p = Math.fma(p, r * r, r) + 1;
        return p * Float.intBitsToFloat(Float.floatToRawIntBits(rounded) << FRACTION_BITS);
    }

    /// 1 / (1 + e^-x).
    static FloatVector sigmoid(FloatVector x) {
        return broadcast(1).div(exp(x.neg()).add(1));
    }

    /// The same bits as a lane of the vector.
    static float sigmoid(float x) {
        return 1 / (1 + exp(-x));
    }

    private static FloatVector broadcast(float value) {
        return FloatVector.broadcast(Vectors.FLOATS, value);
    }
}
