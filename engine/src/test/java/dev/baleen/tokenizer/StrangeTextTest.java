package dev.baleen.tokenizer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeout;

import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Whatever the text: nothing throws, the text comes back, and the time grows with the length only.
class StrangeTextTest {
    @ParameterizedTest
    @ValueSource(strings = {"deepseek-v3", "deepseek-coder", "deepseek-llm", "qwen2", "llama-bpe", "gpt-2"})
    void givesAnyTextBack(String pre) {
        BytePairEncoding tokenizer =
                Samples.tokenizer(pre, "t h", "th e", "Ġ the", "Ġ Ġ", "ĠĠ ĠĠ", "1 2", "12 3", "Ċ Ċ");
        for (long seed = 0; seed < 3000; seed++) {
            String text = Samples.text(new Random(seed), 30);
            String expected = Samples.wellFormed(text);
            assertEquals(expected, tokenizer.decode(tokenizer.encode(text)), "encode, seed " + seed);
            assertEquals(expected, tokenizer.decode(tokenizer.encodeOrdinary(text)), "encodeOrdinary, seed " + seed);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"deepseek-v3", "deepseek-coder", "deepseek-llm", "qwen2", "llama-bpe", "gpt-2"})
    void takesLongRunsInLinearTime(String pre) {
        takesRuns(pre, 20_000);
    }

    @Tag("slow")
    @ParameterizedTest
    @ValueSource(strings = {"deepseek-v3", "deepseek-coder", "deepseek-llm", "qwen2", "llama-bpe", "gpt-2"})
    void takesAMillionOfTheSameInLinearTime(String pre) {
        takesRuns(pre, 1_000_000);
    }

    private static void takesRuns(String pre, int length) {
        BytePairEncoding tokenizer = Samples.tokenizer(pre, "a a", "aa aa", "aaaa aaaa", "Ġ Ġ", "ĠĠ ĠĠ", "Ċ Ċ", "! !");
        for (String unit : "a¦ ¦\n¦\r¦!¦1¦中¦é¦\u0301¦ \n¦a ¦a1¦!a¦<¦\uD83D".split("¦")) {
            String run = unit.repeat(length / unit.length());
            for (String text : new String[] {run, run + "x", "x" + run, run + "\nx"}) {
                assertTimeout(
                        Duration.ofSeconds(20),
                        () -> assertEquals(Samples.wellFormed(text), tokenizer.decode(tokenizer.encode(text))),
                        pre + ", " + unit);
            }
        }
    }
}
