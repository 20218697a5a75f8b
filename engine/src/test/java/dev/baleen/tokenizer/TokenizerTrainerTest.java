package dev.baleen.tokenizer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.OptionalInt;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TokenizerTrainerTest {
    private static final int ADDED = 11;

    @Test
    void mergesTheMostFrequentPairFirst() {
        BytePairEncoding tokenizer = TokenizerTrainer.ofSize(ADDED + 256 + 3)
                .train(List.of("low low low lower", "<think>low</think> newest newest"));
        // l+o and o+w are seen five times each; the lexically first is merged.
        assertEquals("lo", tokenizer.token(ADDED + 256));
        assertEquals("low", tokenizer.token(ADDED + 257));
        assertEquals("Ġlow", tokenizer.token(ADDED + 258));
    }

    @Test
    void givesTheSameInWhateverOrderTheTextsCome() {
        List<String> texts = texts(1, 300);
        BytePairEncoding first = TokenizerTrainer.ofSize(400).train(texts);
        Collections.shuffle(texts, new Random(2));
        BytePairEncoding second = TokenizerTrainer.ofSize(400).train(texts);
        assertEquals(TokenizerJsonWriter.tree(first), TokenizerJsonWriter.tree(second));
    }

    @Test
    void agreesWithASlowTrainerThatCountsAfresh() {
        for (long seed = 0; seed < 20; seed++) {
            List<String> texts = texts(seed, 60);
            BytePairEncoding tokenizer =
                    TokenizerTrainer.ofSize(ADDED + 256 + 60).train(texts);
            int[] pairs = tokenizer.vocabulary().merges();
            List<String> merges = new ArrayList<>();
            for (int i = 0; i < pairs.length; i += 2) {
                merges.add(tokenizer.token(pairs[i]) + " " + tokenizer.token(pairs[i + 1]));
            }
            assertEquals(SlowTrainer.merges(texts, merges.size()), merges, "seed " + seed);
        }
    }

    @Test
    void neverMergesDigitsOperatorsPunctuationOrLineFeeds() {
        String text = "11 + 11 = 22\n\n11 + 11 = 22!! ==== 中中中中 éé\n";
        BytePairEncoding tokenizer = TokenizerTrainer.ofSize(512).train(Collections.nCopies(50, text));
        assertEquals(ADDED + 256, tokenizer.vocabularySize());
        assertEquals(text.getBytes(java.nio.charset.StandardCharsets.UTF_8).length, tokenizer.encode(text).length);
    }

    @Test
    void readsBackWhatItWrites(@TempDir Path folder) throws IOException {
        BytePairEncoding trained = TokenizerTrainer.ofSize(512).train(texts(3, 500));
        Files.writeString(folder.resolve("tokenizer_config.json"), "{\"chat_template\": \"kept\"}");
        TokenizerJson.write(trained, folder);
        BytePairEncoding read = TokenizerJson.read(folder);
        assertEquals(trained.vocabularySize(), read.vocabularySize());
        assertEquals(trained.addedTokens(), read.addedTokens());
        assertEquals(OptionalInt.of(0), read.beginId());
        assertEquals(OptionalInt.of(1), read.endId());
        assertEquals(OptionalInt.of(2), read.padId());
        assertTrue(read.addsBegin());
        assertTrue(Files.readString(folder.resolve("tokenizer_config.json")).contains("kept"));
        for (long seed = 0; seed < 500; seed++) {
            String text = Samples.text(new Random(seed), 20);
            assertArrayEquals(trained.encode(text), read.encode(text), "seed " + seed);
            assertEquals(Samples.wellFormed(text), read.decode(read.encode(text)), "seed " + seed);
        }
    }

    @Test
    void refusesASizeBelowTheBytes() {
        IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> TokenizerTrainer.ofSize(200));
        assertTrue(e.getMessage().contains("267"), e.getMessage());
    }

    private static List<String> texts(long seed, int count) {
        Random random = new Random(seed);
        String[] syllables = {"a", "an", "ban", "na", "in", "g", "ing", "the", "e", "lo", "w", "er", "est", "B"};
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            StringBuilder text = new StringBuilder();
            for (int word = random.nextInt(1, 12); word > 0; word--) {
                for (int part = random.nextInt(1, 5); part > 0; part--) {
                    text.append(syllables[random.nextInt(syllables.length)]);
                }
                text.append(random.nextInt(4) == 0 ? " = " + random.nextInt(100) + "\n" : " ");
            }
            texts.add(text.toString());
        }
        return texts;
    }
}
