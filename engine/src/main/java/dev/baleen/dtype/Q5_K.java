package dev.baleen.dtype;

import java.lang.foreign.MemorySegment;

/// 176 bytes for 256 numbers: as [Q4_K], with 32 bytes of fifth bits before the lower four; bit `i` of byte `j`
/// belongs to number `j` of group `i`.
final class Q5_K implements WritableBlocks {
    private static final int SCALES = 4;
    private static final int FIFTHS = SCALES + SixBitScales.BYTES;
    private static final int NUMBERS = FIFTHS + 32;

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
        float dmin = Fields.half(source, at + 2);
        for (int group = 0; group < 8; group++) {
            float scale = d * SixBitScales.scale(source, at + SCALES, group);
            float minimum = dmin * SixBitScales.minimum(source, at + SCALES, group);
            long numbers = at + NUMBERS + group / 2 * 32;
            int shift = group % 2 * 4;
            for (int j = 0; j < 32; j++) {
                int low = Fields.uint8(source, numbers + j) >> shift & 15;
                int fifth = Fields.uint8(source, at + FIFTHS + j) >> group & 1;
                target[index + group * 32 + j] = scale * (low | fifth << 4) - minimum;
            }
        }
    }

    @Override
    public void encodeBlock(float[] x, int index, float[] weights, int weightIndex, MemorySegment target, long at) {
        AffineGroups groups = new AffineGroups(x, index, weights, weightIndex, 8, 32, 31);
        float d = Fields.setHalf(target, at, groups.scaleStep(63));
        float dmin = Fields.setHalf(target, at + 2, groups.minimumStep(63));
        target.asSlice(at + SCALES, bytes() - SCALES).fill((byte) 0);
        for (int group = 0; group < 8; group++) {
            int s = groups.scale(group, d, 63);
            int m = groups.minimum(group, dmin, 63);
            SixBitScales.set(target, at + SCALES, group, s, m);
            long numbers = at + NUMBERS + group / 2 * 32;
            int shift = group % 2 * 4;
            for (int j = 0; j < 32; j++) {
                int q = groups.level(group, j, d * s, dmin * m);
                Fields.setBits(target, numbers + j, (q & 15) << shift);
                Fields.setBits(target, at + FIFTHS + j, q >> 4 << group);
            }
        }
    }
}
