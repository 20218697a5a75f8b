package dev.baleen.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.baleen.dtype.DType;
import dev.baleen.kernel.ComputePool;
import dev.baleen.kernel.ScalarKernels;
import dev.baleen.kernel.VectorGradientKernels;
import dev.baleen.kernel.VectorKernels;
import dev.baleen.model.Batch;
import dev.baleen.model.Model;
import dev.baleen.tensor.Tensor;
import dev.baleen.tensor.Workspace;
import dev.baleen.training.TinyModels.Tiny;
import java.lang.foreign.Arena;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.random.RandomGenerator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What runs can be trained, whatever its weights are stored as.
class FineTuningTest {
    /// Small, as a longer step may take a token to other experts or positions, where the loss jumps.
    private static final double RATE = 1e-4;

    private static final AdamW ADAM = new AdamW(0.9, 0.95, 1e-8, 0);

    static List<Tiny> models() {
        return TinyModels.all();
    }

    @ParameterizedTest
    @MethodSource("models")
    void oneStepLowersTheLoss(Tiny tiny) {
        for (DType stored : List.of(DType.F32, DType.BF16, DType.F16)) {
            for (long seed = 1; seed <= 2; seed++) {
                check(tiny, stored, seed);
            }
        }
    }

    private static void check(Tiny tiny, DType stored, long seed) {
        RandomGenerator random = GradientCheck.random(seed);
        SequencedMap<String, Tensor> file = new LinkedHashMap<>();
        try (Parameters drawn = tiny.parameters(DType.F32, random)) {
            drawn.tensors().forEach((name, tensor) -> file.put(name, encoded(tensor, stored)));
        }
        try (Parameters weights = Parameters.copyOf(DType.F32, file);
                Moments moments = Moments.of(weights);
                ComputePool pool = new ComputePool(1);
                Workspace scratch = new Workspace(1 << 20);
                Tape tape = new Tape(new VectorKernels(pool), new VectorGradientKernels(), weights, 1 << 21)) {
            Model opened = tiny.of().apply(weights);
            Model model = opened.with(weights);
            assertEquals(opened.parameters().keySet(), model.parameters().keySet());
            int[] tokens = random.ints(12, 0, tiny.vocabulary()).toArray();
            double before = loss(tape, model, tokens);
            tape.backward();
            Optimizer.Step step = new Optimizer.Step(1, RATE, 1);
            Optimizer.Bench bench = new Optimizer.Bench(new ScalarKernels(), scratch);
            Slot.of(weights, tape.parameterGradients(), moments).forEach(slot -> ADAM.update(slot, step, bench));
            double after = loss(tape, model, tokens);
            assertTrue(
                    after < before - RATE,
                    "%s from %s, seed %d: loss %.6f became %.6f".formatted(tiny, stored, seed, before, after));
        }
    }

    private static double loss(Tape tape, Model model, int[] tokens) {
        tape.reset();
        Tensor logits =
                model.predictions(tape, Batch.documents(List.of(tokens))).getFirst();
        int[] next = Arrays.copyOf(Arrays.copyOfRange(tokens, 1, tokens.length), tokens.length);
        float[] rowWeights = new float[tokens.length];
        Arrays.fill(rowWeights, 0, tokens.length - 1, 1);
        return tape.crossEntropy(logits, next, rowWeights) / (tokens.length - 1);
    }

    private static Tensor encoded(Tensor tensor, DType type) {
        long[] lengths = new long[tensor.shape().axes()];
        Arrays.setAll(lengths, tensor.shape()::axis);
        Tensor encoded = Tensor.allocate(Arena.ofAuto(), type, lengths);
        encoded.setFloats(tensor.toFloats());
        return encoded;
    }
}
