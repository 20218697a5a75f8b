package dev.baleen.training;

import dev.baleen.dtype.DType;
import dev.baleen.kernel.Backends;
import dev.baleen.kernel.ComputePool;
import dev.baleen.kernel.GateRule;
import dev.baleen.model.DeepSeekV3;
import dev.baleen.model.DeepSeekV3Config;
import dev.baleen.task.Dice;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A DeepSeek-V3 of a few thousand parameters that learns which token follows which; trains in milliseconds.
final class TinyRun implements AutoCloseable {
    static final int VOCABULARY = 24;
    static final long SEED = 42;
    static final long STEPS = 40;
    private static final int MICRO_BATCHES = 4;

    final Parameters parameters;
    final Moments moments;
    final Trainer trainer;

    TinyRun(Optimizer optimizer, int threads) {
        this(optimizer, threads, 0, Parameters.allocate(DType.F32, DeepSeekV3.parameterShapes(config())), true);
    }

    private TinyRun(Optimizer optimizer, int threads, long step, Parameters parameters, boolean fresh) {
        this(optimizer, threads, step, parameters, Moments.of(parameters));
        if (fresh) {
            new Initialization(SEED, 0.1, config().layers()).fill(parameters);
        }
    }

    private TinyRun(Optimizer optimizer, int threads, long step, Parameters parameters, Moments moments) {
        this.parameters = parameters;
        this.moments = moments;
        trainer = new Trainer(
                DeepSeekV3.of(config(), parameters),
                parameters,
                moments,
                step,
                settings(optimizer),
                () -> new Arithmetic(Backends.best(new ComputePool(1)), Backends.bestGradients()),
                threads,
                60);
    }

    /// Goes on from the last checkpoint, or begins.
    static TinyRun resume(Optimizer optimizer, int threads, Path checkpoints) throws IOException {
        Parameters parameters = Parameters.allocate(DType.F32, DeepSeekV3.parameterShapes(config()));
        Moments moments = Moments.of(parameters);
        Optional<TrainingState> state = new TrainingCheckpoint(checkpoints).load("tiny", parameters, moments);
        if (state.isEmpty()) {
            new Initialization(SEED, 0.1, config().layers()).fill(parameters);
        }
        return new TinyRun(optimizer, threads, state.map(TrainingState::step).orElse(0L), parameters, moments);
    }

    static AdamW adamW() {
        return new AdamW(0.9, 0.99, 1e-8, 0.01);
    }

    static TrainerSettings settings(Optimizer optimizer) {
        return new TrainerSettings(optimizer, Schedule.of(STEPS, 0.1, 0.3, 0.05), 0.01, 1.0, 0.3, 0.1, 1e-3, 1e-4);
    }

    static DeepSeekV3Config config() {
        GateRule gate = new GateRule(GateRule.Scoring.SIGMOID, 2, 1, 1, GateRule.GroupScore.SUM_OF_BEST_TWO, true, 1);
        return new DeepSeekV3Config(
                "deepseek_v3",
                VOCABULARY,
                16,
                2,
                1,
                2,
                8,
                8,
                8,
                4,
                8,
                32,
                8,
                4,
                1,
                gate,
                1e-6,
                10_000,
                Optional.empty(),
                64,
                1,
                false,
                Optional.empty());
    }

    /// Documents in which `5t + 1` follows `t`.
    static List<MicroBatch> data(long step) {
        List<Document> documents = new ArrayList<>();
        for (int i = 0; i < 12; i++) {
            Dice dice = Dice.of(SEED, step, i);
            int[] tokens = new int[dice.between(6, 15)];
            tokens[0] = dice.below(VOCABULARY);
            for (int j = 1; j < tokens.length; j++) {
                tokens[j] = (5 * tokens[j - 1] + 1) % VOCABULARY;
            }
            documents.add(new Document(tokens, 3));
        }
        return new Packer(MICRO_BATCHES, 60, LossMask.ALL).pack(documents);
    }

    StepReport step() {
        return trainer.step(data(trainer.steps()));
    }

    TrainingState state() {
        return new TrainingState(0, trainer.steps(), 0, 0, SEED, "tiny");
    }

    /// A fingerprint of every bit of the weights.
    String weights() {
        StringBuilder text = new StringBuilder();
        parameters.tensors().forEach((name, tensor) -> {
            text.append(name);
            for (float value : tensor.toFloats()) {
                text.append(' ').append(Float.floatToRawIntBits(value));
            }
        });
        return Sha256.ofText(text.toString());
    }

    @Override
    public void close() {
        trainer.close();
        moments.close();
        parameters.close();
    }
}
