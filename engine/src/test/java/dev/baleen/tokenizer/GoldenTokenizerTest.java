package dev.baleen.tokenizer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.baleen.Goldens;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Four families, 400 awkward texts each, against the `tokenizers` library.
class GoldenTokenizerTest {
    @ParameterizedTest
    @ValueSource(strings = {"deepseek-v3", "deepseek-coder", "llama3", "qwen2"})
    void givesTheIdsAndTheTextOfTheReference(String family) throws IOException {
        check(TokenizerJson.read(Goldens.path("tokenizer/" + family)), family);
    }

    @ParameterizedTest
    @ValueSource(strings = {"deepseek-v3", "deepseek-coder", "llama3", "qwen2"})
    void givesTheSameAfterWritingAndReading(String family, @TempDir Path folder) throws IOException {
        TokenizerJson.write(TokenizerJson.read(Goldens.path("tokenizer/" + family)), folder);
        check(TokenizerJson.read(folder), family);
    }

    @ParameterizedTest
    @CsvSource({"deepseek-v3,deepseek-v3", "deepseek-coder,deepseek-coder", "llama3,llama-bpe", "qwen2,qwen2"})
    void givesTheSameFromGgufMetadata(String family, String pre) throws IOException {
        BytePairEncoding json = TokenizerJson.read(Goldens.path("tokenizer/" + family));
        GgufVocabulary gguf = GgufVocabulary.of(json, 4_000, Optional.empty());
        assertEquals(pre, gguf.pre());
        assertEquals(4_000, gguf.tokens().size());
        assertEquals("", gguf.tokenizer().decode(3_999));
        check(gguf.tokenizer(), family);
    }

    @Test
    void knowsWhichTokensBeginAndEnd() throws IOException {
        BytePairEncoding tokenizer = TokenizerJson.read(Goldens.path("tokenizer/deepseek-v3"));
        assertEquals(
                "<｜begin▁of▁sentence｜>", tokenizer.token(tokenizer.beginId().orElseThrow()));
        assertEquals("<｜end▁of▁sentence｜>", tokenizer.token(tokenizer.endId().orElseThrow()));
        assertTrue(tokenizer.isSpecial(tokenizer.beginId().orElseThrow()));
        assertEquals(OptionalInt.of(3508), tokenizer.id("<think>"));
        assertEquals(3510, tokenizer.vocabularySize());
    }

    private static void check(Tokenizer tokenizer, String family) throws IOException {
        JsonNode cases = new ObjectMapper()
                .readTree(Goldens.path("tokenizer/" + family + "/expected.json").toFile())
                .path("cases");
        assertTrue(cases.size() >= 400);
        for (JsonNode reference : cases) {
            String text = reference.path("text").asText();
            int[] ids = new int[reference.path("ids").size()];
            for (int i = 0; i < ids.length; i++) {
                ids[i] = reference.path("ids").path(i).asInt();
            }
            assertArrayEquals(ids, tokenizer.encode(text), () -> family + ": " + reference.path("text"));
            assertEquals(reference.path("decoded").asText(), tokenizer.decode(ids), () -> family);
        }
    }
}
