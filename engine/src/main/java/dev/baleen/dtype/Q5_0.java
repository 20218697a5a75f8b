package dev.baleen.dtype;

import java.lang.foreign.MemorySegment;

/// 22 bytes for 32 numbers: a half-precision scale `d`, 32 bits that are the fifth bits of the numbers from the
/// lowest on, then the lower four bits in the order of [Q4_0]; each number is `d * (q - 16)`.
final class Q5_0 implements Blocks {
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
}
