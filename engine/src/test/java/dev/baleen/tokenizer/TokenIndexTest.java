package dev.baleen.tokenizer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TokenIndexTest {
    @Test
    void findsWhatAMapFindsWholeAndInTwoPieces() {
        for (long seed = 0; seed < 50; seed++) {
            Random random = new Random(seed);
            List<String> tokens = new ArrayList<>();
            Map<String, Integer> expected = new HashMap<>();
            for (int id = 0; id < random.nextInt(400); id++) {
                String token = word(random);
                tokens.add(token);
                if (!token.isEmpty()) {
                    expected.putIfAbsent(token, id);
                }
            }
            TokenIndex index = new TokenIndex(tokens);
            for (int i = 0; i < 400; i++) {
                String left = word(random);
                String right = word(random);
                int id = expected.getOrDefault(left + right, TokenIndex.NONE);
                assertEquals(id, index.find(left + right), "seed " + seed);
                String around = "<" + left + "|" + right + ">";
                int middle = 1 + left.length();
                assertEquals(
                        id, index.find(around, 1, middle, around, middle + 1, around.length() - 1), "seed " + seed);
            }
        }
    }

    @Test
    void takesNoLongerForTokensWhoseJavaHashesAreEqual() {
        List<String> tokens = new ArrayList<>();
        for (int i = 0; i < 1 << 16; i++) {
            StringBuilder token = new StringBuilder();
            for (int bit = 0; bit < 16; bit++) {
                token.append((i >> bit & 1) == 0 ? "Aa" : "BB");
            }
            tokens.add(token.toString());
        }
        assertEquals(tokens.getFirst().hashCode(), tokens.getLast().hashCode());
        long start = System.nanoTime();
        TokenIndex index = new TokenIndex(tokens);
        for (int id = 0; id < tokens.size(); id++) {
            assertEquals(id, index.find(tokens.get(id)));
        }
        // One after the other in one place, they would take two thousand million comparisons.
        assertTrue(System.nanoTime() - start < 5_000_000_000L, "quadratic");
    }

    private static String word(Random random) {
        StringBuilder word = new StringBuilder();
        for (int length = random.nextInt(4); length > 0; length--) {
            word.append("ab\u0120\u4E2D".charAt(random.nextInt(4)));
        }
        return word.toString();
    }
}
