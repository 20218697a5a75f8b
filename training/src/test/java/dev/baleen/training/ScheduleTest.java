package dev.baleen.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class ScheduleTest {
    private final Schedule schedule = new Schedule(100, 4, 10, 0.05);

    @Test
    void risesInAStraightLineToOne() {
        assertEquals(0.25, schedule.factor(0));
        assertEquals(0.75, schedule.factor(2));
        assertEquals(1, schedule.factor(3));
    }

    @Test
    void staysAtOneUntilTheDecay() {
        for (long step = 3; step <= 89; step++) {
            assertEquals(1, schedule.factor(step), "step " + step);
        }
        assertTrue(schedule.factor(90) < 1);
    }

    @Test
    void fallsInAStraightLineToTheFloorOnTheLastStep() {
        assertEquals(0.05 + 0.95 * 0.5, schedule.factor(94), 1e-12);
        assertEquals(0.05, schedule.factor(99), 1e-12);
        assertEquals(0.05, schedule.factor(1000), 1e-12);
    }

    @Test
    void withoutWarmUpAndDecayIsAlwaysOne() {
        Schedule flat = new Schedule(5, 0, 0, 0);
        for (long step = 0; step < 5; step++) {
            assertEquals(1, flat.factor(step));
        }
    }

    @Test
    void sharesBecomeSteps() {
        assertEquals(new Schedule(200, 4, 60, 0.1), Schedule.of(200, 0.02, 0.3, 0.1));
    }

    @Test
    void refusesMoreWarmUpAndDecayThanSteps() {
        String message = assertThrows(IllegalArgumentException.class, () -> new Schedule(10, 6, 5, 0))
                .getMessage();
        assertTrue(message.contains("10 steps with 6 of warm-up and 5 of decay"), message);
    }
}
