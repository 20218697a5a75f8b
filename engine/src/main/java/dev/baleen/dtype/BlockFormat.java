package dev.baleen.dtype;

import java.lang.foreign.MemorySegment;

/// How a run of numbers is written in bytes: `elements()` numbers to a block of `bytes()` bytes.
///
/// A plain format such as F16 is a block of one. All multi-byte values are little-endian. Implementations hold no
/// state; a new format is one file that implements this and one line in [DType].
public interface BlockFormat {
    /// Numbers in one block.
    int elements();

    /// Bytes of one block.
    int bytes();

    /// Decodes `count` numbers, a multiple of [#elements()], from `source` at byte `sourceOffset` into
    /// `target[targetIndex..]`.
    void decode(MemorySegment source, long sourceOffset, float[] target, int targetIndex, int count);

    /// Encodes `count` numbers, a multiple of [#elements()], rounding to the nearest representable value.
    ///
    /// @throws UnsupportedOperationException if the format is only ever read
    void encode(float[] source, int sourceIndex, int count, MemorySegment target, long targetOffset);
}
