package dev.baleen.dtype;

import java.lang.foreign.MemorySegment;

/// The twelve bytes in which [Q4_K] and [Q5_K] keep eight scales and eight minimums of six bits each.
///
/// Scales 0 to 3 are the lower six bits of bytes 0 to 3, minimums 0 to 3 those of bytes 4 to 7. Of scales and minimums
/// 4 to 7 the lower four bits are the halves of bytes 8 to 11, scales low, and the upper two are the bits that bytes 0
/// to 7 have left.
final class SixBitScales {
    static final int BYTES = 12;

    private SixBitScales() {}

    static int scale(MemorySegment source, long at, int group) {
        return group < 4
                ? Fields.uint8(source, at + group) & 63
                : Fields.uint8(source, at + 4 + group) & 15 | Fields.uint8(source, at + group - 4) >> 6 << 4;
    }

    static int minimum(MemorySegment source, long at, int group) {
        return group < 4
                ? Fields.uint8(source, at + 4 + group) & 63
                : Fields.uint8(source, at + 4 + group) >> 4 | Fields.uint8(source, at + group) >> 6 << 4;
    }

    /// Writes both into bytes that were zero before the first group.
    static void set(MemorySegment target, long at, int group, int scale, int minimum) {
        if (group < 4) {
            Fields.setBits(target, at + group, scale);
            Fields.setBits(target, at + 4 + group, minimum);
        } else {
            Fields.setBits(target, at + 4 + group, scale & 15 | (minimum & 15) << 4);
            Fields.setBits(target, at + group - 4, scale >> 4 << 6);
            Fields.setBits(target, at + group, minimum >> 4 << 6);
        }
    }
}
