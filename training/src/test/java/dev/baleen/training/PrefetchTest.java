package dev.baleen.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class PrefetchTest {
    @Test
    void stepsComeInOrder() throws InterruptedException {
        try (Prefetch prefetch = new Prefetch(PrefetchTest::step, 5, 25)) {
            for (int step = 5; step < 25; step++) {
                assertEquals(step, prefetch.next().getFirst().batch().tokens()[0]);
            }
        }
    }

    @Test
    void onlyAFewStepsAreMadeAhead() throws InterruptedException {
        AtomicLong made = new AtomicLong();
        StepSource counting = step -> {
            made.incrementAndGet();
            return step(step);
        };
        try (Prefetch prefetch = new Prefetch(counting, 0, 1000)) {
            for (int i = 0; i < 10; i++) {
                prefetch.next();
            }
            assertTrue(made.get() <= 10 + 5, made + " steps made");
        }
    }

    @Test
    void aFailureIsToldToWhoWaits() {
        StepSource failing = _ -> {
            throw new IllegalArgumentException("too long");
        };
        try (Prefetch prefetch = new Prefetch(failing, 0, 10)) {
            String message =
                    assertThrows(IllegalStateException.class, prefetch::next).getMessage();
            assertTrue(message.contains("too long"), message);
        }
    }

    private static List<MicroBatch> step(long step) {
        return List.of(MicroBatch.of(List.of(new Document(new int[] {(int) step, 1}, 0)), LossMask.ALL));
    }
}
