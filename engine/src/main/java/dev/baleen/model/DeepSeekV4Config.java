package dev.baleen.model;

import dev.baleen.checkpoint.Config;
import dev.baleen.kernel.GateRule;
import dev.baleen.kernel.GateRule.GroupScore;
import dev.baleen.kernel.GateRule.Scoring;
import dev.baleen.kernel.HyperRule;
import dev.baleen.kernel.RotaryEmbedding;
import dev.baleen.kernel.RotaryEmbedding.Pairing;
import dev.baleen.kernel.Ties;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/// The numbers that make a DeepSeek-V4 model.
///
/// @param compressions how each layer sees what lies before its window, the prediction module's last if there is one
/// @param heads query heads; they share one key, which is the value too
/// @param ropeDim columns of a head that turn, its last
/// @param window positions that a query sees as they are
/// @param outputGroups groups of heads that are projected by themselves, to `outputRank` columns each
/// @param indexer what chooses among the entries of layers with a sparse compression
/// @param hashLayers layers at the start whose experts are chosen by the token
/// @param swiGluLimit where the numbers before an expert's product are cut off
/// @param plainRotary angles of layers without compression
/// @param compressedRotary angles of the others
/// @param predictionLayers modules that predict further ahead
public record DeepSeekV4Config(
        int vocabularySize,
        int hiddenSize,
        int layers,
        List<Compression> compressions,
        int heads,
        int headDim,
        int ropeDim,
        int qLoraRank,
        int outputGroups,
        int outputRank,
        int window,
        DeepSeekV3Config.Indexer indexer,
        HyperRule streams,
        int moeIntermediateSize,
        int routedExperts,
        int sharedExperts,
        GateRule gate,
        int hashLayers,
        double swiGluLimit,
        double rmsNormEps,
        RotaryEmbedding plainRotary,
        RotaryEmbedding compressedRotary,
        int contextLength,
        int predictionLayers) {
    /// How a layer compresses what lies before its window (DeepSeek-V4's report, §2.3).
    ///
    /// @param ratio positions that become one entry; 0 for no entries
    /// @param sparse whether windows overlap and an indexer chooses among the entries (CSA), or all are seen (HCA)
    public record Compression(int ratio, boolean sparse) {
        public static final Compression NONE = new Compression(0, false);
        /// What the published models have where they choose.
        private static final int SPARSE_RATIO = 4;

        public static Compression of(int ratio) {
            return new Compression(ratio, ratio == SPARSE_RATIO);
        }

        public boolean isNone() {
            return ratio == 0;
        }
    }

    /// The most positions of a window or an entry: what is far beyond any model would only fill memory.
    private static final int POSITIONS_MAX = 1 << 16;

    public DeepSeekV4Config {
        compressions = List.copyOf(compressions);
        if (window > POSITIONS_MAX || compressions.stream().anyMatch(c -> c.ratio > POSITIONS_MAX)) {
            throw new IllegalArgumentException("A window of %,d positions and entries of %s, more than %,d"
                    .formatted(
                            window,
                            compressions.stream().map(Compression::ratio).toList(),
                            POSITIONS_MAX));
        }
        if (heads > Settings.HEADS_MAX
                || headDim > Settings.HEAD_DIM_MAX
                || routedExperts > Settings.EXPERTS_MAX
                || sharedExperts < 1
                || sharedExperts > Settings.EXPERTS_MAX) {
            throw new IllegalArgumentException("No model of %,d heads of %,d columns, %,d experts and %,d shared ones"
                    .formatted(heads, headDim, routedExperts, sharedExperts));
        }
        if (!(swiGluLimit > 0)) {
            throw new IllegalArgumentException("Experts cannot cut numbers off at " + swiGluLimit);
        }
        if (!plainRotary.isFinite() || !compressedRotary.isFinite()) {
            throw new IllegalArgumentException("The settings of the rotary embedding give no angles: check its bases"
                    + " and its factors, which have to be positive");
        }
        if (heads < 1 || outputGroups < 1 || heads % outputGroups != 0 || ropeDim < 2 || ropeDim > headDim) {
            throw new IllegalArgumentException("%d heads of %d columns, %d of them rotary, do not make %d groups"
                    .formatted(heads, headDim, ropeDim, outputGroups));
        }
        if (indexer.headDim() < ropeDim) {
            throw new IllegalArgumentException(
                    "An indexer of %d columns has no %d rotary ones".formatted(indexer.headDim(), ropeDim));
        }
        if (compressions.size() < layers || compressions.stream().anyMatch(c -> c.ratio < 0)) {
            throw new IllegalArgumentException("%d layers with %d compressions, by %s"
                    .formatted(
                            layers,
                            compressions.size(),
                            compressions.stream().map(Compression::ratio).toList()));
        }
        if (!gate.fits(routedExperts)) {
            throw new IllegalArgumentException(
                    "%d experts cannot be chosen %d at a time".formatted(routedExperts, gate.chosen()));
        }
    }

    /// What scores are multiplied by.
    public double attentionScale() {
        return 1 / Math.sqrt(headDim);
    }

    /// Reads a `config.json`: DeepSeek's own, with `compress_ratios`, or `transformers`' with `layer_types`.
    ///
    /// @throws CheckpointException if settings are missing, mistyped or contradict each other
    public static DeepSeekV4Config ofHuggingFace(Config json) {
        int layers = json.positive("num_hidden_layers");
        int headDim = json.positive("head_dim");
        int ropeDim = RopeSettings.turning(json, "qk_rope_head_dim", json.positive("qk_rope_head_dim", (int)
                (headDim * json.number("partial_rotary_factor", 64.0 / 512))));
        Settings.refuseOther(json, "hidden_act", "silu");
        Settings.refuseOther(json, "attention_bias", false);
        Settings.refuseOther(json, "tie_word_embeddings", false);
        return Settings.checked(
                json,
                () -> new DeepSeekV4Config(
                        json.positive("vocab_size"),
                        json.positive("hidden_size"),
                        layers,
                        compressions(json, layers),
                        json.positive("num_attention_heads"),
                        headDim,
                        ropeDim,
                        json.positive("q_lora_rank"),
                        json.positive("o_groups"),
                        json.positive("o_lora_rank"),
                        json.positive("sliding_window"),
                        new DeepSeekV3Config.Indexer(
                                json.positive("index_n_heads"),
                                json.positive("index_head_dim"),
                                json.positive("index_topk"),
                                Ties.PARTITION),
                        new HyperRule(
                                json.positive("hc_mult", 4),
                                json.positive("hc_sinkhorn_iters", 20),
                                json.number("hc_eps", 1e-6)),
                        json.positive("moe_intermediate_size"),
                        json.positive("n_routed_experts"),
                        json.integer("n_shared_experts", 1),
                        new GateRule(
                                scoring(json),
                                json.positive("num_experts_per_tok"),
                                1,
                                1,
                                GroupScore.BEST,
                                json.flag("norm_topk_prob", true),
                                json.number("routed_scaling_factor", 1)),
                        hashLayers(json, layers),
                        json.number("swiglu_limit", Double.MAX_VALUE),
                        json.number("rms_norm_eps", 1e-6),
                        rotary(json, "main", ropeDim, RopeSettings.base(json)),
                        rotary(json, "compress", ropeDim, json.number("compress_rope_theta", 160_000)),
                        json.positive("max_position_embeddings"),
                        json.integer("num_nextn_predict_layers", 0)));
    }

    private static List<Compression> compressions(Config json, int layers) {
        List<Integer> ratios = json.integers("compress_ratios");
        if (!ratios.isEmpty()) {
            return ratios.stream().map(Compression::of).toList();
        }
        Config rates = json.section("compress_rates").orElse(json);
        int sparse = rates.positive("compressed_sparse_attention", json.positive("compress_rate_csa", 4));
        int heavy = rates.positive("heavily_compressed_attention", json.positive("compress_rate_hca", 128));
        List<Compression> compressions = new ArrayList<>();
        for (String type : json.texts("layer_types")) {
            compressions.add(
                    switch (type) {
                        case "sliding_attention" -> Compression.NONE;
                        case "compressed_sparse_attention" -> new Compression(sparse, true);
                        case "heavily_compressed_attention" -> new Compression(heavy, false);
                        default -> {
                            json.problem(
                                    "layer_types",
                                    "has '" + type + "'",
                                    "Baleen knows sliding_attention, compressed_sparse_attention and"
                                            + " heavily_compressed_attention");
                            yield Compression.NONE;
                        }
                    });
        }
        if (compressions.isEmpty()) {
            json.problem("compress_ratios", "is missing", "give one for each layer, or layer_types");
            return Collections.nCopies(layers, Compression.NONE);
        }
        return compressions;
    }

    private static int hashLayers(Config json, int layers) {
        List<String> types = json.texts("mlp_layer_types");
        if (types.isEmpty()) {
            return Math.min(layers, json.integer("num_hash_layers", 3));
        }
        int hashed = 0;
        while (hashed < types.size() && types.get(hashed).equals("hash_moe")) {
            hashed++;
        }
        return hashed;
    }

    private static Scoring scoring(Config json) {
        String name = json.text("scoring_func", "sqrtsoftplus");
        return switch (name) {
            case "sqrtsoftplus" -> Scoring.SQRT_SOFTPLUS;
            case "sigmoid" -> Scoring.SIGMOID;
            case "softmax" -> Scoring.SOFTMAX;
            default -> {
                json.problem("scoring_func", "is '" + name + "'", "Baleen knows sqrtsoftplus, sigmoid and softmax");
                yield Scoring.SQRT_SOFTPLUS;
            }
        };
    }

    /// Layers without compression have plain angles, the others those of `rope_scaling`; newer files give both in
    /// `rope_parameters`, under `main` and `compress`. YaRN's magnitude is left out in either, as in DeepSeek's
    /// code.
    private static RotaryEmbedding rotary(Config json, String kind, int columns, double theta) {
        Optional<Config> own = json.section("rope_parameters").flatMap(parameters -> parameters.section(kind));
        double base = own.map(rope -> rope.number("rope_theta", theta)).orElse(theta);
        RotaryEmbedding plain = RotaryEmbedding.plain(columns, base, Pairing.INTERLEAVED);
        return own.or(() -> kind.equals("main") ? Optional.empty() : RopeSettings.section(json))
                .map(rope -> stretched(plain, base, rope))
                .orElse(plain);
    }

    private static RotaryEmbedding stretched(RotaryEmbedding plain, double base, Config rope) {
        return switch (RopeSettings.type(rope)) {
            case "default" -> plain;
            case "yarn" ->
                plain.yarn(
                        base,
                        rope.number("factor"),
                        rope.number("original_max_position_embeddings"),
                        rope.number("beta_fast", 32),
                        rope.number("beta_slow", 1),
                        rope.number("attention_factor", 1));
            default -> {
                RopeSettings.refuseType(rope, "DeepSeek-V4 has 'default' or 'yarn'");
                yield plain;
            }
        };
    }

    /// Reads the metadata of a GGUF file of architecture `deepseek4`.
    ///
    /// @throws CheckpointException if settings are missing, mistyped or contradict each other
    public static DeepSeekV4Config ofGguf(Config metadata, int vocabulary) {
        Config keys = metadata.section("deepseek4").orElseThrow();
        int further = keys.integer("nextn_predict_layers", 0);
        int layers = keys.positive("block_count") - further;
        int ropeDim = RopeSettings.turning(keys, "rope.dimension_count", keys.positive("rope.dimension_count"));
        List<Double> limits = keys.numbers("swiglu_clamp_exp");
        double limit = limits.isEmpty() || limits.getFirst() <= 0 ? Double.MAX_VALUE : limits.getFirst();
        RotaryEmbedding plain =
                RotaryEmbedding.plain(ropeDim, keys.number("rope.freq_base", 10_000), Pairing.INTERLEAVED);
        return Settings.checked(
                metadata,
                () -> new DeepSeekV4Config(
                        vocabulary,
                        keys.positive("embedding_length"),
                        layers,
                        keys.integers("attention.compress_ratios").stream()
                                .map(Compression::of)
                                .toList(),
                        keys.positive("attention.head_count"),
                        keys.positive("attention.key_length"),
                        ropeDim,
                        keys.positive("attention.q_lora_rank"),
                        keys.positive("attention.output_group_count"),
                        keys.positive("attention.output_lora_rank"),
                        keys.positive("attention.sliding_window"),
                        new DeepSeekV3Config.Indexer(
                                keys.positive("attention.indexer.head_count"),
                                keys.positive("attention.indexer.key_length"),
                                keys.positive("attention.indexer.top_k"),
                                Ties.HEAP),
                        new HyperRule(
                                keys.positive("hyper_connection.count"),
                                keys.positive("hyper_connection.sinkhorn_iterations"),
                                keys.number("hyper_connection.epsilon")),
                        keys.positive("expert_feed_forward_length"),
                        keys.positive("expert_count"),
                        keys.integer("expert_shared_count", 1),
                        new GateRule(
                                Scoring.SQRT_SOFTPLUS,
                                keys.positive("expert_used_count"),
                                1,
                                1,
                                GroupScore.BEST,
                                keys.flag("expert_weights_norm", true),
                                keys.number("expert_weights_scale", 1)),
                        keys.integer("hash_layer_count", 0),
                        limit,
                        keys.number("attention.layer_norm_rms_epsilon"),
                        plain,
                        ggufCompressed(keys, ropeDim),
                        keys.positive("context_length"),
                        further));
    }

    private static RotaryEmbedding ggufCompressed(Config keys, int ropeDim) {
        double theta = keys.number("attention.compress_rope_freq_base", 160_000);
        RotaryEmbedding plain = RotaryEmbedding.plain(ropeDim, theta, Pairing.INTERLEAVED);
        return keys.text("rope.scaling.type", "none").equals("yarn")
                ? plain.yarn(
                        theta,
                        keys.number("rope.scaling.factor"),
                        keys.number("rope.scaling.original_context_length"),
                        keys.number("rope.scaling.yarn_beta_fast", 32),
                        keys.number("rope.scaling.yarn_beta_slow", 1),
                        1)
                : plain;
    }
}
