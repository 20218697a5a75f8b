package dev.baleen.dtype;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// The fields that blocks are made of, read from byte `at`, little-endian.
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
}
