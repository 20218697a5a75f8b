package dev.baleen.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.baleen.dtype.DType;
import dev.baleen.kernel.CachedHeads;
import dev.baleen.kernel.GateRule;
import dev.baleen.kernel.Ops;
import dev.baleen.kernel.ScalarGradientKernels;
import dev.baleen.kernel.ScalarKernels;
import dev.baleen.kernel.Span;
import dev.baleen.tensor.Shape;
import dev.baleen.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// What the tape does beside calculus: memory, micro-batches, loads, and what it refuses.
class TapeTest {
    private static final Span[] ONE_DOCUMENT = {Span.document(0, 4)};
    private static final int[] TOKENS = {1, 5, 2, 2};
    private static final int[] TARGETS = {5, 2, 2, 0};
    private static final float[] EVEN = {0.25f, 0.25f, 0.25f, 0.25f};

    private final Parameters parameters = parameters();
    private final Tape tape = new Tape(new ScalarKernels(), new ScalarGradientKernels(), parameters, 1 << 16);

    @AfterEach
    void close() {
        tape.close();
        parameters.close();
    }

    @Test
    void memoryThatWasUsedBeforeGivesTheSameBits() {
        float[] first = gradientOf(TOKENS);
        gradientOf(new int[] {0, 0, 3, 4});
        assertArrayEquals(first, gradientOf(TOKENS));
    }

    @Test
    void parameterGradientsGrowOverMicroBatchesUntilCleared() {
        tape.parameterGradients().clear();
        step(TOKENS);
        float[] once = tape.gradient(parameters.get("table")).toFloats();
        step(TOKENS);
        float[] twice = tape.gradient(parameters.get("table")).toFloats();
        for (int i = 0; i < once.length; i++) {
            assertEquals(2 * once[i], twice[i], 1e-6f);
        }
    }

    @Test
    void gradientsGoWhereTheyAreSent() {
        float[] own = gradientOf(TOKENS);
        try (Parameters target = parameters.mirror()) {
            tape.accumulateInto(target);
            step(TOKENS);
            assertArrayEquals(own, target.get("table").toFloats());
        }
    }

    @Test
    void twoLossesOnOneTapeAddUp() {
        tape.parameterGradients().clear();
        tape.reset();
        tape.crossEntropy(forward(tape, TOKENS), TARGETS, EVEN);
        tape.crossEntropy(forward(tape, TOKENS), TARGETS, EVEN);
        tape.backward();
        float[] both = tape.gradient(parameters.get("table")).toFloats();
        float[] one = gradientOf(TOKENS);
        for (int i = 0; i < one.length; i++) {
            assertEquals(2 * one[i], both[i], 1e-6f);
        }
    }

    @Test
    void constantsHaveNoGradientButLetItPass() {
        tape.parameterGradients().clear();
        Tensor ones = Tensor.ofFloats(new float[] {1, 1, 1}, 3);
        Tensor x = tape.embedding(parameters.get("table"), TOKENS);
        Tensor out = tape.rmsNorm(x, ones, 1e-5);
        tape.crossEntropy(out, new int[] {0, 1, 2, 0}, EVEN);
        tape.backward();
        assertTrue(tape.gradient(x).get(0) != 0);
        IllegalArgumentException problem = assertThrows(IllegalArgumentException.class, () -> tape.gradient(ones));
        assertTrue(problem.getMessage().contains("constant"), problem.getMessage());
    }

    @Test
    void countsHowOftenEachExpertIsChosen() {
        Tensor bias = Tensor.ofFloats(new float[3], 3);
        Tensor other = Tensor.ofFloats(new float[3], 3);
        Tensor logits = Tensor.ofFloats(new float[] {3, 2, 1, 1, 2, 3, 3, 2, 1, 3, 1, 2}, 4, 3);
        GateRule rule = new GateRule(GateRule.Scoring.SIGMOID, 2, 1, 1, GateRule.GroupScore.BEST, true, 1);
        tape.gate(logits, bias, rule, ONE_DOCUMENT);
        tape.gate(logits, bias, rule, ONE_DOCUMENT);
        assertArrayEquals(new long[] {6, 6, 4}, tape.loads(bias));
        assertArrayEquals(new long[3], tape.loads(other));
        tape.clearLoads();
        assertArrayEquals(new long[3], tape.loads(bias));
    }

    @Test
    void refusesACache() {
        Tensor x = Tensor.ofFloats(new float[4], 4, 1);
        assertThrows(IllegalStateException.class, () -> tape.store(x, ONE_DOCUMENT, x));
        CachedHeads heads = CachedHeads.latent(1, 1);
        IllegalStateException problem =
                assertThrows(IllegalStateException.class, () -> tape.cachedAttention(x, x, heads, ONE_DOCUMENT, 1));
        assertTrue(problem.getMessage().contains("KvCache.none()"), problem.getMessage());
    }

    @Test
    void refusesToGoBackTwice() {
        step(TOKENS);
        assertThrows(IllegalStateException.class, tape::backward);
    }

    @Test
    void refusesGradientsOfAnotherLayout() {
        SequencedMap<String, Shape> shapes = new LinkedHashMap<>();
        shapes.put("table", Shape.of(600, 3));
        try (Parameters other = Parameters.allocate(DType.F32, shapes)) {
            assertThrows(IllegalArgumentException.class, () -> tape.accumulateInto(other));
        }
    }

    @Test
    void parametersOfOneLayoutLieAlike() {
        Parameters copy = Parameters.copyOf(DType.F64, parameters.tensors());
        try (copy;
                Parameters mirror = copy.mirror()) {
            assertEquals(parameters.get("table").get(7), copy.get("table").get(7));
            assertEquals(parameters.count(), copy.count());
            assertEquals(
                    copy.get("table").data().address() - copy.memory().address(),
                    mirror.get("table").data().address() - mirror.memory().address());
            assertEquals(0, mirror.get("table").get(7));
            assertEquals(0, copy.get("table").data().address() % 64);
        }
        assertThrows(IllegalArgumentException.class, () -> parameters.get("table", 1, 1));
        assertThrows(IllegalArgumentException.class, () -> parameters.get("tables"));
    }

    private float[] gradientOf(int[] tokens) {
        tape.parameterGradients().clear();
        step(tokens);
        return tape.gradient(parameters.get("table")).toFloats();
    }

    private void step(int[] tokens) {
        tape.reset();
        tape.crossEntropy(forward(tape, tokens), TARGETS, EVEN);
        tape.backward();
    }

    private Tensor forward(Ops ops, int[] tokens) {
        Tensor table = parameters.get("table");
        Tensor x = ops.rmsNorm(ops.embedding(table, tokens), parameters.get("norm"), 1e-5);
        return ops.matmul(x, table);
    }

    private static Parameters parameters() {
        SequencedMap<String, Shape> shapes = new LinkedHashMap<>();
        shapes.put("norm", Shape.of(3));
        shapes.put("table", Shape.of(6, 3));
        Parameters parameters = Parameters.allocate(DType.F32, shapes);
        parameters.tensors().values().forEach(tensor -> GradientCheck.fill(tensor, GradientCheck.random(5)));
        return parameters;
    }
}
