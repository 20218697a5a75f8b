package dev.baleen.dtype;

import java.lang.foreign.MemorySegment;

/// 18 bytes for 32 numbers: a half-precision scale `d`, then sixteen bytes with two 4-bit numbers `q` each, whose
/// low halves are numbers 0 to 15 and whose high halves are numbers 16 to 31; each number is `d * (q - 8)`.
final class Q4_0 implements WritableBlocks {
    @Override
    public int elements() {
        return 32;
    }

    @Override
    public int bytes() {
        return 2 + 16;
    }

    @Override
    public void decodeBlock(MemorySegment source, long at, float[] target, int index) {
        float d = Fields.half(source, at);
        for (int j = 0; j < 16; j++) {
            int q = Fields.uint8(source, at + 2 + j);
            target[index + j] = d * ((q & 15) - 8);
            target[index + 16 + j] = d * ((q >> 4) - 8);
        }
    }

    /// The number of the largest magnitude becomes -8, and the others are rounded with the scale before that is
    /// rounded to half precision, as GGUF's reference encoder does.
    @Override
    public void encodeBlock(float[] x, int index, MemorySegment target, long at) {
        float largest = 0;
        for (int i = index; i < index + 32; i++) {
            largest = Math.abs(x[i]) > Math.abs(largest) ? x[i] : largest;
        }
        float d = largest / -8;
        Fields.setHalf(target, at, d);
        float inverse = d == 0 ? 0 : 1 / d;
        write(x, index, inverse, target, at);
    }

    @Override
    public void encodeBlock(float[] x, int index, float[] weights, int weightIndex, MemorySegment target, long at) {
        float d = Fields.setHalf(target, at, new ScaleSearch().symmetric(x, index, 32, weights, weightIndex, -8, 7));
        write(x, index, d == 0 ? 0 : 1 / d, target, at);
    }

    private static void write(float[] x, int index, float inverse, MemorySegment target, long at) {
        for (int j = 0; j < 16; j++) {
            int low = level(x[index + j] * inverse);
            int high = level(x[index + 16 + j] * inverse);
            Fields.setInt8(target, at + 2 + j, low | high << 4);
        }
    }

    private static int level(float quotient) {
        return Math.clamp((int) (quotient + 8.5f), 0, 15);
    }
}
