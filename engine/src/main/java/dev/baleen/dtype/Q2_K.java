package dev.baleen.dtype;

import java.lang.foreign.MemorySegment;

/// 84 bytes for 256 numbers in sixteen groups of sixteen: a byte for each group (scale `s` low, minimum `m` high, four
/// bits each), 64 bytes of 2-bit numbers `q`, then `d` and `dmin` in half precision; each number is
/// `d * s * q - dmin * m`.
///
/// A run of 32 bytes holds 128 numbers: the lowest bits of each byte are numbers 0 to 31, the highest 96 to 127.
final class Q2_K implements WritableBlocks {
    private static final int NUMBERS = 16;
    private static final int SCALE = NUMBERS + 64;

    @Override
    public int elements() {
        return 256;
    }

    @Override
    public int bytes() {
        return SCALE + 4;
    }

    @Override
    public void decodeBlock(MemorySegment source, long at, float[] target, int index) {
        float d = Fields.half(source, at + SCALE);
        float dmin = Fields.half(source, at + SCALE + 2);
        for (int group = 0; group < 16; group++) {
            int packed = Fields.uint8(source, at + group);
            float scale = d * (packed & 15);
            float minimum = dmin * (packed >> 4);
            long numbers = at + NUMBERS + group / 8 * 32 + group % 2 * 16;
            int shift = group / 2 % 4 * 2;
            for (int j = 0; j < 16; j++) {
                int q = Fields.uint8(source, numbers + j) >> shift & 3;
                target[index + group * 16 + j] = scale * q - minimum;
            }
        }
    }

    @Override
    public void encodeBlock(float[] x, int index, float[] weights, int weightIndex, MemorySegment target, long at) {
        AffineGroups groups = new AffineGroups(x, index, weights, weightIndex, 16, 16, 3);
        float d = Fields.setHalf(target, at + SCALE, groups.scaleStep(15));
        float dmin = Fields.setHalf(target, at + SCALE + 2, groups.minimumStep(15));
        target.asSlice(at + NUMBERS, 64).fill((byte) 0);
        for (int group = 0; group < 16; group++) {
            int s = groups.scale(group, d, 15);
            int m = groups.minimum(group, dmin, 15);
            Fields.setInt8(target, at + group, s | m << 4);
            long numbers = at + NUMBERS + group / 8 * 32 + group % 2 * 16;
            int shift = group / 2 % 4 * 2;
            for (int j = 0; j < 16; j++) {
                int q = groups.level(group, j, d * s, dmin * m);
                Fields.setBits(target, numbers + j, q << shift);
            }
        }
    }
}
