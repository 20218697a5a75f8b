package dev.baleen.tokenizer;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class GgufVocabularyTest {
    private static final List<String> TOKENS = List.of("a", "b", "ab");

    @Test
    void tellsAllThatDoesNotFit() {
        GgufVocabulary vocabulary = new GgufVocabulary(
                "llama",
                "qwen2",
                TOKENS,
                List.of(1),
                List.of(),
                OptionalInt.of(3),
                OptionalInt.of(-1),
                OptionalInt.empty(),
                true);
        TokenizerException e = assertThrows(TokenizerException.class, vocabulary::tokenizer);
        for (String part : List.of("\"llama\"", "token_type", "bos_token_id is 3", "eos_token_id is -1")) {
            assertTrue(e.getMessage().contains(part), e.getMessage());
        }
    }

    @Test
    void refusesAPreTokenizerItDoesNotKnowAndNamesThoseItDoes() {
        TokenizerException e = assertThrows(
                TokenizerException.class, () -> vocabulary("falcon", List.of()).tokenizer());
        assertTrue(e.getMessage().contains("falcon") && e.getMessage().contains("deepseek-v3"), e.getMessage());
    }

    @Test
    void refusesMergesOfTokensThatAreNotThere() {
        TokenizerException e = assertThrows(
                TokenizerException.class,
                () -> vocabulary("qwen2", List.of("a b", "b a", "x", "a  b")).tokenizer());
        assertTrue(e.getMessage().contains("\"ba\"") && e.getMessage().contains("\"x\""), e.getMessage());
    }

    private static GgufVocabulary vocabulary(String pre, List<String> merges) {
        return new GgufVocabulary(
                "gpt2",
                pre,
                TOKENS,
                List.of(),
                merges,
                OptionalInt.empty(),
                OptionalInt.empty(),
                OptionalInt.empty(),
                false);
    }
}
