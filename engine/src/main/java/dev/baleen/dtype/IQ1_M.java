package dev.baleen.dtype;

import java.lang.foreign.MemorySegment;

/// 56 bytes for 256 numbers in sixteen groups of sixteen, decoded as in [IQ1_S]: the lower eight bits of the points (32
/// bytes); four bits for each point, which are its upper three and whether the delta is taken away; then four times 16
/// bits, each with four 3-bit scales and, highest, four bits of the half-precision `d`, its lowest bits first.
final class IQ1_M implements Blocks {
    private static final int UPPER = 32;
    private static final int SCALES = UPPER + 16;

    @Override
    public int elements() {
        return 256;
    }

    @Override
    public int bytes() {
        return SCALES + 8;
    }

    @Override
    public void decodeBlock(MemorySegment source, long at, float[] target, int index) {
        float d = scattered(source, at + SCALES);
        for (int i = 0; i < 32; i++) {
            int s = Fields.uint16(source, at + SCALES + i / 8 * 2) >> i / 2 % 4 * 3 & 7;
            int upper = Fields.uint8(source, at + UPPER + i / 2) >> i % 2 * 4;
            int point = Fields.uint8(source, at + i) | (upper & 7) << 8;
            float delta = (upper & 8) == 0 ? IQ1_S.DELTA : -IQ1_S.DELTA;
            IQ1_S.decodePoint(point, d * (2 * s + 1), delta, target, index + i * 8);
        }
    }

    private static float scattered(MemorySegment source, long at) {
        int bits = 0;
        for (int i = 0; i < 4; i++) {
            bits |= Fields.uint16(source, at + 2 * i) >> 12 << 4 * i;
        }
        return Float.float16ToFloat((short) bits);
    }
}
