package dev.baleen.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class AdamWTest {
    private static final String MATRIX = "model.layers.0.self_attn.o_proj.weight";
    private final AdamW adamW = new AdamW(0.9, 0.99, 1e-8, 0.1);

    @Test
    void twoStepsByHand() {
        try (var fixture = new OptimizerFixture(MATRIX, 1, 2)) {
            fixture.value().setFloats(new float[] {1, -2});
            fixture.gradient().setFloats(new float[] {0.5f, -4});
            fixture.step(adamW, 1, 0.01, 1);
            // The first step moves each weight by the rate against its gradient's sign, after a decay of 0.1 %.
            assertArrayEquals(
                    new float[] {0.999f - 0.01f, -1.998f + 0.01f},
                    fixture.value().toFloats(),
                    1e-6f);
            assertArrayEquals(new float[] {0.05f, -0.4f}, fixture.first().toFloats(), 1e-7f);
            assertArrayEquals(new float[] {0.0025f, 0.16f}, fixture.second().toFloats(), 1e-7f);

            fixture.gradient().setFloats(new float[] {-0.5f, -4});
            fixture.step(adamW, 2, 0.01, 1);
            // m = 0.9·0.05 − 0.05 = −0.005, over 1 − 0.81 = −0.0263158; v = 0.99·0.0025 + 0.0025 = 0.004975, over
            // 1 − 0.9801 = 0.25, whose root is 0.5; so the step is +0.01 · 0.0526316.
            assertEquals(0.989 * 0.999 + 0.01 * 0.0526316, fixture.value().get(0), 1e-6);
            assertEquals(-1.988 * 0.999 + 0.01, fixture.value().get(1), 1e-6);
        }
    }

    @Test
    void theGradientsScaleComesFirst() {
        try (var fixture = new OptimizerFixture(MATRIX, 2, 2)) {
            fixture.gradient().setFloats(new float[] {1, 2, 3, 4});
            fixture.step(adamW, 1, 0.01, 0.25);
            assertArrayEquals(
                    new float[] {0.025f, 0.05f, 0.075f, 0.1f}, fixture.first().toFloats(), 1e-7f);
        }
    }

    @Test
    void normsDoNotDecay() {
        try (var fixture = new OptimizerFixture("model.norm.weight", 5)) {
            fixture.value().setFloats(new float[] {1, 1, 1, 1, 1});
            fixture.step(adamW, 1, 0.5, 1);
            assertArrayEquals(new float[] {1, 1, 1, 1, 1}, fixture.value().toFloats());
        }
    }

    @Test
    void selectionBiasesAreLeftAlone() {
        try (var fixture = new OptimizerFixture("model.layers.1.mlp.gate.e_score_correction_bias", 4)) {
            fixture.gradient().setFloats(new float[] {1, 1, 1, 1});
            fixture.step(adamW, 1, 0.5, 1);
            assertArrayEquals(new float[4], fixture.value().toFloats());
        }
    }

    @Test
    void agreesWithDoublePrecisionOverManySteps() {
        try (var fixture = new OptimizerFixture(MATRIX, 7, 9)) {
            fixture.randomize(fixture.value(), 1);
            double[] w = new double[63];
            double[] m = new double[63];
            double[] v = new double[63];
            for (int i = 0; i < 63; i++) {
                w[i] = fixture.value().get(i);
            }
            for (int step = 1; step <= 50; step++) {
                fixture.randomize(fixture.gradient(), 100 + step);
                for (int i = 0; i < 63; i++) {
                    double g = fixture.gradient().get(i) * 0.5;
                    m[i] = 0.9 * m[i] + 0.1 * g;
                    v[i] = 0.99 * v[i] + 0.01 * g * g;
                    double mean = m[i] / (1 - Math.pow(0.9, step));
                    double square = v[i] / (1 - Math.pow(0.99, step));
                    w[i] = w[i] * (1 - 0.01 * 0.1) - 0.01 * mean / (Math.sqrt(square) + 1e-8);
                }
                fixture.step(adamW, step, 0.01, 0.5);
            }
            for (int i = 0; i < 63; i++) {
                assertEquals(w[i], fixture.value().get(i), 2e-5, "weight " + i);
            }
        }
    }

    @Test
    void memoryBehindTheParameterStaysZero() {
        try (var fixture = new OptimizerFixture(MATRIX, 1, 3)) {
            fixture.gradient().setFloats(new float[] {1, 2, 3});
            fixture.step(adamW, 1, 0.01, 1);
            for (long at = 12; at < fixture.slot.value().byteSize(); at++) {
                assertEquals(0, fixture.slot.value().get(java.lang.foreign.ValueLayout.JAVA_BYTE, at), "byte " + at);
            }
        }
    }

    @Test
    void refusesABetaOfOne() {
        assertThrows(IllegalArgumentException.class, () -> new AdamW(1, 0.99, 1e-8, 0));
    }
}
