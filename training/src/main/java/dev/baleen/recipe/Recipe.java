package dev.baleen.recipe;

import dev.baleen.dtype.DType;
import dev.baleen.kernel.GateRule;
import dev.baleen.kernel.GateRule.GroupScore;
import dev.baleen.kernel.GateRule.Scoring;
import dev.baleen.model.DeepSeekV3Config;
import dev.baleen.task.Mixture;
import dev.baleen.task.Mixture.Share;
import dev.baleen.training.AdamW;
import dev.baleen.training.Optimizer;
import dev.baleen.training.Sha256;
import java.util.List;
import java.util.Optional;

/// Every number that a model comes from: the same recipe on the same kind of processor gives the same bits.
///
/// @param name what the model is called
/// @param seed what all random numbers derive from
/// @param model the network; its vocabulary is the tokenizer's size, its context the longest document
/// @param deviation standard deviation of the first weights
/// @param tokenizerProblems problems that the tokenizer learns from
/// @param mixture which tasks, how much of each
/// @param optimizer for all stages
/// @param stages in order
/// @param weights how the finished weights are written
/// @param checkpointSteps steps between checkpoints
/// @param examProblems held-out problems of each task in the final scores
/// @param examReworded the same in wordings that training never used
public record Recipe(
        String name,
        long seed,
        DeepSeekV3Config model,
        double deviation,
        int tokenizerProblems,
        List<Share> mixture,
        Optimizer optimizer,
        List<Stage> stages,
        DType weights,
        int checkpointSteps,
        int examProblems,
        int examReworded) {
    public Recipe {
        if (stages.isEmpty() || tokenizerProblems < 1 || checkpointSteps < 1) {
            throw new IllegalArgumentException(
                    "No recipe '%s' with %d stages, a tokenizer from %d problems and a checkpoint each %d steps"
                            .formatted(name, stages.size(), tokenizerProblems, checkpointSteps));
        }
        if (!weights.isPlain() || weights == DType.F64) {
            throw new IllegalArgumentException("Weights are written in F32, F16 or BF16, not in " + weights);
        }
        mixture = List.copyOf(mixture);
        stages = List.copyOf(stages);
    }

    /// The recipes by name.
    public static List<Recipe> all() {
        return List.of(sprout(), speck());
    }

    /// The recipe of that name.
    public static Recipe named(String name) {
        return all().stream()
                .filter(recipe -> recipe.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("There is no recipe '%s'; there are %s"
                        .formatted(
                                name,
                                String.join(
                                        ", ", all().stream().map(Recipe::name).toList()))));
    }

    /// The model that ships: 0.5 M parameters, some twenty minutes on two cores.
    public static Recipe sprout() {
        return new Recipe(
                "sprout",
                20_261_123,
                network(768, 64, 4, 2, 192, 48, 8, 3),
                0.05,
                20_000,
                Mixture.sprout(),
                new AdamW(0.9, 0.99, 1e-8, 0.01),
                List.of(Stage.preTraining(1000, 96, 8, 5e-3), Stage.fineTuning(2400, 96, 8, 5e-3)),
                DType.F16,
                250,
                500,
                100);
    }

    /// Everything that a run does, in half a minute and without any skill: for tests and for a first look.
    public static Recipe speck() {
        Stage stage = Stage.preTraining(30, 16, 4, 5e-3);
        return new Recipe(
                "speck",
                7,
                network(400, 32, 2, 2, 64, 16, 4, 2),
                0.05,
                500,
                Mixture.sprout(),
                new AdamW(0.9, 0.99, 1e-8, 0.01),
                List.of(stage, Stage.fineTuning(10, 16, 4, 1e-3)),
                DType.F32,
                10,
                4,
                2);
    }

    /// The same with every stage `factor` times as long.
    public Recipe scaled(double factor) {
        if (!(factor > 0)) {
            throw new IllegalArgumentException("Stages cannot be %s times as long; give more than 0".formatted(factor));
        }
        List<Stage> scaled = stages.stream()
                .map(stage -> stage.withSteps(Math.max(1, Math.round(stage.steps() * factor))))
                .toList();
        return new Recipe(
                name,
                seed,
                model,
                deviation,
                tokenizerProblems,
                mixture,
                optimizer,
                scaled,
                weights,
                checkpointSteps,
                examProblems,
                examReworded);
    }

    /// A fingerprint of all numbers: a checkpoint goes on with the recipe that it began with.
    public String hash() {
        String shares = String.join(
                ",",
                mixture.stream()
                        .map(share -> share.task().name() + "=" + share.weight())
                        .toList());
        return Sha256.ofText(String.join(
                "\n",
                name,
                String.valueOf(seed),
                model.toJson().toString(),
                String.valueOf(deviation),
                String.valueOf(tokenizerProblems),
                shares,
                optimizer.toString(),
                stages.toString()));
    }

    /// DeepSeek-V3 in small: latent attention with a query latent, shared and routed experts after one dense
    /// layer, one module that predicts two tokens ahead.
    private static DeepSeekV3Config network(
            int vocabulary, int width, int layers, int heads, int dense, int expert, int experts, int chosen) {
        return new DeepSeekV3Config(
                "deepseek_v3",
                vocabulary,
                width,
                layers,
                1,
                heads,
                width / 2,
                width * 3 / 8,
                32,
                16,
                32,
                dense,
                expert,
                experts,
                1,
                new GateRule(Scoring.SIGMOID, chosen, 1, 1, GroupScore.SUM_OF_BEST_TWO, true, 1),
                1e-6,
                10_000,
                Optional.empty(),
                512,
                1,
                false,
                Optional.empty());
    }
}
