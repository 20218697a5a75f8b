package dev.baleen.dtype;

import java.lang.foreign.MemorySegment;

/// 20 bytes for 32 numbers: a scale `d` and a minimum `m` in half precision, then 4-bit numbers `q` in the order of
/// [Q4_0]; each number is `d * q + m`.
final class Q4_1 implements WritableBlocks {
    @Override
    public int elements() {
        return 32;
    }

    @Override
    public int bytes() {
        return 4 + 16;
    }

    @Override
    public void decodeBlock(MemorySegment source, long at, float[] target, int index) {
        float d = Fields.half(source, at);
        float m = Fields.half(source, at + 2);
        for (int j = 0; j < 16; j++) {
            int q = Fields.uint8(source, at + 4 + j);
            target[index + j] = d * (q & 15) + m;
            target[index + 16 + j] = d * (q >> 4) + m;
        }
    }

    /// Levels reach from the least number to the greatest, and the numbers are rounded with scale and minimum
    /// before these are rounded to half precision, as GGUF's reference encoder does.
    @Override
    public void encodeBlock(float[] x, int index, MemorySegment target, long at) {
        float least = x[index];
        float most = x[index];
        for (int i = index + 1; i < index + 32; i++) {
            least = x[i] < least ? x[i] : least;
            most = x[i] > most ? x[i] : most;
        }
        float d = (most - least) / 15;
        Fields.setHalf(target, at, d);
        Fields.setHalf(target, at + 2, least);
        write(x, index, d == 0 ? 0 : 1 / d, least, target, at);
    }

    @Override
    public void encodeBlock(float[] x, int index, float[] weights, int weightIndex, MemorySegment target, long at) {
        ScaleSearch search = new ScaleSearch();
        float d = Fields.setHalf(target, at, search.affine(x, index, 32, weights, weightIndex, 15));
        float m = Fields.setHalf(target, at + 2, -search.minimum());
        write(x, index, d == 0 ? 0 : 1 / d, m, target, at);
    }

    private static void write(float[] x, int index, float inverse, float m, MemorySegment target, long at) {
        for (int j = 0; j < 16; j++) {
            int low = level((x[index + j] - m) * inverse);
            int high = level((x[index + 16 + j] - m) * inverse);
            Fields.setInt8(target, at + 4 + j, low | high << 4);
        }
    }

    private static int level(float quotient) {
        return Math.clamp((int) (quotient + 0.5f), 0, 15);
    }
}
