package dev.baleen.dtype;

import java.lang.foreign.MemorySegment;

/// 136 bytes for 256 numbers in eight groups of 32: `d` in half precision; 6-bit scales `s`, their upper two bits in
/// two bytes and their lower four in four bytes, lowest bits first; then for each group sixteen bytes of indexes into
/// the levels of [IQ4_NL], laid out as there. Each number is `d * (s - 32)` times its level.
final class IQ4_XS implements Blocks {
    private static final int LOWER = 4;
    private static final int NUMBERS = LOWER + 4;

    @Override
    public int elements() {
        return 256;
    }

    @Override
    public int bytes() {
        return NUMBERS + 128;
    }

    @Override
    public void decodeBlock(MemorySegment source, long at, float[] target, int index) {
        float d = Fields.half(source, at);
        int upper = Fields.uint16(source, at + 2);
        for (int group = 0; group < 8; group++) {
            int lower = Fields.uint8(source, at + LOWER + group / 2) >> group % 2 * 4 & 15;
            float scale = d * ((lower | (upper >> 2 * group & 3) << 4) - 32);
            long numbers = at + NUMBERS + group * 16;
            for (int j = 0; j < 16; j++) {
                int q = Fields.uint8(source, numbers + j);
                target[index + group * 32 + j] = scale * IQ4_NL.LEVELS[q & 15];
                target[index + group * 32 + 16 + j] = scale * IQ4_NL.LEVELS[q >> 4];
            }
        }
    }
}
