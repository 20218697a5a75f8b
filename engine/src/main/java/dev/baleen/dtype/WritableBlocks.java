package dev.baleen.dtype;

import java.lang.foreign.MemorySegment;

/// A format of blocks with scales that are written one by one, too.
///
/// A scale has to be finite, and so NaN and infinity have no place in such a block: they are refused, as they would
/// spoil the numbers beside them without a trace.
interface WritableBlocks extends Blocks {
    /// No format reaches further: a scale of 65,504, a group's multiple of 128, a number of 32.
    float LARGEST = 0x1p28f;

    /// Encodes `x[index..]` as the block at byte `at`, of whose numbers nothing else is known.
    default void encodeBlock(float[] x, int index, MemorySegment target, long at) {
        encodeBlock(x, index, Weighting.byMagnitude(x, index, elements()), 0, target, at);
    }

    /// Encodes `x[index..]` as the block at byte `at`, so that the sum of the squared errors, each times its
    /// weight, is small.
    void encodeBlock(float[] x, int index, float[] weights, int weightIndex, MemorySegment target, long at);

    @Override
    default boolean canEncode() {
        return true;
    }

    @Override
    default void encode(float[] source, int sourceIndex, int count, MemorySegment target, long targetOffset) {
        requireInRange(source, sourceIndex, count);
        int elements = elements();
        int bytes = bytes();
        long at = targetOffset;
        for (int i = 0; i < count; i += elements, at += bytes) {
            encodeBlock(source, sourceIndex + i, target, at);
        }
    }

    @Override
    default void encode(
            float[] source,
            int sourceIndex,
            int count,
            float[] importance,
            int importanceIndex,
            MemorySegment target,
            long targetOffset) {
        requireInRange(source, sourceIndex, count);
        float[] weights = Weighting.byImportance(source, sourceIndex, count, importance, importanceIndex);
        int elements = elements();
        int bytes = bytes();
        long at = targetOffset;
        for (int i = 0; i < count; i += elements, at += bytes) {
            encodeBlock(source, sourceIndex + i, weights, i, target, at);
        }
    }

    private static void requireInRange(float[] source, int from, int count) {
        for (int i = from; i < from + count; i++) {
            if (!(Math.abs(source[i]) <= LARGEST)) {
                throw new IllegalArgumentException(
                        "Number %d of %d is %s, for which blocks with a scale have no room; mend the weights, or keep them in F32, F16 or BF16"
                                .formatted(i - from, count, source[i]));
            }
        }
    }
}
