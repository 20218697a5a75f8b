package dev.baleen.dtype;

import java.lang.foreign.MemorySegment;

/// 18 bytes for 32 numbers: laid out as [Q4_0], but the 4-bit number is an index into sixteen levels, which lie closer
/// together near zero, as weights do; each number is `d * LEVELS[q]`.
final class IQ4_NL implements Blocks {
    /// The levels that the format prescribes.
    static final byte[] LEVELS = {-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113};

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
            target[index + j] = d * LEVELS[q & 15];
            target[index + 16 + j] = d * LEVELS[q >> 4];
        }
    }
}
