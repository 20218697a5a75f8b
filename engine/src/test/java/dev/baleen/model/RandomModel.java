package dev.baleen.model;

import dev.baleen.dtype.DType;
import dev.baleen.kernel.GateRule;
import dev.baleen.kernel.GateRule.GroupScore;
import dev.baleen.kernel.GateRule.Scoring;
import dev.baleen.kernel.HyperRule;
import dev.baleen.kernel.RotaryEmbedding;
import dev.baleen.kernel.RotaryEmbedding.Pairing;
import dev.baleen.kernel.Ties;
import dev.baleen.model.DeepSeekV4Config.Compression;
import dev.baleen.model.TransformerConfig.Experts;
import dev.baleen.model.TransformerConfig.Trait;
import dev.baleen.tensor.Shape;
import dev.baleen.tensor.Tensor;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.SequencedMap;
import java.util.Set;

/// Small models with random weights, for tests.
final class RandomModel {
    private RandomModel() {}

    /// A V3-shaped config with every part that one can have.
    static DeepSeekV3Config v3() {
        return v3("deepseek_v3", Optional.empty());
    }

    private static DeepSeekV3Config v3(String architecture, Optional<DeepSeekV3Config.Indexer> indexer) {
        GateRule gate = new GateRule(Scoring.SIGMOID, 3, 4, 2, GroupScore.SUM_OF_BEST_TWO, true, 2.5);
        Optional<DeepSeekV3Config.Yarn> yarn = Optional.of(new DeepSeekV3Config.Yarn(40, 64, 32, 1, 1, 1));
        return new DeepSeekV3Config(
                architecture,
                50,
                24,
                3,
                1,
                3,
                20,
                12,
                10,
                6,
                7,
                40,
                9,
                8,
                1,
                gate,
                1e-6,
                10_000,
                yarn,
                512,
                1,
                false,
                indexer);
    }

    /// As V3, with an indexer that chooses eleven positions.
    static DeepSeekV3Config v32() {
        return v3("deepseek_v32", Optional.of(new DeepSeekV3Config.Indexer(3, 9, 11, Ties.EARLIER)));
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
                false,
                Optional.empty());
    }

    /// Grouped-query attention and nothing else: one layer, one key-value head, head and embedding shared.
    static TransformerConfig plain() {
        RotaryEmbedding rotary = RotaryEmbedding.plain(8, 10_000, Pairing.HALVES);
        return new TransformerConfig(
                "llama", 50, 24, 1, 5, 1, 8, 40, 1e-6, rotary, 512, true, Set.of(), Optional.empty());
    }

    /// The first DeepSeekMoE with parts that others have, and heads of which some columns do not turn.
    static TransformerConfig mixture(Set<Trait> traits) {
        GateRule gate = new GateRule(Scoring.SOFTMAX, 3, 1, 1, GroupScore.BEST, false, 1);
        RotaryEmbedding rotary = RotaryEmbedding.plain(10, 10_000, Pairing.INTERLEAVED);
        Optional<Experts> experts = Optional.of(new Experts(1, 9, 7, 2, gate));
        return new TransformerConfig("deepseek", 53, 20, 3, 6, 2, 14, 21, 1e-6, rotary, 512, false, traits, experts);
    }

    /// Models of every architecture: a new one is a line here.
    static List<Model> ofEveryArchitecture(DType type, long seed) {
        return List.of(
                of(plain(), type, seed),
                of(mixture(EnumSet.allOf(Trait.class)), type, seed),
                of(v2Lite(), type, seed),
                of(v3(), type, seed),
                of(v32(), type, seed),
                of(v4(seed), type, seed));
    }

    /// A V4-shaped config of random sizes: every kind of layer, in any order, and windows that a prompt of 70
    /// passes several times.
    static DeepSeekV4Config v4(long seed) {
        Random random = new Random(seed);
        int sparse = 1 + random.nextInt(5);
        int heavy = 2 + random.nextInt(40);
        List<Compression> compressions = new ArrayList<>(List.of(
                Compression.NONE,
                new Compression(sparse, true),
                new Compression(heavy, false),
                new Compression(sparse, true)));
        Collections.shuffle(compressions, random);
        int groups = 1 + random.nextInt(3);
        GateRule gate = new GateRule(Scoring.SQRT_SOFTPLUS, 2, 1, 1, GroupScore.BEST, random.nextBoolean(), 1.5);
        RotaryEmbedding compressed = RotaryEmbedding.plain(6, 160_000, Pairing.INTERLEAVED);
        return new DeepSeekV4Config(
                53,
                10 + random.nextInt(20),
                compressions.size(),
                compressions,
                groups * (1 + random.nextInt(3)),
                6 + random.nextInt(20),
                6,
                9,
                groups,
                1 + random.nextInt(9),
                1 + random.nextInt(30),
                new DeepSeekV3Config.Indexer(
                        1 + random.nextInt(9), 6 + random.nextInt(9), 1 + random.nextInt(9), Ties.EARLIER),
                new HyperRule(1 + random.nextInt(5), 1 + random.nextInt(20), 1e-6),
                8,
                7,
                1 + random.nextInt(2),
                gate,
                random.nextInt(5),
                0.5 + random.nextDouble(),
                1e-6,
                RotaryEmbedding.plain(6, 10_000, Pairing.INTERLEAVED),
                random.nextBoolean() ? compressed.yarn(160_000, 16, 32, 32, 1, 1) : compressed,
                512,
                random.nextInt(2));
    }

    /// A model of `config` whose weights are drawn from `seed`.
    static DeepSeekV3 of(DeepSeekV3Config config, DType type, long seed) {
        return DeepSeekV3.of(config, source(weights(DeepSeekV3.parameterShapes(config), type, seed)));
    }

    static DeepSeekV4 of(DeepSeekV4Config config, DType type, long seed) {
        SequencedMap<String, Tensor> weights = weights(DeepSeekV4.parameterShapes(config), type, seed);
        weights.forEach((name, tensor) -> {
            for (long i = 0; name.endsWith("tid2eid") && i < tensor.elements(); i++) {
                tensor.set(i, i % config.routedExperts());
            }
        });
        return DeepSeekV4.of(config, source(weights));
    }

    static Transformer of(TransformerConfig config, DType type, long seed) {
        return Transformer.of(config, source(weights(Transformer.parameterShapes(config), type, seed)));
    }

    /// Random weights: norms about 1, all else of a size that keeps activations near 1.
    static SequencedMap<String, Tensor> weights(SequencedMap<String, Shape> shapes, DType type, long seed) {
        Random random = new Random(seed);
        SequencedMap<String, Tensor> weights = new LinkedHashMap<>();
        shapes.forEach((name, shape) -> {
            double size = shape.axes() == 1 ? 0.1 : 1 / Math.sqrt(shape.columns());
            double mean = name.endsWith("norm.weight") ? 1 : 0;
            long[] lengths = new long[shape.axes()];
            for (int i = 0; i < lengths.length; i++) {
                lengths[i] = shape.axis(i);
            }
            Tensor weight = Tensor.allocate(Arena.ofAuto(), type, lengths);
            for (long i = 0; i < weight.elements(); i++) {
                weight.set(i, mean + size * random.nextGaussian());
            }
            weights.put(name, weight);
        });
        return weights;
    }

    static WeightSource source(Map<String, Tensor> weights) {
        return new WeightSource() {
            @Override
            public boolean has(String name) {
                return weights.containsKey(name);
            }

            @Override
            public Tensor get(String name, long... shape) {
                return weights.get(name);
            }
        };
    }
}
