package dev.baleen.dtype;

import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;
import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

final class F16 implements BlockFormat {
    static final ValueLayout.OfShort SHORT = JAVA_SHORT_UNALIGNED.withOrder(LITTLE_ENDIAN);

    @Override
    public int elements() {
        return 1;
    }

    @Override
    public int bytes() {
        return Short.BYTES;
    }

    @Override
    public void decode(MemorySegment source, long sourceOffset, float[] target, int targetIndex, int count) {
        for (int i = 0; i < count; i++) {
            target[targetIndex + i] = Float.float16ToFloat(source.get(SHORT, sourceOffset + (long) i * Short.BYTES));
        }
    }

    @Override
    public boolean canEncode() {
        return true;
    }

    @Override
    public void encode(float[] source, int sourceIndex, int count, MemorySegment target, long targetOffset) {
        for (int i = 0; i < count; i++) {
            target.set(SHORT, targetOffset + (long) i * Short.BYTES, Float.floatToFloat16(source[sourceIndex + i]));
        }
    }
}
