package dev.baleen.dtype;

import java.lang.foreign.MemorySegment;

/// 110 bytes for 256 numbers in sixteen groups of sixteen: 32 bytes of third bits, 64 bytes of lower two bits in the
/// order of [Q2_K], twelve bytes of 6-bit scales `s`, then `d` in half precision; each number is `d * (s - 32) * q`
/// with `q` from -4 to 3.
///
/// Bit `i` of byte `j` of the third bits belongs to number `32 * i + j`; where it is *not* set, 4 is taken away. The
/// scales' lower four bits are eight bytes (low halves are groups 0 to 7), their upper two bits are four bytes
/// (lowest bits are groups 0 to 3, highest 12 to 15).
final class Q3_K implements WritableBlocks {
    private static final int NUMBERS = 32;
    private static final int SCALES = NUMBERS + 64;
    private static final int SCALE = SCALES + 12;

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
            float scale = d * (groupScale(source, at + SCALES, group) - 32);
            long thirds = at + group % 2 * 16;
            long numbers = thirds + NUMBERS + group / 8 * 32;
            int shift = group / 2 % 4 * 2;
            for (int j = 0; j < 16; j++) {
                int low = Fields.uint8(source, numbers + j) >> shift & 3;
                int third = Fields.uint8(source, thirds + j) >> group / 2 & 1;
                target[index + group * 16 + j] = scale * (low + 4 * third - 4);
            }
        }
    }

    @Override
    public void encodeBlock(float[] x, int index, float[] weights, int weightIndex, MemorySegment target, long at) {
        SymmetricGroups groups = new SymmetricGroups(x, index, weights, weightIndex, 16, 16, 4);
        float d = Fields.setHalf(target, at + SCALE, groups.step(32));
        target.asSlice(at, SCALE).fill((byte) 0);
        for (int group = 0; group < 16; group++) {
            int s = groups.scale(group, d, 32);
            setGroupScale(target, at + SCALES, group, s + 32);
            long thirds = at + group % 2 * 16;
            long numbers = thirds + NUMBERS + group / 8 * 32;
            int shift = group / 2 % 4 * 2;
            for (int j = 0; j < 16; j++) {
                int q = groups.level(group, j, d * s);
                Fields.setBits(target, numbers + j, (q & 3) << shift);
                Fields.setBits(target, thirds + j, q >> 2 << group / 2);
            }
        }
    }

    private static int groupScale(MemorySegment source, long scales, int group) {
        int low = Fields.uint8(source, scales + group % 8) >> group / 8 * 4 & 15;
        int high = Fields.uint8(source, scales + 8 + group % 4) >> group / 4 * 2 & 3;
        return low | high << 4;
    }

    private static void setGroupScale(MemorySegment target, long scales, int group, int scale) {
        Fields.setBits(target, scales + group % 8, (scale & 15) << group / 8 * 4);
        Fields.setBits(target, scales + 8 + group % 4, scale >> 4 << group / 4 * 2);
    }
}
