package dev.baleen.task;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MixtureTest {

    private static final long SEED = 3;

    @Test
    void tasksComeInTheirShares() {
        List<Mixture.Share> shares = Mixture.sprout();
        Mixture mixture = new Mixture(shares, Split.TRAIN, SEED);
        Map<String, Integer> counts = new HashMap<>();
        for (long i = 0; i < 50_000; i++) {
            counts.merge(mixture.problem(i).task(), 1, Integer::sum);
        }
        int all = shares.stream().mapToInt(Mixture.Share::weight).sum();
        for (Mixture.Share share : shares) {
            double expected = 50_000.0 * share.weight() / all;
            assertEquals(expected, counts.get(share.task().name()), 0.06 * expected, "seed " + SEED);
        }
    }

    @Test
    void theStreamCanBeReadFromAnywhere() {
        Mixture one = new Mixture(Mixture.sprout(), Split.TRAIN, SEED);
        Mixture two = new Mixture(Mixture.sprout(), Split.TRAIN, SEED);
        for (long i = 1_000; i > 0; i--) {
            two.problem(i * 7);
            assertEquals(one.problem(i), two.problem(i));
        }
    }

    @Test
    void someProblemsComeAfterEarlierTurnsOfTheSameSplit() {
        Mixture mixture = new Mixture(Mixture.sprout(), Split.TRAIN, SEED);
        int longer = 0;
        for (long i = 0; i < 8_000; i++) {
            Conversation conversation = mixture.conversation(i);
            assertEquals(mixture.problem(i), conversation.problem());
            assertEquals(conversation, mixture.conversation(i));
            int length =
                    (conversation.problem().question() + conversation.problem().assistant()).length();
            for (Problem before : conversation.earlier()) {
                assertEquals(Split.TRAIN, Split.of(before));
                length += before.question().length() + before.answer().length();
            }
            assertTrue(length <= Tasks.CHARACTERS_MAX, "seed " + SEED + ", index " + i);
            longer += conversation.earlier().isEmpty() ? 0 : 1;
        }
        assertEquals(1_000, longer, 150, "seed " + SEED);
    }

    @Test
    void aProblemKnowsItsDigits() {
        assertEquals(3, new Problem("addition", "7+837", "q", "", "a", false).digits());
        assertEquals(3, new Problem("comparison", "9.11|9.9", "q", "", "a", false).digits());
        assertEquals(0, new Problem("smalltalk", "hello", "q", "", "a", false).digits());
    }

    @Test
    void generationIsFasterThanTraining() {
        Mixture mixture = new Mixture(Mixture.sprout(), Split.TRAIN, SEED);
        long characters = 0;
        long start = System.nanoTime();
        for (long i = 0; i < 100_000; i++) {
            characters += mixture.problem(i).answer().length();
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        System.out.printf("%,.0f problems/s on one thread (%d characters)%n", 100_000 / seconds, characters);
    }

    @Test
    void emptyAndWeightlessMixturesAreRefused() {
        assertThrows(IllegalArgumentException.class, () -> new Mixture(List.of(), Split.TRAIN, SEED));
        assertThrows(IllegalArgumentException.class, () -> new Mixture.Share(new Addition(), 0));
        assertThrows(IllegalArgumentException.class, () -> Tasks.byName("alchemy"));
    }
}
