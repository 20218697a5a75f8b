package dev.baleen.dtype;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;

/// 210 bytes for 256 numbers in sixteen groups of sixteen: 128 bytes of lower four bits, 64 bytes of upper two bits,
/// a signed byte of scale `s` for each group, then `d` in half precision; each number is `d * s * (q - 32)`.
///
/// Of each 128 numbers the lower bits are 64 bytes (low halves are numbers 0 to 63) and the upper bits 32 bytes (lowest
/// bits are numbers 0 to 31, highest 96 to 127).
final class Q6_K implements WritableBlocks {
    private static final int UPPER = 128;
    private static final int SCALES = UPPER + 64;
    private static final int SCALE = SCALES + 16;

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
        for (int group = 0; group < 16; group++) {
            float scale = d * source.get(JAVA_BYTE, at + SCALES + group);
            long lower = at + group / 8 * 64 + group % 4 * 16;
            int lowerShift = group / 4 % 2 * 4;
            long upper = at + UPPER + group / 8 * 32 + group % 2 * 16;
            int upperShift = group / 2 % 4 * 2;
            for (int j = 0; j < 16; j++) {
                int low = Fields.uint8(source, lower + j) >> lowerShift & 15;
                int high = Fields.uint8(source, upper + j) >> upperShift & 3;
                target[index + group * 16 + j] = scale * ((low | high << 4) - 32);
            }
        }
    }

    @Override
    public void encodeBlock(float[] x, int index, float[] weights, int weightIndex, MemorySegment target, long at) {
        SymmetricGroups groups = new SymmetricGroups(x, index, weights, weightIndex, 16, 16, 32);
        float d = Fields.setHalf(target, at + SCALE, groups.step(128));
        target.asSlice(at, SCALES).fill((byte) 0);
        for (int group = 0; group < 16; group++) {
            int s = groups.scale(group, d, 128);
            Fields.setInt8(target, at + SCALES + group, s);
            long lower = at + group / 8 * 64 + group % 4 * 16;
            int lowerShift = group / 4 % 2 * 4;
            long upper = at + UPPER + group / 8 * 32 + group % 2 * 16;
            int upperShift = group / 2 % 4 * 2;
            for (int j = 0; j < 16; j++) {
                int q = groups.level(group, j, d * s);
                Fields.setBits(target, lower + j, (q & 15) << lowerShift);
                Fields.setBits(target, upper + j, q >> 4 << upperShift);
            }
        }
    }
}
