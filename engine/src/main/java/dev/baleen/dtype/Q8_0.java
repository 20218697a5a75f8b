package dev.baleen.dtype;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;

/// 34 bytes for 32 numbers: a half-precision scale `d`, then 32 signed bytes `q`; each number is `d * q`.
final class Q8_0 implements WritableBlocks {
    @Override
    public int elements() {
        return 32;
    }

    @Override
    public int bytes() {
        return 2 + 32;
    }

    @Override
    public void decodeBlock(MemorySegment source, long at, float[] target, int index) {
        float d = Fields.half(source, at);
        for (int j = 0; j < 32; j++) {
            target[index + j] = d * source.get(JAVA_BYTE, at + 2 + j);
        }
    }

    /// The scale is `max |x| / 127`, each quotient is rounded half away from zero, and the quotient is taken
    /// with the scale before that is rounded to half precision, as GGUF's reference encoder does.
    @Override
    public void encodeBlock(float[] x, int index, MemorySegment target, long at) {
        float largest = 0;
        for (int i = index; i < index + 32; i++) {
            largest = Math.max(largest, Math.abs(x[i]));
        }
        float d = largest / 127;
        Fields.setHalf(target, at, d);
        float inverse = d == 0 ? 0 : 1 / d;
        for (int j = 0; j < 32; j++) {
            float quotient = x[index + j] * inverse;
            int rounded = (int) Math.min(127, Math.abs(quotient) + 0.5f);
            Fields.setInt8(target, at + 2 + j, quotient < 0 ? -rounded : rounded);
        }
    }

    /// With steps as fine as these there is nothing to choose.
    @Override
    public void encodeBlock(float[] x, int index, float[] weights, int weightIndex, MemorySegment target, long at) {
        encodeBlock(x, index, target, at);
    }
}
