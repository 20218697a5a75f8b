package dev.baleen.training;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.baleen.dtype.DType;
import dev.baleen.kernel.ExpertDispatch;
import dev.baleen.kernel.GateRule;
import dev.baleen.kernel.Gating;
import dev.baleen.kernel.HyperRule;
import dev.baleen.kernel.Kernels;
import dev.baleen.kernel.RecentRows;
import dev.baleen.kernel.RotaryEmbedding;
import dev.baleen.kernel.RotaryEmbedding.Pairing;
import dev.baleen.kernel.ScalarGradientKernels;
import dev.baleen.kernel.ScalarKernels;
import dev.baleen.kernel.Selection;
import dev.baleen.kernel.Span;
import dev.baleen.kernel.Windows;
import dev.baleen.tensor.Shape;
import dev.baleen.tensor.Tensor;
import java.lang.foreign.Arena;
import java.util.LinkedHashMap;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Every operation's gradient against central differences.
class TapeGradientTest {
    private static final int[] TOKENS = {4, 0, 4, 2};

    @Test
    void embeddingAddsUpTheRowsOfRepeatedTokens() {
        new GradientCheck().input("table", 5, 3).check((ops, in) -> ops.embedding(in.get("table"), TOKENS));
    }

    @Test
    void matmul() {
        new GradientCheck().input("x", 4, 3).input("w", 5, 3).check((ops, in) -> ops.matmul(in.get("x"), in.get("w")));
    }

    @Test
    void matmulOfAnInputThatIsItsOwnWeight() {
        new GradientCheck().input("x", 4, 3).check((ops, in) -> ops.matmul(in.get("x"), in.get("x")));
    }

    @Test
    void headMatmulWithSlicesOfOneWeight() {
        new GradientCheck().input("x", 4, 2, 3).input("w", 10, 3).check((ops, in) -> {
            Tensor w = in.get("w");
            return ops.headMatmul(in.get("x"), new Tensor[] {w.slice(0, 4), w.slice(5, 9)});
        });
    }

    @Test
    void headMatmulTransposed() {
        new GradientCheck().input("x", 4, 2, 5).input("w", 2, 5, 3).check((ops, in) -> {
            Tensor w = in.get("w");
            return ops.headMatmulTransposed(in.get("x"), new Tensor[] {w.entry(0), w.entry(1)});
        });
    }

    @Test
    void groupedMatmulWithAnExpertThatGotNoRows() {
        int[] experts = {2, 0, 0, 2, 3, 0};
        new GradientCheck().input("x", 6, 3).input("w", 4, 5, 3).check((ops, in) -> {
            Tensor weights = Tensor.allocate(Arena.ofAuto(), DType.F64, 3, 2);
            ExpertDispatch dispatch = ExpertDispatch.of(new Gating(experts, weights), 4);
            Tensor w = in.get("w");
            Tensor[] each = {w.entry(0), w.entry(1), w.entry(2), w.entry(3)};
            return ops.groupedMatmul(in.get("x"), dispatch, each);
        });
    }

    @Test
    void gatherRowsThatRepeat() {
        int[] rows = {3, 1, 1};
        new GradientCheck().input("x", 4, 3).check((ops, in) -> ops.gatherRows(in.get("x"), rows));
    }

    @Test
    void rmsNorm() {
        new GradientCheck()
                .input("x", 4, 7)
                .input("weight", 7)
                .check((ops, in) -> ops.rmsNorm(in.get("x"), in.get("weight"), 1e-3));
    }

    @Test
    void layerNorm() {
        new GradientCheck()
                .input("x", 4, 7)
                .input("weight", 7)
                .input("bias", 7)
                .check((ops, in) -> ops.layerNorm(in.get("x"), in.get("weight"), in.get("bias"), 1e-3));
    }

    @Test
    void rmsNormWithoutAWeight() {
        new GradientCheck().input("x", 4, 7).check((ops, in) -> ops.rmsNorm(in.get("x"), 1e-3));
    }

    @Test
    void addOfSomethingToItself() {
        new GradientCheck()
                .input("a", 4, 3)
                .input("b", 4, 3)
                .check((ops, in) -> ops.add(ops.add(in.get("a"), in.get("b")), in.get("a")));
    }

    @Test
    void addBias() {
        new GradientCheck()
                .input("x", 3, 2, 5)
                .input("bias", 5)
                .check((ops, in) -> ops.addBias(in.get("x"), in.get("bias")));
    }

    @Test
    void swiGlu() {
        new GradientCheck()
                .input("gate", 4, 3)
                .input("up", 4, 3)
                .check((ops, in) -> ops.swiGlu(in.get("gate"), in.get("up")));
    }

    @Test
    void swiGluOfNumbersThatAreCutOff() {
        new GradientCheck()
                .input("gate", 6, 5)
                .input("up", 6, 5)
                .check((ops, in) -> ops.swiGlu(in.get("gate"), in.get("up"), 0.7));
    }

