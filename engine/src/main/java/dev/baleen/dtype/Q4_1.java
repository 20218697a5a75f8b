package dev.baleen.dtype;

import java.lang.foreign.MemorySegment;

/// 20 bytes for 32 numbers: a scale `d` and a minimum `m` in half precision, then 4-bit numbers `q` in the order of
/// [Q4_0]; each number is `d * q + m`.
final class Q4_1 implements Blocks {
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
}
