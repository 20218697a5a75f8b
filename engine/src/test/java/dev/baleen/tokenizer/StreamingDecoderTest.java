package dev.baleen.tokenizer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.junit.jupiter.api.Test;

class StreamingDecoderTest {
    /// Ids 0 to 255 are the bytes, so that a test can write any byte.
    private final BytePairEncoding tokenizer = Samples.tokenizer("deepseek-v3", "ð Ł");

    @Test
    void holdsACharacterBackUntilItsLastByte() {
        StreamingDecoder decoder = tokenizer.streamingDecoder();
        byte[] whale = "🐋".getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < 3; i++) {
            assertEquals("", decoder.add(whale[i] & 0xFF));
        }
        assertEquals("🐋", decoder.add(whale[3] & 0xFF));
        assertEquals("", decoder.flush());
    }

    @Test
    void tellsAnUnfinishedCharacterAtTheEnd() {
        StreamingDecoder decoder = tokenizer.streamingDecoder();
        assertEquals("", decoder.add(0xE4));
        assertEquals("", decoder.add(0xB8));
        assertEquals("\uFFFD", decoder.flush());
        assertEquals("a", decoder.add('a'), "it can be used again");
    }

    @Test
    void givesAllTogetherTheTextOfTheWhole() {
        for (long seed = 0; seed < 5000; seed++) {
            Random random = new Random(seed);
            int[] ids = ids(random);
            StreamingDecoder decoder = tokenizer.streamingDecoder();
            StringBuilder text = new StringBuilder();
            for (int id : ids) {
                String piece = decoder.add(id);
                if (!piece.isEmpty()) {
                    assertFalse(Character.isHighSurrogate(piece.charAt(piece.length() - 1)), "seed " + seed);
                    assertFalse(Character.isLowSurrogate(piece.charAt(0)), "seed " + seed);
                }
                text.append(piece);
            }
            text.append(decoder.flush());
            assertEquals(tokenizer.decode(ids), text.toString(), "seed " + seed);
        }
    }

    @Test
    void neverHoldsBackMoreThanThreeBytes() {
        for (long seed = 0; seed < 1000; seed++) {
            int[] ids = ids(new Random(seed));
            StreamingDecoder decoder = tokenizer.streamingDecoder();
            StringBuilder text = new StringBuilder();
            for (int i = 0; i < ids.length; i++) {
                text.append(decoder.add(ids[i]));
                // What has come so far is the whole's text, but for the last incomplete character.
                String whole = tokenizer.decode(java.util.Arrays.copyOf(ids, i + 1));
                assertEquals(0, whole.indexOf(text.toString()), "seed " + seed);
                assertFalse(whole.length() - text.length() > 1, "seed " + seed);
            }
        }
    }

    /// Text, random bytes and bytes that often begin characters, mixed.
    private int[] ids(Random random) {
        return switch (random.nextInt(3)) {
            case 0 ->
                random.ints(random.nextInt(40), 0, tokenizer.vocabularySize()).toArray();
            case 1 -> random.ints(random.nextInt(40), 0x7F, 0x100).toArray();
            default -> {
                int[] ids = tokenizer.encode(Samples.text(random, 8));
                for (int i = random.nextInt(4); i > 0 && ids.length > 0; i--) {
                    ids[random.nextInt(ids.length)] = random.nextInt(0x80, 0x100);
                }
                yield ids;
            }
        };
    }
}
