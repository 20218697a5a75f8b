package dev.baleen.model;

import dev.baleen.dtype.DType;
import dev.baleen.kernel.GateRule;
import dev.baleen.kernel.GateRule.GroupScore;
import dev.baleen.kernel.GateRule.Scoring;
import dev.baleen.kernel.Ties;
import dev.baleen.tensor.Shape;
import dev.baleen.tensor.Tensor;
import java.lang.foreign.Arena;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/// Small models with random weights, for tests.
final class RandomModel {
    private RandomModel() {}

    /// A V3-shaped config with every part that one can have.
    static DeepSeekV3Config v3() {
        GateRule gate = new GateRule(Scoring.SIGMOID, 3, 4, 2, GroupScore.SUM_OF_BEST_TWO, true, 2.5);
        Optional<DeepSeekV3Config.Yarn> yarn = Optional.of(new DeepSeekV3Config.Yarn(40, 64, 32, 1, 1, 1));
        return new DeepSeekV3Config(
                "deepseek_v3", 50, 24, 3, 1, 3, 20, 12, 10, 6, 7, 40, 9, 8, 1, gate, 1e-6, 10_000, yarn, 512, 1, false);
    }

    /// As V3, with an indexer that chooses eleven positions.
    static DeepSeekV3Config v32() {
        return v3().withIndexer(new DeepSeekV3Config.Indexer(3, 9, 11, Ties.EARLIER));
    }

    /// A V2-Lite-shaped config: straight queries, softmax gate, two shared experts, no stretch.
    static DeepSeekV3Config v2Lite() {
        GateRule gate = new GateRule(Scoring.SOFTMAX, 2, 1, 1, GroupScore.BEST, false, 1);
        return new DeepSeekV3Config(
                "deepseek_v2",
                50,
                24,
                2,
                1,
                2,
                0,
                12,
                8,
                4,
                6,
                40,
                9,
                5,
                2,
                gate,
                1e-6,
                10_000,
                Optional.empty(),
                512,
                0,
                false);
    }

    /// A model of `config` whose weights are drawn from `seed`.
    static DeepSeekV3 of(DeepSeekV3Config config, DType type, long seed) {
        Random random = new Random(seed);
        Map<String, Tensor> weights = new HashMap<>();
        for (Map.Entry<String, Shape> entry : DeepSeekV3.parameterShapes(config).entrySet()) {
            Shape shape = entry.getValue();
            double size = shape.axes() == 1 ? 0.1 : 1 / Math.sqrt(shape.columns());
            double mean = entry.getKey().endsWith("norm.weight") ? 1 : 0;
            long[] lengths = new long[shape.axes()];
            for (int i = 0; i < lengths.length; i++) {
                lengths[i] = shape.axis(i);
            }
            Tensor weight = Tensor.allocate(Arena.ofAuto(), type, lengths);
            for (long i = 0; i < weight.elements(); i++) {
                weight.set(i, mean + size * random.nextGaussian());
            }
            weights.put(entry.getKey(), weight);
        }
        return DeepSeekV3.of(config, new WeightSource() {
            @Override
            public boolean has(String name) {
                return weights.containsKey(name);
            }

            @Override
            public Tensor get(String name, long... shape) {
                return weights.get(name);
            }
        });
    }
}
