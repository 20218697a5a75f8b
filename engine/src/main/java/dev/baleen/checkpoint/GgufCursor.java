package dev.baleen.checkpoint;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_DOUBLE_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;
import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// Reads GGUF's header forward. Every length is held against the bytes that are left before it is believed; what does
/// not fit ends the reading, because nothing behind it can be found.
final class GgufCursor {
    /// A chat template takes 20 kB, a licence 40.
    private static final int TEXT_BYTES_MAX = 16 << 20;

    private static final int NESTING_MAX = 4;

    private final String file;
    private final MemorySegment bytes;
    private final Problems problems;
    private final CharsetDecoder utf8 = StandardCharsets.UTF_8.newDecoder();
    private long position;

    GgufCursor(String file, MemorySegment bytes, Problems problems) {
        this.file = file;
        this.bytes = bytes;
        this.problems = problems;
    }

    long position() {
        return position;
    }

    long remaining() {
        return bytes.byteSize() - position;
    }

    /// Refuses `count` things of at least `bytesMin` bytes each if the rest of the file cannot hold them.
    void requireRoom(long count, int bytesMin, String what) {
        if (count < 0 || count > remaining() / bytesMin) {
            throw problems.fatal(
                    at(),
                    "%s %s need at least %d bytes each, but only %,d bytes follow"
                            .formatted(Long.toUnsignedString(count), what, bytesMin, remaining()),
                    "the file was cut short or lies; download it again");
        }
    }

    int uint32() {
        return bytes.get(JAVA_INT_UNALIGNED.withOrder(LITTLE_ENDIAN), advance(Integer.BYTES));
    }

    long uint64() {
        return bytes.get(JAVA_LONG_UNALIGNED.withOrder(LITTLE_ENDIAN), advance(Long.BYTES));
    }

    /// A length, then that many bytes of UTF-8.
    String text(String what, int bytesMax) {
        long start = position;
        long length = uint64();
        if (length < 0 || length > bytesMax || length > remaining()) {
            throw problems.fatal(
                    at(start),
                    "%s claims %s bytes; at most %,d are allowed and %,d follow"
                            .formatted(what, Long.toUnsignedString(length), bytesMax, remaining()),
                    "the file was cut short or is damaged; download it again");
        }
        ByteBuffer encoded = bytes.asSlice(advance(length), length).asByteBuffer();
        try {
            return utf8.decode(encoded).toString();
        } catch (CharacterCodingException e) {
            throw problems.fatal(at(start), what + " is not UTF-8", "the file is damaged; download it again");
        }
    }

    /// The type of a metadata value.
    GgufType type(String key) {
        long start = position;
        int id = uint32();
        Optional<GgufType> type = GgufType.of(id);
        return type.orElseThrow(() -> problems.fatal(
                at(start),
                "key %s has the unknown value type %s".formatted(Problems.quote(key), Integer.toUnsignedString(id)),
                "types 0 to 12 are defined; the file is damaged or of a newer format"));
    }

    GgufValue value(GgufType type) {
        return value(type, 0);
    }

    private GgufValue value(GgufType type, int depth) {
        return switch (type) {
            case STRING -> new GgufValue.Text(text("a text", TEXT_BYTES_MAX));
            case BOOL -> new GgufValue.Flag(int8() != 0);
            case UINT8 -> new GgufValue.Whole(type, int8() & 0xFF);
            case INT8 -> new GgufValue.Whole(type, int8());
            case UINT16 -> new GgufValue.Whole(type, int16() & 0xFFFF);
            case INT16 -> new GgufValue.Whole(type, int16());
            case UINT32 -> new GgufValue.Whole(type, Integer.toUnsignedLong(uint32()));
            case INT32 -> new GgufValue.Whole(type, uint32());
            case UINT64, INT64 -> new GgufValue.Whole(type, uint64());
            case FLOAT32 ->
                new GgufValue.Real(
                        type, bytes.get(JAVA_FLOAT_UNALIGNED.withOrder(LITTLE_ENDIAN), advance(Float.BYTES)));
            case FLOAT64 ->
                new GgufValue.Real(
                        type, bytes.get(JAVA_DOUBLE_UNALIGNED.withOrder(LITTLE_ENDIAN), advance(Double.BYTES)));
            case ARRAY -> array(depth + 1);
        };
    }

    /// Walks over an array without decoding it.
    private GgufValue.Many array(int depth) {
        long start = position;
        GgufType elementType = type("of an array");
        long size = uint64();
        if (depth > NESTING_MAX) {
            throw problems.fatal(
                    at(start), "arrays lie deeper in each other than %d".formatted(NESTING_MAX), "the file is damaged");
        }
        if (size < 0 || size > GgufValue.Many.SIZE_MAX) {
            throw problems.fatal(
                    at(start),
                    "an array claims %s entries".formatted(Long.toUnsignedString(size)),
                    "at most %,d are read; the file is damaged".formatted(GgufValue.Many.SIZE_MAX));
        }
        requireRoom(size, elementType.bytesMin(), "entries of an array");
        long first = position;
        if (elementType.isFixedSize()) {
            advance(size * elementType.bytesMin());
        } else {
            for (long i = 0; i < size; i++) {
                skip(elementType, depth);
            }
        }
        return new GgufValue.Many(elementType, (int) size, bytes.asSlice(first, position - first));
    }

    private void skip(GgufType type, int depth) {
        if (type == GgufType.ARRAY) {
            array(depth + 1);
            return;
        }
        long start = position;
        long length = uint64();
        if (length < 0 || length > remaining()) {
            throw problems.fatal(
                    at(start),
                    "a text claims %s bytes, but only %,d follow".formatted(Long.toUnsignedString(length), remaining()),
                    "the file was cut short or is damaged; download it again");
        }
        advance(length);
    }

    private byte int8() {
        return bytes.get(JAVA_BYTE, advance(Byte.BYTES));
    }

    private short int16() {
        return bytes.get(JAVA_SHORT_UNALIGNED.withOrder(LITTLE_ENDIAN), advance(Short.BYTES));
    }

    /// Moves on by `count` bytes and gives the position before.
    private long advance(long count) {
        if (count > remaining()) {
            throw problems.fatal(
                    at(),
                    "%,d more bytes were expected, but the file ends at byte %,d".formatted(count, bytes.byteSize()),
                    "the file was cut short; download it again");
        }
        long before = position;
        position += count;
        return before;
    }

    private String at() {
        return at(position);
    }

    private String at(long offset) {
        return "%s, byte %,d".formatted(file, offset);
    }
}
