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

    /// Whether numbers can be written in this format; if not, it is only read.
    default boolean canEncode() {
        return false;
    }

    /// Number `index` of those that lie at `source`. Slow: it decodes the whole block.
    default float decodeOne(MemorySegment source, long index) {
        float[] block = new float[elements()];
        decode(source, index / elements() * bytes(), block, 0, block.length);
        return block[(int) (index % elements())];
    }

    /// Encodes `count` numbers, a multiple of [#elements()], into bytes that stand for numbers near them.
    ///
    /// @throws UnsupportedOperationException if the format is only ever read
    /// @throws IllegalArgumentException if a block has one scale for all of its numbers, and a number is infinite,
    ///     NaN, or so large that the scale cannot be written
    default void encode(float[] source, int sourceIndex, int count, MemorySegment target, long targetOffset) {
        throw new UnsupportedOperationException(
                getClass().getSimpleName() + " is only read; write F16, Q8_0 or another format that can be encoded");
    }

    /// As the other `encode`, where some numbers matter more than others: the encoder keeps the sum of the squared
    /// errors small, each times its number's importance. A format that has nothing to choose pays it no heed.
    ///
    /// @param importance for `source[sourceIndex + i]`, `importance[importanceIndex + i]`: finite and not negative,
    ///     such as the mean square of the input that a column of weights meets
    default void encode(
            float[] source,
            int sourceIndex,
            int count,
            float[] importance,
            int importanceIndex,
            MemorySegment target,
            long targetOffset) {
        encode(source, sourceIndex, count, target, targetOffset);
    }
}
