package dev.baleen.task;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.EnumMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SplitTest {

    private static final long SEED = 7;

    @Test
    void twoHundredThousandTrainingProblemsHoldNoKeyOfAnotherSplit() {
        Mixture mixture = new Mixture(Mixture.sprout(), Split.TRAIN, SEED);
        Set<String> trained = new HashSet<>();
        for (long i = 0; i < 200_000; i++) {
            Problem problem = mixture.problem(i);
            trained.add(problem.task() + "|" + problem.key());
            assertEquals(Split.TRAIN, Split.of(problem), () -> "seed " + SEED + ": " + problem);
        }
        for (Task task : Tasks.all()) {
            for (Split split : Set.of(Split.TEST, Split.VALIDATION, Split.RL)) {
                ProblemSource source = new ProblemSource(task, split, SEED);
                for (long i = 0; i < 1_000; i++) {
                    Problem problem = source.problem(i);
                    assertTrue(!trained.contains(problem.task() + "|" + problem.key()), problem::toString);
                }
            }
        }
    }

    @Test
    void bucketsHaveTheirPromisedSizes() {
        Map<Split, Integer> counts = new EnumMap<>(Split.class);
        for (int i = 0; i < 100_000; i++) {
            counts.merge(Split.of("sizes", "key " + i), 1, Integer::sum);
        }
        assertEquals(5_000, counts.get(Split.TEST), 300);
        assertEquals(2_000, counts.get(Split.VALIDATION), 200);
        assertEquals(3_000, counts.get(Split.RL), 250);
        assertEquals(90_000, counts.get(Split.TRAIN), 500);
    }

    /// Computed outside Java: SHA-256 of "v1|addition|424+837" and so on, first 8 bytes mod 100.
    @Test
    void bucketsAreThoseOfTheWrittenDefinition() {
        assertEquals(70, Split.bucket("addition", "424+837"));
        assertEquals(8, Split.bucket("comparison", "9.11|9.9"));
        assertEquals(25, Split.bucket("smalltalk", "who are you"));
    }

    @Test
    void theOrderAndTheWordingOfAQuestionDoNotChangeItsKey() {
        assertEquals(
                new Addition().draw(Dice.of(1), Wording.SEEN).key(),
                new Addition().draw(Dice.of(1), Wording.UNSEEN).key());
        assertEquals("who are you", SmallTalk.normalised("  Who are  YOU?! "));
        assertEquals("whats 3+4", SmallTalk.normalised("What's 3+4?"));
    }

    @Test
    void aSetTooSmallToBeSplitIsToldApart() {
        Task single = new Task() {
            @Override
            public String name() {
                return "single";
            }

            @Override
            public Problem draw(Dice dice, Wording wording) {
                return new Problem("single", "only", "q", "", "a", false);
            }

            @Override
            public Verdict verify(Problem problem, String completion) {
                return new Verdict(false, false, 0);
            }
        };
        Split own = Split.of("single", "only");
        Split other = own == Split.TRAIN ? Split.TEST : Split.TRAIN;
        assertThrows(IllegalStateException.class, () -> new ProblemSource(single, other, 1).problem(0));
    }
}
