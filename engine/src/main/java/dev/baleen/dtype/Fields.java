package dev.baleen.dtype;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// The fields that blocks are made of, at byte `at`, little-endian.
final class Fields {
    private static final ValueLayout.OfInt INT = JAVA_INT_UNALIGNED.withOrder(LITTLE_ENDIAN);

    private Fields() {}

    /// A byte from 0 to 255.
    static int uint8(MemorySegment source, long at) {
        return source.get(JAVA_BYTE, at) & 0xFF;
    }

    /// Two bytes, from 0 to 65,535.
    static int uint16(MemorySegment source, long at) {
        return source.get(F16.SHORT, at) & 0xFFFF;
    }

    static int int32(MemorySegment source, long at) {
        return source.get(INT, at);
    }

    /// A number in half precision.
    static float half(MemorySegment source, long at) {
        return Float.float16ToFloat(source.get(F16.SHORT, at));
    }

    static void setInt8(MemorySegment target, long at, int value) {
        target.set(JAVA_BYTE, at, (byte) value);
    }

    /// Sets those bits of a byte that are set in `bits`.
    static void setBits(MemorySegment target, long at, int bits) {
        target.set(JAVA_BYTE, at, (byte) (target.get(JAVA_BYTE, at) | bits));
    }

    static void setInt32(MemorySegment target, long at, int value) {
        target.set(INT, at, value);
    }

    /// Writes a scale or a minimum in half precision.
    ///
    /// @return the number that was written
    static float setHalf(MemorySegment target, long at, float value) {
        short bits = Float.floatToFloat16(value);
        float written = Float.float16ToFloat(bits);
        if (Float.isInfinite(written)) {
            throw new IllegalArgumentException(
                    "The scale of a block would be %s, but half precision ends at 65,504; keep these weights in F32 or BF16"
                            .formatted(value));
        }
        target.set(F16.SHORT, at, bits);
        return written;
    }
}
