package dev.baleen.generation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.baleen.generation.GenerationEvent.Text;
import dev.baleen.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TextStreamTest {
    private static final Tokenizer TOKENIZER = new ByteTokenizer();

    @Test
    void neverShowsHalfACharacter() {
        TextStream stream = new TextStream(TOKENIZER, List.of(), "");
        List<String> shown = new ArrayList<>();
        for (int id : TOKENIZER.encodeOrdinary("aé🐋")) {
            stream.add(GeneratedToken.plain(id)).ifPresent(text -> shown.add(text.text()));
        }
        assertEquals(List.of("a", "é", "🐋"), shown);
        assertEquals(Optional.empty(), stream.finish());
    }

    @Test
    void givesTheTokensWithTheCharacterThatTheyComplete() {
        TextStream stream = new TextStream(TOKENIZER, List.of(), "");
        int[] ids = TOKENIZER.encodeOrdinary("🐋");
        for (int i = 0; i < 3; i++) {
            assertEquals(Optional.empty(), stream.add(GeneratedToken.plain(ids[i])));
        }
        assertEquals(
                4,
                stream.add(GeneratedToken.plain(ids[3])).orElseThrow().tokens().size());
    }

    @Test
    void endsHalfACharacterWithAReplacement() {
        TextStream stream = new TextStream(TOKENIZER, List.of(), "");
        stream.add(GeneratedToken.plain(0xF0));
        Text rest = stream.finish().orElseThrow();
        assertEquals("\uFFFD", rest.text());
        assertEquals(1, rest.tokens().size());
    }

    @Test
    void holdsBackWhatMayBecomeAStopText() {
        TextStream stream = new TextStream(TOKENIZER, List.of("END"), "");
        assertEquals("x", add(stream, "x"));
        assertEquals("", add(stream, "EN"));
        assertEquals("ENx", add(stream, "x"));
        assertEquals("", add(stream, "END"));
        assertTrue(stream.stopped());
        assertEquals(Optional.empty(), stream.finish());
    }

    @Test
    void releasesThePrefixOfAStopTextAtTheEnd() {
        TextStream stream = new TextStream(TOKENIZER, List.of("END"), "");
        assertEquals("a", add(stream, "aEN"));
        assertEquals("EN", stream.finish().orElseThrow().text());
    }

    @Test
    void looksForStopTextsOnlyAfterTheMark() {
        TextStream stream = new TextStream(TOKENIZER, List.of("k>b", "."), "</think>");
        assertEquals("a.b</think>b", add(stream, "a.b</think>b.c"));
        assertTrue(stream.stopped());
    }

    /// Whatever the text and the stop texts, the shown text is what stands before the first one to be complete, and
    /// each token is shown once, with its text.
    @Test
    void showsWhatStandsBeforeTheFirstStopText() {
        long seed = 42;
        Random random = new Random(seed);
        for (int round = 0; round < 3_000; round++) {
            String text = random(random, 30);
            List<String> stop = new ArrayList<>();
            for (int i = random.nextInt(3); i > 0; i--) {
                stop.add(random(random, 1 + random.nextInt(4)));
            }
            String from = random.nextBoolean() ? "" : random(random, 2);
            String message = "seed %d, round %d: %s, stop %s from '%s'".formatted(seed, round, text, stop, from);

            TextStream stream = new TextStream(TOKENIZER, stop, from);
            StringBuilder shown = new StringBuilder();
            List<Integer> tokens = new ArrayList<>();
            for (int id : TOKENIZER.encodeOrdinary(text)) {
                if (!stream.stopped()) {
                    stream.add(GeneratedToken.plain(id)).ifPresent(part -> {
                        shown.append(part.text());
                        part.tokens().forEach(token -> tokens.add(token.id()));
                        assertEquals(shown.toString(), decode(tokens), message);
                    });
                }
            }
            stream.finish().ifPresent(part -> shown.append(part.text()));

            assertEquals(text.substring(0, cut(text, stop, from)), shown.toString(), message);
        }
    }

    private static int cut(String text, List<String> stop, String from) {
        int mark = text.indexOf(from);
        if (mark < 0) {
            return text.length();
        }
        int begin = mark + from.length();
        for (int end = begin; end <= text.length(); end++) {
            int earliest = end;
            for (String each : stop) {
                int start = end - each.length();
                if (start >= begin && text.startsWith(each, start)) {
                    earliest = Math.min(earliest, start);
                }
            }
            if (earliest < end) {
                return earliest;
            }
        }
        return text.length();
    }

    private static String add(TextStream stream, String text) {
        StringBuilder shown = new StringBuilder();
        for (int id : TOKENIZER.encodeOrdinary(text)) {
            if (!stream.stopped()) {
                stream.add(GeneratedToken.plain(id)).ifPresent(part -> shown.append(part.text()));
            }
        }
        return shown.toString();
    }

    private static String decode(List<Integer> tokens) {
        return TOKENIZER.decode(tokens.stream().mapToInt(Integer::intValue).toArray());
    }

    private static String random(Random random, int length) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < length; i++) {
            text.append("abé".charAt(random.nextInt(3)));
        }
        return text.toString();
    }
}
