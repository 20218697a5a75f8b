package dev.baleen.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.baleen.dtype.DType;
import dev.baleen.kernel.ScalarKernels;
import dev.baleen.tensor.Shape;
import dev.baleen.tensor.Tensor;
import dev.baleen.tensor.Workspace;
import org.junit.jupiter.api.Test;

class MuonTest {
    private static final String MATRIX = "model.layers.1.mlp.experts.3.up_proj.weight";
    private final AdamW rest = new AdamW(0.9, 0.99, 1e-8, 0);
    private final Muon muon = new Muon(0.95, 0, rest);

    @Test
    void updatesAreNearlyOrthogonal() {
        int[][] shapes = {{8, 8}, {4, 16}, {16, 4}, {1, 9}, {48, 64}};
        for (int[] shape : shapes) {
            try (Workspace scratch = new Workspace(1 << 20);
                    var fixture = new OptimizerFixture(MATRIX, shape[0], shape[1])) {
                Tensor x = scratch.allocate(DType.F32, Shape.of(shape[0], shape[1]));
                fixture.randomize(x, 7);
                float[] out =
                        Muon.orthogonalized(x, new ScalarKernels(), scratch).toFloats();
                // Every direction of the smaller side has a length near 1: the mean of squares is near 1 / larger side.
                double squares = 0;
                for (float value : out) {
                    squares += value * value;
                }
                int small = Math.min(shape[0], shape[1]);
                String what = shape[0] + " × " + shape[1];
                assertTrue(squares > 0.45 * small && squares < 1.5 * small, what + ": " + squares);
                assertSingularValuesNearOne(out, shape[0], shape[1], what);
            }
        }
    }

    /// For random unit vectors v on the smaller side, |vᵀ·O| lies within the bounds of the singular values.
    private static void assertSingularValuesNearOne(float[] o, int rows, int columns, String what) {
        boolean wide = rows <= columns;
        for (int i = 0; i < Math.min(rows, columns); i++) {
            double length = 0;
            for (int j = 0; j < Math.max(rows, columns); j++) {
                float value = wide ? o[i * columns + j] : o[j * columns + i];
                length += value * value;
            }
            assertTrue(length > 0.3 && length < 1.6, what + ", row " + i + ": " + length);
        }
    }

    @Test
    void aDiagonalStepByHand() {
        try (var fixture = new OptimizerFixture(MATRIX, 2, 2)) {
            fixture.gradient().setFloats(new float[] {3, 0, 0, 4});
            fixture.step(muon, 1, 0.1, 1);
            // The update is diagonal, (1 + 0.95)·(3, 4), norm 9.75, so X starts as (0.6, 0.8); each number then goes
            // through x ← x(a + b x² + c x⁴) five times.
            double size = 0.1 * 0.2 * Math.sqrt(2);
            assertEquals(-size * newtonSchulz(0.6), fixture.value().get(0), 1e-6);
            assertEquals(-size * newtonSchulz(0.8), fixture.value().get(3), 1e-6);
            assertEquals(0, fixture.value().get(1), 1e-7);
            assertArrayEquals(new float[] {3, 0, 0, 4}, fixture.first().toFloats());
        }
    }

    @Test
    void momentumIsNesterovs() {
        try (var fixture = new OptimizerFixture(MATRIX, 1, 1)) {
            fixture.gradient().setFloats(new float[] {2});
            fixture.step(muon, 1, 0.1, 1);
            fixture.gradient().setFloats(new float[] {-1});
            fixture.step(muon, 2, 0.1, 1);
            assertEquals(0.95 * 2 - 1, fixture.first().get(0), 1e-6);
        }
    }

    @Test
    void theScaleOfAGradientDoesNotMatter() {
        try (var small = new OptimizerFixture(MATRIX, 6, 10);
                var large = new OptimizerFixture(MATRIX, 6, 10)) {
            small.randomize(small.gradient(), 3);
            large.randomize(large.gradient(), 3);
            small.step(muon, 1, 0.1, 1);
            large.step(muon, 1, 0.1, 1024);
            assertArrayEquals(small.value().toFloats(), large.value().toFloats(), 1e-6f);
        }
    }

    @Test
    void weightDecayShrinksMatrices() {
        try (var fixture = new OptimizerFixture(MATRIX, 2, 2)) {
            fixture.value().setFloats(new float[] {1, 2, 3, 4});
            fixture.step(new Muon(0.95, 0.5, rest), 1, 0.1, 1);
            assertArrayEquals(
                    new float[] {0.95f, 1.9f, 2.85f, 3.8f}, fixture.value().toFloats(), 1e-6f);
        }
    }

    @Test
    void embeddingsHeadRouterAndNormsGoToAdamW() {
        for (String name : new String[] {
            "model.embed_tokens.weight",
            "lm_head.weight",
            "model.layers.1.mlp.gate.weight",
            "model.layers.4.shared_head.head.weight"
        }) {
            try (var one = new OptimizerFixture(name, 3, 5);
                    var other = new OptimizerFixture(name, 3, 5)) {
                one.randomize(one.gradient(), 5);
                other.randomize(other.gradient(), 5);
                one.step(muon, 1, 0.1, 1);
                other.step(rest, 1, 0.1, 1);
                assertArrayEquals(other.value().toFloats(), one.value().toFloats(), name);
            }
        }
    }

    private static double newtonSchulz(double x) {
        double y = x;
        for (int i = 0; i < 5; i++) {
            y = y * (3.4445 - 4.7750 * y * y + 2.0315 * y * y * y * y);
        }
        return y;
    }
}
