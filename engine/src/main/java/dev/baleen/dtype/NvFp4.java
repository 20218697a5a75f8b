package dev.baleen.dtype;

import java.lang.foreign.MemorySegment;

/// 36 bytes for 64 numbers in four groups of sixteen: a byte of scale for each group, then for each group eight bytes
/// with two 4-bit numbers each, the low halves first. The numbers are E2M1 as in [MxFp4], the scales E4M3 without a
/// sign.
final class NvFp4 implements Blocks {
    private static final int NUMBERS = 4;

    @Override
    public int elements() {
        return 64;
    }

    @Override
    public int bytes() {
        return NUMBERS + 32;
    }

    @Override
    public void decodeBlock(MemorySegment source, long at, float[] target, int index) {
        for (int group = 0; group < 4; group++) {
            float halfScale = 0.5f * scale(Fields.uint8(source, at + group));
            for (int j = 0; j < 8; j++) {
                int q = Fields.uint8(source, at + NUMBERS + group * 8 + j);
                target[index + group * 16 + j] = halfScale * MxFp4.DOUBLED[q & 15];
                target[index + group * 16 + 8 + j] = halfScale * MxFp4.DOUBLED[q >> 4];
            }
        }
    }

    /// Four bits of exponent with bias 7 and three of fraction; the pattern of NaN counts as 0, as it does in GGUF.
    private static float scale(int bits) {
        int exponent = bits >> 3 & 15;
        int fraction = bits & 7;
        if (bits == 0x7F) {
            return 0;
        }
        return exponent == 0 ? fraction * 0x1p-9f : Math.scalb(8 + fraction, exponent - 10);
    }
}
