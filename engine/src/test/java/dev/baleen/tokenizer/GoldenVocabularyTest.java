package dev.baleen.tokenizer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.baleen.Goldens;
import dev.baleen.checkpoint.Gguf;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Real vocabularies in GGUF files, against llama.cpp's own tokenizer tests.
class GoldenVocabularyTest {
    private static final String SEPARATOR = "\n__ggml_vocab_test__\n";

    @ParameterizedTest
    @ValueSource(strings = {"deepseek-llm", "deepseek-coder", "qwen2", "llama-bpe"})
    void givesTheIdsOfTheReferenceAndTheTextBack(String name) throws IOException {
        Path file = Goldens.path("vocab/ggml-vocab-" + name + ".gguf");
        BytePairEncoding tokenizer = read(file);
        List<String> texts =
                new ArrayList<>(Arrays.asList(Files.readString(file.resolveSibling(file.getFileName() + ".inp"))
                        .split(SEPARATOR, -1)));
        texts.removeLast();
        List<String> expected = Files.readAllLines(file.resolveSibling(file.getFileName() + ".out"));
        assertEquals(expected.size(), texts.size());
        for (int i = 0; i < texts.size(); i++) {
            String text = texts.get(i);
            int[] ids = Arrays.stream(expected.get(i).trim().split(" "))
                    .filter(id -> !id.isEmpty())
                    .mapToInt(Integer::parseInt)
                    .toArray();
            assertArrayEquals(ids, tokenizer.encode(text), text);
            assertEquals(text, tokenizer.decode(ids));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"deepseek-llm", "deepseek-coder", "qwen2", "llama-bpe"})
    void givesTheSameFromAFileInTheOtherFormat(String name, @TempDir Path folder) throws IOException {
        BytePairEncoding gguf = read(Goldens.path("vocab/ggml-vocab-" + name + ".gguf"));
        TokenizerJson.write(gguf, folder);
        BytePairEncoding json = TokenizerJson.read(folder);
        assertEquals(gguf.vocabularySize(), json.vocabularySize());
        assertEquals(gguf.beginId(), json.beginId());
        assertEquals(gguf.endId(), json.endId());
        for (long seed = 0; seed < 300; seed++) {
            String text = Samples.text(new Random(seed), 20);
            int[] ids = gguf.encode(text);
            assertArrayEquals(ids, json.encode(text), "seed " + seed);
            assertEquals(Samples.wellFormed(text), gguf.decode(ids), "seed " + seed);
        }
    }

    @Test
    void opensTheVocabulariesOfTheReferenceModels() throws IOException {
        for (String name :
                List.of("tiny-deepseek2-v3", "tiny-deepseek2-v2lite", "tiny-deepseek4", "tiny-qwen2", "tiny-llama3")) {
            BytePairEncoding tokenizer = read(Goldens.path(name + ".gguf"));
            assertEquals(512, tokenizer.vocabularySize(), name);
            assertTrue(tokenizer.encode("hello").length > 0, name);
        }
    }

    private static BytePairEncoding read(Path file) {
        try (Gguf gguf = Gguf.open(file)) {
            return new GgufVocabulary(
                            gguf.string("tokenizer.ggml.model"),
                            gguf.string("tokenizer.ggml.pre"),
                            gguf.strings("tokenizer.ggml.tokens"),
                            Arrays.stream(gguf.integers("tokenizer.ggml.token_type"))
                                    .mapToObj(Math::toIntExact)
                                    .toList(),
                            gguf.strings("tokenizer.ggml.merges"),
                            id(gguf, "bos"),
                            id(gguf, "eos"),
                            id(gguf, "padding"),
                            gguf.findBool("tokenizer.ggml.add_bos_token").orElse(false))
                    .tokenizer();
        }
    }

    private static OptionalInt id(Gguf gguf, String which) {
        return gguf.findInteger("tokenizer.ggml." + which + "_token_id").stream()
                .mapToInt(Math::toIntExact)
                .findFirst();
    }
}
