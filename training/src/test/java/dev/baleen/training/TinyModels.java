package dev.baleen.training;

import dev.baleen.dtype.DType;
import dev.baleen.kernel.GateRule;
import dev.baleen.kernel.GateRule.GroupScore;
import dev.baleen.kernel.GateRule.Scoring;
import dev.baleen.kernel.HyperRule;
import dev.baleen.kernel.RotaryEmbedding;
import dev.baleen.kernel.RotaryEmbedding.Pairing;
import dev.baleen.kernel.Ties;
import dev.baleen.model.DeepSeekV3;
import dev.baleen.model.DeepSeekV3Config;
import dev.baleen.model.DeepSeekV4;
import dev.baleen.model.DeepSeekV4Config;
import dev.baleen.model.DeepSeekV4Config.Compression;
import dev.baleen.model.Model;
import dev.baleen.model.Transformer;
import dev.baleen.model.TransformerConfig;
import dev.baleen.model.TransformerConfig.Experts;
import dev.baleen.model.TransformerConfig.Trait;
import dev.baleen.model.WeightSource;
import dev.baleen.tensor.Shape;
import dev.baleen.tensor.Tensor;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/// Models that are small enough for double precision and plain loops, and have every part of large ones.
final class TinyModels {
    /// A model that is still to get its weights.
    record Tiny(String name, int vocabulary, SequencedMap<String, Shape> shapes, Function<WeightSource, Model> of) {
        static Tiny of(String name, DeepSeekV3Config config) {
            return new Tiny(
                    name,
                    config.vocabularySize(),
                    DeepSeekV3.parameterShapes(config),
                    weights -> DeepSeekV3.of(config, weights));
        }

        static Tiny of(TransformerConfig config) {
            return new Tiny(
                    config.architecture(),
                    config.vocabularySize(),
                    Transformer.parameterShapes(config),
                    weights -> Transformer.of(config, weights));
        }

        static Tiny of(DeepSeekV4Config config) {
            return new Tiny(
                    "deepseek_v4",
                    config.vocabularySize(),
                    DeepSeekV4.parameterShapes(config),
                    weights -> DeepSeekV4.of(config, weights));
        }

        /// Random weights: norms about 1, all else of a size that keeps activations near 1.
        Parameters parameters(DType type, RandomGenerator random) {
            Parameters parameters = Parameters.allocate(type, shapes);
            parameters.tensors().forEach((name, tensor) -> {
                if (name.endsWith("tid2eid")) {
                    table(tensor);
                    return;
                }
                boolean norm = name.endsWith("norm.weight");
                for (long i = 0; i < tensor.elements(); i++) {
                    double value = random.nextGaussian();
                    tensor.set(i, norm ? 1 + 0.2 * value : value / Math.sqrt(tensor.columns()));
                }
            });
            return parameters;
        }

        /// Two experts for each token.
        private static void table(Tensor tensor) {
            for (int i = 0; i < tensor.elements(); i++) {
                tensor.set(i, i % 2 == 0 ? i % 5 : (i + 1) % 5);
            }
        }

        @Override
        public String toString() {
            return name;
        }
    }

    private TinyModels() {}

    /// Every architecture, with every part that its models may have: a new one is a line here.
    static List<Tiny> all() {
        GateRule gate = new GateRule(Scoring.SOFTMAX, 2, 1, 1, GroupScore.BEST, false, 1);
        Trait[] biases = {Trait.QUERY_KEY_VALUE_BIAS, Trait.OUTPUT_BIAS, Trait.FEED_FORWARD_BIAS};
        return List.of(
                Tiny.of(transformer("llama", Pairing.INTERLEAVED, Optional.empty(), biases)),
                Tiny.of(transformer("qwen2", Pairing.HALVES, Optional.empty(), Trait.QUERY_KEY_VALUE_BIAS)),
                Tiny.of(transformer("qwen3", Pairing.HALVES, Optional.empty(), Trait.QUERY_KEY_NORM)),
                Tiny.of(transformer("deepseek", Pairing.HALVES, Optional.of(new Experts(1, 5, 6, 2, gate)))),
                Tiny.of("deepseek_v2", second()),
                Tiny.of("deepseek_v3", third()),
                Tiny.of("deepseek_v32", sparse()),
                Tiny.of(fourth()));
    }

    private static TransformerConfig transformer(
            String architecture, Pairing pairing, Optional<Experts> experts, Trait... traits) {
        return new TransformerConfig(
                architecture,
                13,
                8,
                2,
                4,
                2,
                6,
                12,
                1e-5,
                RotaryEmbedding.plain(6, 10_000, pairing).yarn(10_000, 4, 16, 32, 1, 1.1),
                64,
                architecture.equals("qwen3"),
                Set.of(traits),
                experts);
    }

    /// V3: a query latent, sigmoid gate over groups with normalised weights, and the module that predicts further.
    static DeepSeekV3Config third() {
        return third("deepseek_v3", Optional.empty());
    }

    private static DeepSeekV3Config third(String architecture, Optional<DeepSeekV3Config.Indexer> indexer) {
        GateRule gate = new GateRule(Scoring.SIGMOID, 2, 2, 1, GroupScore.SUM_OF_BEST_TWO, true, 2.5);
        return config(architecture, 5, gate, 1, false, indexer);
    }

    /// V2: straight queries, softmax gate with plain weights, head and embedding shared.
    static DeepSeekV3Config second() {
        GateRule gate = new GateRule(Scoring.SOFTMAX, 3, 1, 1, GroupScore.BEST, false, 1);
        return config("deepseek_v2", 0, gate, 0, true, Optional.empty());
    }

    /// V3.2: as V3, with an indexer that chooses three positions.
    static DeepSeekV3Config sparse() {
        return third("deepseek_v32", Optional.of(new DeepSeekV3Config.Indexer(2, 4, 3, Ties.EARLIER)));
    }

    /// V4: a layer of every kind, with windows and entries so small that a few tokens fill them.
    static DeepSeekV4Config fourth() {
        return new DeepSeekV4Config(
                13,
                8,
                4,
                List.of(
                        Compression.NONE,
                        new Compression(2, true),
                        new Compression(3, false),
                        new Compression(2, true)),
                4,
                6,
                4,
                5,
                2,
                3,
                3,
                new DeepSeekV3Config.Indexer(2, 5, 1, Ties.EARLIER),
                new HyperRule(3, 4, 1e-4),
                5,
                5,
                1,
                new GateRule(Scoring.SQRT_SOFTPLUS, 2, 1, 1, GroupScore.BEST, true, 1.5),
                1,
                1.5,
                1e-5,
                RotaryEmbedding.plain(4, 10_000, Pairing.INTERLEAVED),
                RotaryEmbedding.plain(4, 160_000, Pairing.INTERLEAVED).yarn(160_000, 4, 16, 32, 1, 1),
                64,
                1);
    }

    private static DeepSeekV3Config config(
            String architecture,
            int queryRank,
            GateRule gate,
            int predictionLayers,
            boolean tied,
            Optional<DeepSeekV3Config.Indexer> indexer) {
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
                tied,
                indexer);
    }
}
