package dev.baleen.checkpoint;

import java.io.ByteArrayOutputStream;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/// Writes the parts of a GGUF header one behind another, little-endian.
final class GgufEncoder {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final ByteBuffer scratch = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);

    GgufEncoder uint32(int value) {
        return number(value, Integer.BYTES);
    }

    GgufEncoder uint64(long value) {
        return number(value, Long.BYTES);
    }

    GgufEncoder text(String value) {
        byte[] encoded = value.getBytes(StandardCharsets.UTF_8);
        uint64(encoded.length);
        bytes.writeBytes(encoded);
        return this;
    }

    /// A value without its type.
    GgufEncoder payload(GgufValue value) {
        return switch (value) {
            case GgufValue.Text text -> text(text.value());
            case GgufValue.Flag flag -> number(flag.value() ? 1 : 0, Byte.BYTES);
            case GgufValue.Whole whole -> number(whole.value(), whole.type().bytesMin());
            case GgufValue.Real real ->
                real.type() == GgufType.FLOAT32
                        ? number(Float.floatToRawIntBits((float) real.value()), Float.BYTES)
                        : number(Double.doubleToRawLongBits(real.value()), Double.BYTES);
            case GgufValue.Many many -> {
                uint32(many.elementType().id());
                uint64(many.size());
                bytes.writeBytes(many.bytes().toArray(ValueLayout.JAVA_BYTE));
                yield this;
            }
        };
    }

    GgufEncoder padTo(int alignment) {
        while (bytes.size() % alignment != 0) {
            bytes.write(0);
        }
        return this;
    }

    byte[] toBytes() {
        return bytes.toByteArray();
    }

    MemorySegment toSegment() {
        return MemorySegment.ofArray(toBytes());
    }

    private GgufEncoder number(long value, int count) {
        scratch.clear().putLong(value);
        bytes.write(scratch.array(), 0, count);
        return this;
    }
}
