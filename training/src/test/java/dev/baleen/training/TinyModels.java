package dev.baleen.training;

import dev.baleen.dtype.DType;
import dev.baleen.kernel.GateRule;
import dev.baleen.kernel.GateRule.GroupScore;
import dev.baleen.kernel.GateRule.Scoring;
import dev.baleen.kernel.Ties;
import dev.baleen.model.DeepSeekV3;
import dev.baleen.model.DeepSeekV3Config;
import java.util.Optional;
import java.util.random.RandomGenerator;

/// Models that are small enough for double precision and plain loops, and have every part of large ones.
final class TinyModels {
    private TinyModels() {}

    /// V3: a query latent, sigmoid gate over groups with normalised weights, and the module that predicts further.
    static DeepSeekV3Config third() {
        GateRule gate = new GateRule(Scoring.SIGMOID, 2, 2, 1, GroupScore.SUM_OF_BEST_TWO, true, 2.5);
        return config("deepseek_v3", 5, gate, 1, false);
    }

    /// V2: straight queries, softmax gate with plain weights, head and embedding shared.
    static DeepSeekV3Config second() {
        GateRule gate = new GateRule(Scoring.SOFTMAX, 3, 1, 1, GroupScore.BEST, false, 1);
        return config("deepseek_v2", 0, gate, 0, true);
    }

    /// V3.2: as V3, with an indexer that chooses three positions.
    static DeepSeekV3Config sparse() {
        return third().withIndexer(new DeepSeekV3Config.Indexer(2, 4, 3, Ties.EARLIER));
    }

    private static DeepSeekV3Config config(
            String architecture, int queryRank, GateRule gate, int predictionLayers, boolean tied) {
        return new DeepSeekV3Config(
                architecture,
                13,
                8,
                3,
                1,
                2,
                queryRank,
                6,
                4,
                2,
                3,
                12,
                5,
                6,
                2,
                gate,
                1e-5,
                10000,
                Optional.empty(),
                64,
                predictionLayers,
                tied);
    }

    /// Random weights: norms about 1, all else of a size that keeps activations near 1.
    static Parameters parameters(DeepSeekV3Config config, DType type, RandomGenerator random) {
        Parameters parameters = Parameters.allocate(type, DeepSeekV3.parameterShapes(config));
        parameters.tensors().forEach((name, tensor) -> {
            boolean norm = name.endsWith("norm.weight");
            for (long i = 0; i < tensor.elements(); i++) {
                double value = random.nextGaussian();
                tensor.set(i, norm ? 1 + 0.2 * value : value / Math.sqrt(tensor.columns()));
            }
        });
        return parameters;
    }
}
