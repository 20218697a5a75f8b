package dev.baleen.dtype;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;

/// 34 bytes for 32 numbers: a half-precision scale `d`, then 32 signed bytes `q`; each number is `d * q`.
final class Q8_0 implements BlockFormat {
    static final int ELEMENTS = 32;
    static final int BYTES = 2 + ELEMENTS;

    @Override
    public int elements() {
        return ELEMENTS;
    }

    @Override
    public int bytes() {
        return BYTES;
    }

    @Override
    public void decode(MemorySegment source, long sourceOffset, float[] target, int targetIndex, int count) {
        for (int i = 0; i < count; i += ELEMENTS, sourceOffset += BYTES) {
            float scale = Float.float16ToFloat(source.get(F16.SHORT, sourceOffset));
            for (int j = 0; j < ELEMENTS; j++) {
                target[targetIndex + i + j] = scale * source.get(JAVA_BYTE, sourceOffset + 2 + j);
            }
        }
    }

    @Override
    public boolean canEncode() {
        return true;
    }

    /// The scale is `max |x| / 127`, each quotient is rounded half away from zero, and the quotient is taken
    /// with the scale before that is rounded to half precision, as GGUF's reference encoder does.
    @Override
    public void encode(float[] source, int sourceIndex, int count, MemorySegment target, long targetOffset) {
        for (int i = 0; i < count; i += ELEMENTS, targetOffset += BYTES) {
            float largest = 0;
            for (int j = 0; j < ELEMENTS; j++) {
                largest = Math.max(largest, Math.abs(source[sourceIndex + i + j]));
            }
            float scale = largest / 127;
            float inverse = scale == 0 ? 0 : 1 / scale;
            target.set(F16.SHORT, targetOffset, Float.floatToFloat16(scale));
            for (int j = 0; j < ELEMENTS; j++) {
                float quotient = source[sourceIndex + i + j] * inverse;
                int rounded = (int) (Math.abs(quotient) + 0.5f);
                target.set(JAVA_BYTE, targetOffset + 2 + j, (byte) (quotient < 0 ? -rounded : rounded));
            }
        }
    }
}
