package dev.baleen.dtype;

import java.lang.foreign.MemorySegment;

/// 24 bytes for 32 numbers: a scale `d` and a minimum `m` in half precision, then 5-bit numbers `q` laid out as in
/// [Q5_0]; each number is `d * q + m`.
final class Q5_1 implements Blocks {
    @Override
    public int elements() {
        return 32;
    }

    @Override
    public int bytes() {
        return 4 + 4 + 16;
    }

    @Override
    public void decodeBlock(MemorySegment source, long at, float[] target, int index) {
        float d = Fields.half(source, at);
        float m = Fields.half(source, at + 2);
        int fifths = Fields.int32(source, at + 4);
        for (int j = 0; j < 16; j++) {
            int q = Fields.uint8(source, at + 8 + j);
            target[index + j] = d * (q & 15 | (fifths >>> j & 1) << 4) + m;
            target[index + 16 + j] = d * (q >> 4 | (fifths >>> (16 + j) & 1) << 4) + m;
        }
    }
}
