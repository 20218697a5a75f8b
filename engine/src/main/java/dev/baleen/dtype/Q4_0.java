package dev.baleen.dtype;

import java.lang.foreign.MemorySegment;

/// 18 bytes for 32 numbers: a half-precision scale `d`, then sixteen bytes with two 4-bit numbers `q` each, whose
/// low halves are numbers 0 to 15 and whose high halves are numbers 16 to 31; each number is `d * (q - 8)`.
final class Q4_0 implements Blocks {
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
}
