package dev.baleen.dtype;

import java.lang.foreign.MemorySegment;

/// A format of blocks that are decoded one by one.
interface Blocks extends BlockFormat {
    /// Decodes the block at byte `at` into `target[index..]`.
    void decodeBlock(MemorySegment source, long at, float[] target, int index);

    @Override
    default void decode(MemorySegment source, long sourceOffset, float[] target, int targetIndex, int count) {
        int elements = elements();
        int bytes = bytes();
        long at = sourceOffset;
        for (int i = 0; i < count; i += elements, at += bytes) {
            decodeBlock(source, at, target, targetIndex + i);
        }
    }
}
