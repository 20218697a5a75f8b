package dev.baleen.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.baleen.tensor.Tensor;
import org.junit.jupiter.api.Test;

class ExpertBalanceTest {
    @Test
    void idleExpertsRiseAndBusyOnesFall() {
        Tensor bias = Tensor.ofFloats(new float[] {0, 0.5f, 0, 0}, 4);
        ExpertBalance.adjust(bias, new long[] {10, 30, 20, 20}, 0.25);
        assertArrayEquals(new float[] {0.25f, 0.25f, 0, 0}, bias.toFloats());
    }

    @Test
    void aRateOfZeroFreezesTheBiases() {
        Tensor bias = Tensor.ofFloats(new float[] {0, 0.5f}, 2);
        ExpertBalance.adjust(bias, new long[] {10, 30}, 0);
        assertArrayEquals(new float[] {0, 0.5f}, bias.toFloats());
    }

    @Test
    void violationIsTheBusiestExpertsExcess() {
        assertEquals(0.5, ExpertBalance.maxViolation(new long[] {10, 30, 20, 20}));
        assertEquals(0, ExpertBalance.maxViolation(new long[] {5, 5}));
        assertEquals(0, ExpertBalance.maxViolation(new long[] {0, 0}));
    }
}
