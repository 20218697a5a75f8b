package dev.baleen.checkpoint;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// Decodes the long arrays of a vocabulary at once: entry by entry, as values of their own, they took most of the time
/// of opening a small model.
///
/// What these methods do not take, such as an array of floats where whole numbers are wanted, is left to the slow way,
/// which knows how to say what is wrong.
final class GgufArrays {
    /// Arrays of texts beyond it are walked entry by entry; published ones take 5 MB.
    private static final long TEXT_BYTES_MAX = 256 << 20;

    private GgufArrays() {}

    /// The entries of an array of texts; empty if it is none, or one of them is not UTF-8.
    static Optional<List<String>> texts(GgufValue value) {
        if (!(value instanceof GgufValue.Many many)
                || many.elementType() != GgufType.STRING
                || many.bytes().byteSize() > TEXT_BYTES_MAX) {
            return Optional.empty();
        }
        byte[] bytes = many.bytes().toArray(JAVA_BYTE);
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        String[] texts = new String[many.size()];
        int at = 0;
        for (int i = 0; i < texts.length; i++) {
            // The lengths were held against the array's extent when the file was opened.
            int length = Math.toIntExact(buffer.getLong(at));
            at += Long.BYTES;
            texts[i] = new String(bytes, at, length, StandardCharsets.UTF_8);
            if (texts[i].indexOf('\uFFFD') >= 0 && !isUtf8(bytes, at, length)) {
                return Optional.empty();
            }
            at += length;
        }
        return Optional.of(Arrays.asList(texts));
    }

    private static boolean isUtf8(byte[] bytes, int from, int length) {
        try {
            CharBuffer decoded = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, from, length));
            return decoded.hasRemaining();
        } catch (CharacterCodingException e) {
            return false;
        }
    }

    /// The entries of an array of 32-bit numbers, as token types are; empty if it is none.
    static Optional<long[]> wholes(GgufValue value) {
        if (!(value instanceof GgufValue.Many many)
                || many.elementType() != GgufType.INT32 && many.elementType() != GgufType.UINT32) {
            return Optional.empty();
        }
        ByteBuffer buffer = ByteBuffer.wrap(many.bytes().toArray(JAVA_BYTE)).order(ByteOrder.LITTLE_ENDIAN);
        long mask = many.elementType() == GgufType.INT32 ? -1L : 0xFFFF_FFFFL;
        long[] wholes = new long[many.size()];
        for (int i = 0; i < wholes.length; i++) {
            wholes[i] = buffer.getInt(i * Integer.BYTES) & mask;
        }
        return Optional.of(wholes);
    }
}
