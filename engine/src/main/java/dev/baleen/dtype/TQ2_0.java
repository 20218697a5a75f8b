package dev.baleen.dtype;

import java.lang.foreign.MemorySegment;

/// 66 bytes for 256 numbers that are -1, 0 or 1 times the half-precision `d` at the end: two bits each, in the order of
/// [Q2_K], from which 1 is taken away.
final class TQ2_0 implements Blocks {
    private static final int SCALE = 64;

    @Override
    public int elements() {
        return 256;
    }

    @Override
    public int bytes() {
        return SCALE + 2;
    }

    @Override
    public void decodeBlock(MemorySegment source, long at, float[] target, int index) {
        float d = Fields.half(source, at + SCALE);
        for (int i = 0; i < 256; i++) {
            int q = Fields.uint8(source, at + i / 128 * 32 + i % 32) >> i / 32 % 4 * 2 & 3;
            target[index + i] = d * (q - 1);
        }
    }
}
