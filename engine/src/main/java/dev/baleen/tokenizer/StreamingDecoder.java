package dev.baleen.tokenizer;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/// Turns ids into text one at a time and never gives out half a character: bytes that may still become one wait
/// for the next token. All texts together, with that of [#flush()], equal [Tokenizer#decode] of all ids.
///
/// Not thread-safe: one for each sequence.
public final class StreamingDecoder {
    private final Tokenizer tokenizer;
    private final CharsetDecoder utf8 = StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPLACE)
            .onUnmappableCharacter(CodingErrorAction.REPLACE);
    /// The beginning of a character, three bytes at most.
    private byte[] waiting = {};

    public StreamingDecoder(Tokenizer tokenizer) {
        this.tokenizer = tokenizer;
    }

    /// The text that `id` completes; often one token's, empty while a character is incomplete.
    public String add(int id) {
        return decode(tokenizer.bytes(id), false);
    }

    /// Ends the text: an incomplete character becomes U+FFFD. The decoder can then be used for another text.
    public String flush() {
        String rest = decode(new byte[0], true);
        utf8.reset();
        return rest;
    }

    private String decode(byte[] more, boolean last) {
        ByteBuffer in = ByteBuffer.allocate(waiting.length + more.length)
                .put(waiting)
                .put(more)
                .flip();
        // A byte becomes one UTF-16 unit at most.
        CharBuffer out = CharBuffer.allocate(in.remaining() + 1);
        utf8.decode(in, out, last);
        if (last) {
            utf8.flush(out);
        }
        waiting = new byte[in.remaining()];
        in.get(waiting);
        return out.flip().toString();
    }
}
