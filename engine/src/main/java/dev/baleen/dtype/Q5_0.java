package dev.baleen.dtype;

import java.lang.foreign.MemorySegment;

/// 22 bytes for 32 numbers: a half-precision scale `d`, 32 bits that are the fifth bits of the numbers from the
/// lowest on, then the lower four bits in the order of [Q4_0]; each number is `d * (q - 16)`.
final class Q5_0 implements WritableBlocks {
    @Override
    public int elements() {
        return 32;
    }

    @Override
    public int bytes() {
        return 2 + 4 + 16;
    }

    @Override
    public void decodeBlock(MemorySegment source, long at, float[] target, int index) {
        float d = Fields.half(source, at);
        int fifths = Fields.int32(source, at + 2);
        for (int j = 0; j < 16; j++) {
            int q = Fields.uint8(source, at + 6 + j);
            target[index + j] = d * ((q & 15 | (fifths >>> j & 1) << 4) - 16);
            target[index + 16 + j] = d * ((q >> 4 | (fifths >>> (16 + j) & 1) << 4) - 16);
        }
    }

    /// The number of the largest magnitude becomes -16, and the others are rounded with the scale before that is
    /// rounded to half precision, as GGUF's reference encoder does.
    @Override
    public void encodeBlock(float[] x, int index, MemorySegment target, long at) {
        float largest = 0;
        for (int i = index; i < index + 32; i++) {
            largest = Math.abs(x[i]) > Math.abs(largest) ? x[i] : largest;
        }
        float d = largest / -16;
        Fields.setHalf(target, at, d);
        float inverse = d == 0 ? 0 : 1 / d;
        write(x, index, inverse, target, at);
    }

    @Override
    public void encodeBlock(float[] x, int index, float[] weights, int weightIndex, MemorySegment target, long at) {
        float d = Fields.setHalf(target, at, new ScaleSearch().symmetric(x, index, 32, weights, weightIndex, -16, 15));
        write(x, index, d == 0 ? 0 : 1 / d, target, at);
    }

    private static void write(float[] x, int index, float inverse, MemorySegment target, long at) {
        int fifths = 0;
        for (int j = 0; j < 16; j++) {
            int low = level(x[index + j] * inverse);
            int high = level(x[index + 16 + j] * inverse);
            Fields.setInt8(target, at + 6 + j, low & 15 | high << 4);
            fifths |= low >> 4 << j | high >> 4 << (16 + j);
        }
        Fields.setInt32(target, at + 2, fifths);
    }

    private static int level(float quotient) {
        return Math.clamp((int) (quotient + 16.5f), 0, 31);
    }
}
