package dev.baleen.tokenizer;

import java.nio.charset.StandardCharsets;

/// The 256 printable characters in which byte-level vocabularies spell bytes, so that a token is always a
/// legible string.
///
/// Printable Latin-1 bytes stand for themselves; the other 68, in order, are U+0100 and following: byte 0x20 is
/// `Ġ`. Source: GPT-2's encoder (Radford et al. 2019), `bytes_to_unicode`.
final class ByteAlphabet {
    private static final char[] CHARACTER = new char[256];
    private static final short[] BYTE = new short[256 + 68];

    static {
        java.util.Arrays.fill(BYTE, (short) -1);
        int next = 256;
        for (int b = 0; b < 256; b++) {
            boolean printable = b >= '!' && b <= '~' || b >= 0xA1 && b <= 0xAC || b >= 0xAE;
            CHARACTER[b] = (char) (printable ? b : next++);
            BYTE[CHARACTER[b]] = (short) b;
        }
    }

    private ByteAlphabet() {}

    /// The character for a byte (0 to 255).
    static char character(int b) {
        return CHARACTER[b];
    }

    /// The byte (0 to 255) that a character spells, or -1.
    static int byteOf(char c) {
        return c < BYTE.length ? BYTE[c] : -1;
    }

    /// The bytes that a token spells; a token with a character outside the alphabet stands for its own UTF-8.
    static byte[] bytes(String token) {
        byte[] bytes = new byte[token.length()];
        for (int i = 0; i < bytes.length; i++) {
            int b = byteOf(token.charAt(i));
            if (b < 0) {
                return token.getBytes(StandardCharsets.UTF_8);
            }
            bytes[i] = (byte) b;
        }
        return bytes;
    }
}