    @Test
    void weightsOfHyperConnectionsThroughEveryNormalisation() {
        for (int iterations : new int[] {1, 2, 20}) {
            HyperRule rule = new HyperRule(3, iterations, 1e-2);
            new GradientCheck()
                    .input("mix", 4, 15)
                    .input("scale", 3)
                    .input("base", 15)
                    .check((ops, in) -> ops.hyperWeights(in.get("mix"), in.get("scale"), in.get("base"), rule));
        }
    }

    @Test
    void weightsOfHyperConnectionsAtTheEnd() {
        HyperRule rule = new HyperRule(4, 20, 1e-2).in();
        new GradientCheck()
                .input("mix", 3, 4)
                .input("scale", 1)
                .input("base", 4)
                .check((ops, in) -> ops.hyperWeights(in.get("mix"), in.get("scale"), in.get("base"), rule));
    }

    @Test
    void collapseAndSpreadOfStreams() {
        new GradientCheck()
                .input("streams", 3, 2, 5)
                .input("weights", 3, 8)
                .check((ops, in) -> ops.collapse(in.get("streams"), in.get("weights")));
        new GradientCheck()
                .input("y", 3, 5)
                .input("streams", 3, 2, 5)
                .input("weights", 3, 8)
                .check((ops, in) -> ops.spread(in.get("y"), in.get("streams"), in.get("weights")));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void poolingOfWindows(boolean overlap) {
        Span[] spans = {Span.document(0, 7), Span.document(7, 2), Span.document(9, 3)};
        Windows windows = Windows.completed(RecentRows.ofDocuments(spans), 3, overlap);
        int width = overlap ? 8 : 4;
        new GradientCheck()
                .input("values", 12, width)
                .input("gates", 12, width)
                .input("bias", 3, width)
                .check((ops, in) -> ops.pool(in.get("values"), in.get("gates"), in.get("bias"), windows));
    }

    @ParameterizedTest
    @EnumSource
    void weightsOfExpertsThatWereChosenOtherwise(GateRule.Scoring scoring) {
        GateRule rule = new GateRule(scoring, 2, 1, 1, GateRule.GroupScore.BEST, true, 1.5);
        int[] experts = {0, 3, 4, 1, 1, 2};
        new GradientCheck()
                .input("logits", 3, 5)
                .check((ops, in) -> ops.weigh(in.get("logits"), experts, rule).weights());
    }

    @ParameterizedTest
    @EnumSource
    void rope(Pairing pairing) {
        RotaryEmbedding embedding = new RotaryEmbedding(new double[] {1, 0.1}, 1.3, pairing);
        int[] positions = {0, 1, 7};
        new GradientCheck().input("x", 3, 2, 7).check((ops, in) -> ops.rope(in.get("x"), embedding.at(positions), 2));
    }

    @Test
    void columns() {
        new GradientCheck().input("x", 3, 2, 7).check((ops, in) -> ops.columns(in.get("x"), 2, 5));
    }

    @Test
    void concat() {
        new GradientCheck()
                .input("a", 3, 2, 4)
                .input("b", 3, 2, 2)
                .check((ops, in) -> ops.concat(in.get("a"), in.get("b")));
    }

    @Test
    void concatOfOneRepeatedForAllHeads() {
        new GradientCheck()
                .input("a", 3, 2, 4)
                .input("b", 3, 1, 2)
                .check((ops, in) -> ops.concat(in.get("a"), in.get("b")));
    }

    @Test
    void attentionOverTwoDocuments() {
        Span[] spans = {Span.document(0, 3), Span.document(3, 2)};
        new GradientCheck()
                .input("q", 5, 2, 3)
                .input("k", 5, 2, 3)
                .input("v", 5, 2, 4)
                .check((ops, in) -> ops.attention(in.get("q"), in.get("k"), in.get("v"), spans, 0.6));
    }

    @Test
    void attentionOfHeadsThatShareAKey() {
        Span[] spans = {Span.document(0, 4)};
        new GradientCheck()
                .input("q", 4, 4, 3)
                .input("k", 4, 2, 3)
                .input("v", 4, 2, 2)
                .check((ops, in) -> ops.attention(in.get("q"), in.get("k"), in.get("v"), spans, 0.6));
    }

    @Test
    void attentionToChosenRowsOfTwoSourcesWithSinks() {
        Selection selection = new Selection(new int[] {0, 2, 3, 7}, new int[] {0, 4, 1, 2, 0, 3, 5});
        new GradientCheck()
                .input("q", 3, 2, 4)
                .input("recent", 3, 4)
                .input("entries", 3, 4)
                .input("sinks", 2)
                .check((ops, in) -> ops.selectedAttention(
                        in.get("q"),
                        new Tensor[] {in.get("recent"), in.get("entries")},
                        selection,
                        Optional.of(in.get("sinks")),
                        3,
                        0.6));
    }

    @ParameterizedTest
    @EnumSource
    void weightsOfTheGate(GateRule.Scoring scoring) {
        Span[] spans = {Span.document(0, 4)};
        for (boolean normalise : new boolean[] {true, false}) {
            GateRule rule = new GateRule(scoring, 3, 1, 1, GateRule.GroupScore.BEST, normalise, 2.5);
            new GradientCheck()
                    .input("logits", 4, 6)
                    .check((ops, in) ->
                            ops.gate(in.get("logits"), zeros(6), rule, spans).weights());
        }
    }

    @Test
    void weightsOfAGateWithGroups() {
        Span[] spans = {Span.document(0, 4)};
        GateRule.GroupScore score = GateRule.GroupScore.SUM_OF_BEST_TWO;
        GateRule rule = new GateRule(GateRule.Scoring.SIGMOID, 3, 4, 2, score, true, 2.5);
        new GradientCheck()
                .input("logits", 4, 8)
                .check((ops, in) ->
                        ops.gate(in.get("logits"), zeros(8), rule, spans).weights());
    }

    @Test
    void mixtureOfExpertsFromLogitsToSum() {
        Span[] spans = {Span.document(0, 3)};
        GateRule rule = new GateRule(GateRule.Scoring.SIGMOID, 2, 1, 1, GateRule.GroupScore.BEST, true, 1.5);
        new GradientCheck()
                .input("x", 3, 4)
                .input("router", 5, 4)
                .input("w", 5, 4, 4)
                .check((ops, in) -> {
                    Tensor x = in.get("x");
                    Gating gating = ops.gate(ops.matmul(x, in.get("router")), zeros(5), rule, spans);
                    ExpertDispatch dispatch = ExpertDispatch.of(gating, 5);
                    Tensor[] w = new Tensor[5];
                    for (int e = 0; e < 5; e++) {
                        w[e] = in.get("w").entry(e);
                    }
                    Tensor rows = ops.gatherRows(x, dispatch.tokens());
                    return ops.combine(ops.groupedMatmul(rows, dispatch, w), dispatch, gating.weights());
                });
    }

    @Test
    void slicesAndShapesOfAResult() {
        new GradientCheck().input("x", 4, 6).check((ops, in) -> {
            Tensor doubled = ops.add(in.get("x"), in.get("x"));
            Tensor part = doubled.slice(1, 3).reshape(4, 3);
            return ops.add(ops.swiGlu(part, part), part);
        });
    }

    @Test
    void crossEntropyOfWeightedRows() {
        int[] targets = {3, 0, 0, 5};
        float[] rowWeights = {0.5f, 0, -1, 2};
        for (long seed = 1; seed <= 3; seed++) {
            RandomGenerator random = GradientCheck.random(seed);
            try (Parameters inputs = parameters("logits", Shape.of(4, 6));
                    Tape tape = tape(inputs)) {
                Tensor logits = inputs.get("logits");
                GradientCheck.fill(logits, random);
                tape.crossEntropy(logits, targets, rowWeights);
                Tensor gradient = copy(tape.gradient(logits));
                assertDifferences(logits, gradient, () -> tape.crossEntropy(logits, targets, rowWeights), seed);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void balanceLossOfEachDocument(GateRule.Scoring scoring) {
        GateRule rule = new GateRule(scoring, 2, 1, 1, GateRule.GroupScore.BEST, true, 2.5);
        Span[] spans = {Span.document(0, 4), Span.document(4, 2)};
        for (long seed = 1; seed <= 3; seed++) {
            RandomGenerator random = GradientCheck.random(seed);
            try (Parameters inputs = parameters("logits", Shape.of(6, 5));
                    Tape tape = tape(inputs)) {
                tape.balance(0.3);
                Tensor logits = inputs.get("logits");
                GradientCheck.fill(logits, random);
                balanceLoss(tape, logits, rule, spans);
                Tensor gradient = copy(tape.gradient(logits));
                assertDifferences(logits, gradient, () -> balanceLoss(tape, logits, rule, spans), seed);
            }
        }
    }

    private static double balanceLoss(Tape tape, Tensor logits, GateRule rule, Span[] spans) {
        tape.reset();
        tape.gate(logits, zeros(5), rule, spans);
        tape.backward();
        return tape.balanceLoss();
    }

    private interface Loss {
        double compute();
    }

    private static void assertDifferences(Tensor x, Tensor gradient, Loss loss, long seed) {
        double step = 1e-5;
        for (long i = 0; i < x.elements(); i++) {
            double value = x.get(i);
            x.set(i, value + step);
            double above = loss.compute();
            x.set(i, value - step);
            double below = loss.compute();
            x.set(i, value);
            String where = "seed %d, element %d".formatted(seed, i);
            assertEquals((above - below) / (2 * step), gradient.get(i), 1e-7, where);
        }
    }

    private static Parameters parameters(String name, Shape shape) {
        SequencedMap<String, Shape> shapes = new LinkedHashMap<>();
        shapes.put(name, shape);
        return Parameters.allocate(DType.F64, shapes);
    }

    private static Tape tape(Parameters parameters) {
        Kernels kernels = new ScalarKernels();
        return new Tape(kernels, new ScalarGradientKernels(), parameters, 1 << 20);
    }

    private static Tensor zeros(int count) {
        return Tensor.allocate(Arena.ofAuto(), DType.F64, count);
    }

    private static Tensor copy(Tensor x) {
        Tensor copy = Tensor.allocate(Arena.ofAuto(), x.type(), x.elements());
        copy.data().copyFrom(x.data());
        return copy;
    }
}
