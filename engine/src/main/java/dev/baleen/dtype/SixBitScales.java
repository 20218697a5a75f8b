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
}
