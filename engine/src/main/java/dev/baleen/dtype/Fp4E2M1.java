package dev.baleen.dtype;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;

/// Four-bit floats, two to a byte, the earlier one in the low half: a sign, two bits of exponent, one of fraction (OCP
/// Microscaling Formats 1.0, table 5).
final class Fp4E2M1 implements BlockFormat {
    /// What each half-byte means.
    static final float[] VALUES = {0, 0.5f, 1, 1.5f, 2, 3, 4, 6, -0f, -0.5f, -1, -1.5f, -2, -3, -4, -6};

    private static final int SIGN = 8;

    @Override
    public int elements() {
        return 2;
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
        for (int i = 0; i < count; i += 2) {
            int bits = source.get(JAVA_BYTE, sourceOffset + i / 2);
            target[targetIndex + i] = VALUES[bits & 0xF];
            target[targetIndex + i + 1] = VALUES[bits >> 4 & 0xF];
        }
    }

    /// Rounds to nearest, ties to the even code; what is larger than 6 becomes 6, and NaN too, for want of one.
    @Override
    public void encode(float[] source, int sourceIndex, int count, MemorySegment target, long targetOffset) {
        for (int i = 0; i < count; i += 2) {
            int bits = round(source[sourceIndex + i]) | round(source[sourceIndex + i + 1]) << 4;
            target.set(JAVA_BYTE, targetOffset + i / 2, (byte) bits);
        }
    }

    private static int round(float value) {
        float magnitude = Math.abs(value);
        int code = 0;
        while (code < SIGN - 1) {
            float middle = (VALUES[code] + VALUES[code + 1]) / 2;
            if (magnitude < middle || magnitude == middle && code % 2 == 0) {
                break;
            }
            code++;
        }
        return Float.floatToRawIntBits(value) < 0 ? code | SIGN : code;
    }
}
