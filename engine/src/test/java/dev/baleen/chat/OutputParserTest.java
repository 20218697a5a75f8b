package dev.baleen.chat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.baleen.chat.Delta.Kind;
import dev.baleen.chat.Delta.Text;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class OutputParserTest {
    private record Parsed(String reasoning, String content) {}

    @Test
    void tellsThoughtsFromAnswer() {
        assertEquals(new Parsed("424 + 837", "1261"), parse(true, "424 + 837\n</think>\n\n1261"));
        assertEquals(new Parsed("a\nb", "c\nd\n"), parse(true, "\n\na\nb\n\n</think>c\nd\n"));
        assertEquals(new Parsed("", "c"), parse(true, "\n</think>\n\nc"));
    }

    @Test
    void acceptsThoughtsThatTheModelOpensItself() {
        assertEquals(new Parsed("a", "b"), parse(false, "<think>\na\n</think>\n\nb"));
        assertEquals(new Parsed("a", "b"), parse(false, "\n<think>a</think>b"));
        assertEquals(new Parsed("", "x<think>a"), parse(false, "x<think>a</think>"));
    }

    @Test
    void hasNoAnswerWhereTheThoughtsDoNotEnd() {
        assertEquals(new Parsed("a</thin", ""), parse(true, "a</thin"));
        assertEquals(new Parsed("a\n\n", ""), parse(true, "a\n\n"));
        assertEquals(new Parsed("", ""), parse(true, "\n\n"));
    }

    @Test
    void dropsAMarkThatClosesNothing() {
        assertEquals(new Parsed("", "a\nb"), parse(false, "a</think>\nb"));
        assertEquals(new Parsed("", "a"), parse(false, "</think>a"));
        assertEquals(new Parsed("a", "bc<think>d"), parse(true, "a</think>b</think>c<think>d"));
        assertEquals(new Parsed("", "</thin</thi"), parse(false, "</thin</thi"));
    }

    @Test
    void keepsASecondOpeningMarkAsText() {
        assertEquals(new Parsed("<think>a", "b"), parse(true, "<think>a</think>b"));
    }

    @Test
    void holdsBackNoMoreThanMayBecomeAMark() {
        OutputParser parser = new OutputParser(OutputRules.of(AnswerStart.THOUGHTS));
        assertEquals(List.of(new Text(Kind.REASONING, "a < b", List.of())), parser.add("a < b"));
        assertEquals(List.of(), parser.add("\n</th"));
        assertEquals(
                List.of(new Text(Kind.REASONING, "\n</th", List.of()), new Text(Kind.REASONING, "ose>", List.of())),
                parser.add("ose>"));
        assertTrue(parser.isThinking());
        assertEquals(List.of(new Text(Kind.CONTENT, "x", List.of())), parser.add("</think>\n\nx"));
        assertFalse(parser.isThinking());
        assertEquals(List.of(), parser.finish());
    }

    /// However a text is cut into pieces, thoughts and answer are the same, and as a reading of the whole text
    /// gives them.
    @Test
    void doesNotDependOnThePieces() {
        String[] bricks = {
            "\n", "\n", "a", "b ", "<think>", "</think>", "</thi", "nk>", "<", "/think", "é", "<th", "ink>"
        };
        long seed = 5;
        Random random = new Random(seed);
        for (int round = 0; round < 5_000; round++) {
            StringBuilder built = new StringBuilder();
            for (int i = random.nextInt(14); i > 0; i--) {
                built.append(bricks[random.nextInt(bricks.length)]);
            }
            String text = built.toString();
            boolean startsThinking = random.nextBoolean();
            List<String> pieces = cut(text, random);
            String message = "seed " + seed + ", round " + round + ": " + startsThinking + " " + pieces;
            assertEquals(
                    readWhole(startsThinking, text), parse(startsThinking, pieces.toArray(String[]::new)), message);
        }
    }

    private static List<String> cut(String text, Random random) {
        List<String> pieces = new ArrayList<>();
        for (int from = 0; from < text.length(); ) {
            int to = Math.min(text.length(), from + random.nextInt(5));
            pieces.add(text.substring(from, to));
            from = to;
        }
        return pieces;
    }

    /// The rules again, over a whole text.
    private static Parsed readWhole(boolean startsThinking, String text) {
        String begin = text.replaceFirst("^\n+", "");
        boolean thinks = startsThinking || begin.startsWith("<think>");
        if (!thinks) {
            return new Parsed("", begin.replace("</think>", ""));
        }
        String thoughts =
                startsThinking ? begin : begin.substring("<think>".length()).replaceFirst("^\n+", "");
        int end = thoughts.indexOf("</think>");
        if (end < 0) {
            return new Parsed(thoughts, "");
        }
        String answer = thoughts.substring(end + "</think>".length()).replaceFirst("^\n+", "");
        return new Parsed(thoughts.substring(0, end).replaceFirst("\n+$", ""), answer.replace("</think>", ""));
    }

    private static Parsed parse(boolean startsThinking, String... pieces) {
        OutputParser parser =
                new OutputParser(OutputRules.of(startsThinking ? AnswerStart.THOUGHTS : AnswerStart.EITHER));
        List<Delta> deltas = new ArrayList<>();
        for (String piece : pieces) {
            deltas.addAll(parser.add(piece));
        }
        deltas.addAll(parser.finish());
        StringBuilder reasoning = new StringBuilder();
        StringBuilder content = new StringBuilder();
        for (Delta delta : deltas) {
            Text text = (Text) delta;
            assertFalse(text.text().isEmpty());
            switch (text.kind()) {
                case REASONING -> {
                    assertTrue(content.isEmpty(), "thoughts after the answer");
                    reasoning.append(text.text());
                }
                case CONTENT -> content.append(text.text());
            }
        }
        return new Parsed(reasoning.toString(), content.toString());
    }
}
