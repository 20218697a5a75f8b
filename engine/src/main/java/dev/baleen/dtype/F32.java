package dev.baleen.dtype;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;
import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

final class F32 implements BlockFormat {
    private static final ValueLayout.OfFloat FLOAT = JAVA_FLOAT_UNALIGNED.withOrder(LITTLE_ENDIAN);

    @Override
    public int elements() {
        return 1;
    }

    @Override
    public int bytes() {
        return Float.BYTES;
    }

    @Override
    public void decode(MemorySegment source, long sourceOffset, float[] target, int targetIndex, int count) {
        MemorySegment.copy(source, FLOAT, sourceOffset, target, targetIndex, count);
    }

    @Override
    public boolean canEncode() {
        return true;
    }

    @Override
    public void encode(float[] source, int sourceIndex, int count, MemorySegment target, long targetOffset) {
        MemorySegment.copy(source, sourceIndex, target, FLOAT, targetOffset, count);
    }
}
