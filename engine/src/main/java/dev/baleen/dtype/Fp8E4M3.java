package dev.baleen.dtype;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;

/// A sign, four bits of exponent (bias 7) and three of fraction, without infinities: `S.1111.111` is NaN and 448 the
/// largest number (OCP 8-bit Floating Point Specification 1.0, table 1; arXiv 2209.05433).
final class Fp8E4M3 implements BlockFormat {
    private static final float LARGEST = 448;
    /// What each byte means.
    private static final float[] VALUES = new float[256];

    static {
        for (int bits = 0; bits < VALUES.length; bits++) {
            VALUES[bits] = value(bits);
        }
    }

    private static float value(int bits) {
        int exponent = bits >> 3 & 0xF;
        int fraction = bits & 7;
        float sign = bits < 0x80 ? 1 : -1;
        if (exponent == 0xF && fraction == 7) {
            return Float.NaN;
        }
        return exponent == 0 ? sign * Math.scalb(fraction, -9) : sign * Math.scalb(8 + fraction, exponent - 10);
    }

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
            target[targetIndex + i] = VALUES[source.get(JAVA_BYTE, sourceOffset + i) & 0xFF];
        }
    }

    /// Rounds to nearest, ties to even; what is larger than 448 becomes 448, a NaN stays one.
    @Override
    public void encode(float[] source, int sourceIndex, int count, MemorySegment target, long targetOffset) {
        for (int i = 0; i < count; i++) {
            target.set(JAVA_BYTE, targetOffset + i, round(source[sourceIndex + i]));
        }
    }

    private static byte round(float value) {
        int sign = Float.floatToRawIntBits(value) >>> 24 & 0x80;
        if (Float.isNaN(value)) {
            return (byte) (sign | 0x7F);
        }
        float magnitude = Math.min(Math.abs(value), LARGEST);
        int exponent = Math.max(Math.getExponent(magnitude), -6);
        // The step between neighbours is 2^(exponent - 3); rint rounds ties to even.
        int steps = (int) Math.rint(Math.scalb(magnitude, 3 - exponent));
        return (byte) (sign | (exponent + 6 << 3) + steps);
    }
}
