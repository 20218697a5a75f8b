package dev.baleen.dtype;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE_UNALIGNED;
import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

final class F64 implements BlockFormat {
    private static final ValueLayout.OfDouble DOUBLE = JAVA_DOUBLE_UNALIGNED.withOrder(LITTLE_ENDIAN);

    @Override
    public int elements() {
        return 1;
    }

    @Override
    public int bytes() {
        return Double.BYTES;
    }

    @Override
    public void decode(MemorySegment source, long sourceOffset, float[] target, int targetIndex, int count) {
        for (int i = 0; i < count; i++) {
            target[targetIndex + i] = (float) source.get(DOUBLE, sourceOffset + (long) i * Double.BYTES);
        }
    }

    @Override
    public boolean canEncode() {
        return true;
    }

    @Override
    public void encode(float[] source, int sourceIndex, int count, MemorySegment target, long targetOffset) {
        for (int i = 0; i < count; i++) {
            target.set(DOUBLE, targetOffset + (long) i * Double.BYTES, source[sourceIndex + i]);
        }
    }
}
