package dev.baleen.kernel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.baleen.dtype.DType;
import dev.baleen.kernel.GateRule.GroupScore;
import dev.baleen.kernel.GateRule.Scoring;
import dev.baleen.kernel.RotaryEmbedding.Pairing;
import dev.baleen.tensor.Tensor;
import java.lang.foreign.Arena;
import org.junit.jupiter.api.Test;

/// Figures small enough to be worked out by hand; the contract suite holds every other implementation to this one.
class ScalarKernelsTest extends KernelsContract {
    private final Kernels kernels = new ScalarKernels();

    @Override
    Kernels make(ComputePool pool) {
        return new ScalarKernels();
    }

    @Test
    void multipliesByRowsOfTheWeights() {
        Tensor x = floats(new float[] {1, 2}, 1, 2);
        Tensor w = floats(new float[] {3, 4, 5, 6, 7, 8}, 3, 2);
        Tensor out = floats(new float[3], 1, 3);
        kernels.matmul(x, w, out);
        assertArrayEquals(new float[] {11, 17, 23}, out.toFloats());
    }

    @Test
    void multipliesByColumnsOfTheWeightsWhenTransposed() {
        Tensor x = floats(new float[] {1, 2, 3}, 1, 3);
        Tensor w = floats(new float[] {3, 4, 5, 6, 7, 8}, 3, 2);
        Tensor out = floats(new float[2], 1, 2);
        kernels.matmulTransposed(x, w, out);
        assertArrayEquals(new float[] {34, 40}, out.toFloats());
    }

    @Test
    void namesTheShapesThatDoNotFit() {
        Tensor x = floats(new float[2], 1, 2);
        Tensor w = floats(new float[9], 3, 3);
        IllegalArgumentException problem =
                assertThrows(IllegalArgumentException.class, () -> kernels.matmul(x, w, floats(new float[3], 1, 3)));
        assertTrue(problem.getMessage().contains("F32 [1, 2], F32 [3, 3], F32 [1, 3]"), problem.getMessage());
    }

    @Test
    void keepsDoublesDouble() {
        Tensor x = Tensor.allocate(Arena.ofAuto(), DType.F64, 1, 1);
        Tensor w = Tensor.allocate(Arena.ofAuto(), DType.F64, 1, 1);
        Tensor out = Tensor.allocate(Arena.ofAuto(), DType.F64, 1, 1);
        x.set(0, 1 + 1e-12);
        w.set(0, 1);
        kernels.matmul(x, w, out);
        assertEquals(1 + 1e-12, out.get(0));
    }

    @Test
    void turnsPairsThatLieSideBySideOrHalfARowApart() {
        Rotation quarter = new Rotation(new double[] {0, 1}, new double[] {1, 0}, 2, Pairing.INTERLEAVED);
        Tensor x = floats(new float[] {9, 1, 2, 3, 4}, 1, 1, 5);
        Tensor out = floats(new float[5], 1, 1, 5);
        kernels.rope(x, quarter, 1, out);
        assertArrayEquals(new float[] {9, -2, 1, 3, 4}, out.toFloats());
        kernels.rope(x, new Rotation(quarter.cosines(), quarter.sines(), 2, Pairing.HALVES), 1, out);
        assertArrayEquals(new float[] {9, -3, 2, 1, 4}, out.toFloats());
    }

    @Test
    void aRowAttendsToItsOwnSpanUpToItself() {
        Tensor zeros = floats(new float[4], 4, 1, 1);
        Tensor values = floats(new float[] {2, 4, 10, 20}, 4, 1, 1);
        Tensor out = floats(new float[4], 4, 1, 1);
        Span[] spans = {Span.document(0, 2), Span.document(2, 2)};
        kernels.attention(zeros, zeros, values, spans, 1, out);
        assertArrayEquals(new float[] {2, 3, 10, 15}, out.toFloats());
    }

    @Test
    void theBiasOfAGateSelectsAndDoesNotWeigh() {
        GateRule rule = new GateRule(Scoring.SIGMOID, 1, 1, 1, GroupScore.BEST, false, 2);
        int[] experts = new int[1];
        Tensor weights = floats(new float[1], 1, 1);
        kernels.gate(floats(new float[] {0, 1}, 1, 2), floats(new float[] {1, 0}, 2), rule, experts, weights);
        assertEquals(0, experts[0]);
        assertEquals(1.0, weights.get(0));
    }

    @Test
    void aGateKeepsTheGroupWithTheBestTwoExpertsAndBreaksTiesByIndex() {
        GateRule rule = new GateRule(Scoring.SIGMOID, 2, 2, 1, GroupScore.SUM_OF_BEST_TWO, true, 1);
        int[] experts = new int[2];
        Tensor weights = floats(new float[2], 1, 2);
        Tensor none = floats(new float[4], 4);
        kernels.gate(floats(new float[] {3, -9, 1, 1}, 1, 4), none, rule, experts, weights);
        assertArrayEquals(new int[] {2, 3}, experts);
        assertArrayEquals(new float[] {0.5f, 0.5f}, weights.toFloats());
    }

    private static Tensor floats(float[] values, long... shape) {
        return Tensor.ofFloats(values, shape);
    }
}
