package dev.baleen.generation;

import dev.baleen.generation.GenerationEvent.Text;
import dev.baleen.tokenizer.StreamingDecoder;
import dev.baleen.tokenizer.Tokenizer;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/// Turns the tokens of one answer into text that need never be taken back.
///
/// Held back are half characters, and text that may be the beginning of a stop text. Where a stop text is complete,
/// what stands before it is given out and the rest is dropped. The first one to be complete wins; of several that end
/// at the same character, the longest.
final class TextStream {
    private final StreamingDecoder decoder;
    private final List<String> stop;
    private final String stopFrom;

    /// Text that was decoded and not given out, and how much was given out before it.
    private final StringBuilder held = new StringBuilder();
    private int given;
    /// From where in `held` stop texts count; beyond it where the mark has not come.
    private int stopStart;
    private boolean armed;
    /// How much of `held` was searched already.
    private int searched;

    /// Tokens not given out, and the length of the whole text that each completes.
    private final Deque<Waiting> waiting = new ArrayDeque<>();

    private boolean stopped;

    private record Waiting(GeneratedToken token, int end) {}

    TextStream(Tokenizer tokenizer, List<String> stop, String stopFrom) {
        decoder = tokenizer.streamingDecoder();
        this.stop = stop;
        this.stopFrom = stopFrom;
        armed = stopFrom.isEmpty();
    }

    /// Whether a stop text was completed. Nothing more comes then.
    boolean stopped() {
        return stopped;
    }

    /// What may be shown after one more token.
    Optional<Text> add(GeneratedToken token) {
        String text = decoder.add(token.id());
        held.append(text);
        // A token that completes no character belongs to the character that comes next.
        waiting.add(new Waiting(token, given + held.length() + (text.isEmpty() ? 1 : 0)));
        int cut = search();
        if (cut >= 0) {
            stopped = true;
            held.setLength(cut);
            return give(held.length(), false);
        }
        return give(held.length() - prefixLength(), false);
    }

    /// A token that ends the answer and has no text in it.
    void addSilent(GeneratedToken token) {
        waiting.add(new Waiting(token, given + held.length()));
    }

    /// What was held back and will not become anything else; half a character becomes U+FFFD.
    Optional<Text> finish() {
        if (stopped) {
            return Optional.empty();
        }
        held.append(decoder.flush());
        return give(held.length(), true);
    }

    private Optional<Text> give(int length, boolean everyToken) {
        String text = held.substring(0, length);
        held.delete(0, length);
        given += length;
        stopStart = Math.max(0, stopStart - length);
        searched = Math.max(0, searched - length);
        List<GeneratedToken> tokens = new ArrayList<>();
        List<Integer> ends = new ArrayList<>();
        while (!waiting.isEmpty() && (everyToken || waiting.peek().end() <= given)) {
            Waiting next = waiting.poll();
            tokens.add(next.token());
            ends.add(Math.min(length, length - (given - next.end())));
        }
        return text.isEmpty() && tokens.isEmpty() ? Optional.empty() : Optional.of(new Text(text, tokens, ends));
    }

    /// Where in `held` the first stop text to be complete begins; -1 if there is none.
    private int search() {
        if (stop.isEmpty()) {
            return -1;
        }
        for (int end = searched + 1; end <= held.length(); end++) {
            if (!armed) {
                if (endsWith(end, 0, stopFrom)) {
                    armed = true;
                    stopStart = end;
                }
                continue;
            }
            int start = -1;
            for (String text : stop) {
                if (endsWith(end, stopStart, text) && (start < 0 || end - text.length() < start)) {
                    start = end - text.length();
                }
            }
            if (start >= 0) {
                return start;
            }
        }
        searched = held.length();
        return -1;
    }

    private boolean endsWith(int end, int from, String text) {
        int start = end - text.length();
        return start >= from && matches(start, text, text.length());
    }

    /// Whether the first `length` characters of `text` stand in `held` at `start`.
    private boolean matches(int start, String text, int length) {
        for (int i = 0; i < length; i++) {
            if (held.charAt(start + i) != text.charAt(i)) {
                return false;
            }
        }
        return true;
    }

    /// Length of the longest end of `held` that may become a stop text, or the mark after which they count.
    private int prefixLength() {
        if (stop.isEmpty()) {
            return 0;
        }
        if (!armed) {
            return prefixLength(stopFrom, 0);
        }
        int longest = 0;
        for (String text : stop) {
            longest = Math.max(longest, prefixLength(text, stopStart));
        }
        return longest;
    }

    private int prefixLength(String text, int from) {
        for (int length = Math.min(text.length() - 1, held.length() - from); length > 0; length--) {
            if (matches(held.length() - length, text, length)) {
                return length;
            }
        }
        return 0;
    }
}
