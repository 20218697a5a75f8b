package dev.baleen.evaluation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.baleen.evaluation.Scores.Score;
import dev.baleen.evaluation.Scores.Tally;
import dev.baleen.task.Split;
import java.util.List;
import org.junit.jupiter.api.Test;

class ScoresTest {
    private final Scores scores = new Scores(
            List.of(
                    new Score("addition, to 3 digits", new Tally(200, 197, 199, 1, 198.5, 24_000), Tally.NONE),
                    new Score("countdown", new Tally(10, 3, 9, 0, 9, 2_000), new Tally(4, 1, 4, 0, 4, 800))),
            Split.TEST,
            7,
            1000);

    @Test
    void theTableIsAlignedMarkdown() {
        assertEquals("""
                | task                  | problems | correct % |    ± | format % | faithful % | tokens | new wording % |
                |-----------------------|---------:|----------:|-----:|---------:|-----------:|-------:|--------------:|
                | addition, to 3 digits |      200 |      98.5 |  1.9 |     99.5 |       99.3 |    120 |               |
                | countdown             |       10 |      30.0 | 24.8 |     90.0 |       90.0 |    200 |          25.0 |
                """, scores.table());
    }

    @Test
    void theUncertaintyDoesNotVanishWithoutMistakes() {
        Tally perfect = new Tally(200, 200, 200, 0, 200, 1);
        assertEquals(0.0094, perfect.uncertainty(), 1e-4);
        assertEquals(0, Tally.NONE.uncertainty());
    }

    @Test
    void jsonSaysWhatTheTableSays() {
        var task = scores.toJson().path("tasks").get(0);
        assertEquals("addition, to 3 digits", task.path("task").asText());
        assertEquals(0.985, task.path("known_wordings").path("correct_share").asDouble(), 1e-9);
        assertEquals(Split.VERSION, scores.toJson().path("split_version").asText());
        assertTrue(task.path("known_wordings").path("cut_off").asInt() == 1);
    }
}
