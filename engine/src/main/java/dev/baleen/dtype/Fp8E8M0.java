package dev.baleen.dtype;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;

/// An exponent alone: byte `b` is 2^(b − 127), and 255 is NaN (OCP Microscaling Formats 1.0, §5.4.1).
final class Fp8E8M0 implements BlockFormat {
    private static final int BIAS = 127;
    private static final int NAN = 255;

    @Override
    public int elements() {
        return 1;
    }

    @Override
    public int bytes() {
        return 1;
    }

    @Override
    public boolean canEncode() {
        return true;
    }

    @Override
    public void decode(MemorySegment source, long sourceOffset, float[] target, int targetIndex, int count) {
        for (int i = 0; i < count; i++) {
            int bits = source.get(JAVA_BYTE, sourceOffset + i) & 0xFF;
            target[targetIndex + i] = bits == NAN ? Float.NaN : Math.scalb(1f, bits - BIAS);
        }
    }

    /// Rounds up to a power of two, as DeepSeek does with scales (`ue8m0`), so that what was scaled still fits.
    ///
    /// What is not positive, or too small, becomes the smallest power.
    @Override
    public void encode(float[] source, int sourceIndex, int count, MemorySegment target, long targetOffset) {
        for (int i = 0; i < count; i++) {
            float value = source[sourceIndex + i];
            int bits = Float.isNaN(value) ? NAN : value > 0 ? Math.clamp(ceilLog2(value) + BIAS, 0, NAN - 1) : 0;
            target.set(JAVA_BYTE, targetOffset + i, (byte) bits);
        }
    }

    private static int ceilLog2(float value) {
        int exponent = Math.getExponent(value);
        if (exponent < Float.MIN_EXPONENT) {
            return exponent;
        }
        return value > Math.scalb(1f, exponent) ? exponent + 1 : exponent;
    }
}
