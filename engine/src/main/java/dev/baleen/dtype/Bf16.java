package dev.baleen.dtype;

import java.lang.foreign.MemorySegment;

final class Bf16 implements BlockFormat {
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
            int bits = source.get(F16.SHORT, sourceOffset + (long) i * Short.BYTES) << 16;
            target[targetIndex + i] = Float.intBitsToFloat(bits);
        }
    }

    @Override
    public boolean canEncode() {
        return true;
    }

    @Override
    public void encode(float[] source, int sourceIndex, int count, MemorySegment target, long targetOffset) {
        for (int i = 0; i < count; i++) {
            target.set(F16.SHORT, targetOffset + (long) i * Short.BYTES, round(source[sourceIndex + i]));
        }
    }

    /// Rounds to nearest, ties to even; a NaN keeps its sign and becomes quiet.
    static short round(float value) {
        int bits = Float.floatToRawIntBits(value);
        if (Float.isNaN(value)) {
            return (short) ((bits >>> 16) | 0x40);
        }
        return (short) ((bits + 0x7FFF + ((bits >>> 16) & 1)) >>> 16);
    }
}
