package dev.baleen.model;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.baleen.checkpoint.Config;
import dev.baleen.kernel.GateRule;
import dev.baleen.kernel.GateRule.GroupScore;
import dev.baleen.kernel.GateRule.Scoring;
import dev.baleen.kernel.RotaryEmbedding;
import dev.baleen.kernel.RotaryEmbedding.Pairing;
import dev.baleen.kernel.Ties;
import java.util.List;
import java.util.Optional;

/// The numbers that make a DeepSeek-V2, V3 or V3.2 model, named as in its `config.json`.
///
/// @param architecture `deepseek_v2`, `deepseek_v3` or `deepseek_v32`
/// @param layers decoder layers, the prediction module not counted
/// @param firstDenseLayers layers at the start with a dense feed-forward layer instead of experts
/// @param qLoraRank width of the query latent; 0 where queries are projected straight
/// @param kvLoraRank width of the key-value latent
/// @param qkNopeHeadDim columns of a head's key that do not turn
/// @param qkRopeHeadDim columns of a head's key that turn
/// @param gate how experts are chosen
/// @param yarn how the rotary frequencies are stretched, if they are
/// @param predictionLayers modules that predict further ahead
/// @param indexer what chooses the positions to attend to, if not all are
public record DeepSeekV3Config(
        String architecture,
        int vocabularySize,
        int hiddenSize,
        int layers,
        int firstDenseLayers,
        int heads,
        int qLoraRank,
        int kvLoraRank,
        int qkNopeHeadDim,
        int qkRopeHeadDim,
        int vHeadDim,
        int intermediateSize,
        int moeIntermediateSize,
        int routedExperts,
        int sharedExperts,
        GateRule gate,
        double rmsNormEps,
        double ropeTheta,
        Optional<Yarn> yarn,
        int contextLength,
        int predictionLayers,
        boolean tiedEmbeddings,
        Optional<Indexer> indexer) {
    /// The sizes of a lightning indexer (DeepSeek-V3.2, arXiv 2512.02556, §2.1).
    ///
    /// @param heads query heads
    /// @param headDim columns of a head's query and of the one key
    /// @param chosen positions that a query attends to at most
    /// @param ties which positions stay where scores are equal: a matter of the implementation that the file is for
    public record Indexer(int heads, int headDim, int chosen, Ties ties) {
        public Indexer {
            if (heads < 1 || headDim < 1 || chosen < 1 || headDim > Settings.HEAD_DIM_MAX) {
                throw new IllegalArgumentException("No indexer of %d heads of %d columns that chooses %d positions"
                        .formatted(heads, headDim, chosen));
            }
        }
    }

    /// YaRN (arXiv 2309.00071) with DeepSeek's two magnitudes.
    ///
    /// @param originalContext positions that the frequencies were first trained for
    /// @param mscale magnitude that the rotation is multiplied by
    /// @param mscaleAllDim magnitude that the rotation is divided by and that the attention scale takes twice
    public record Yarn(
            double factor,
            double originalContext,
            double betaFast,
            double betaSlow,
            double mscale,
            double mscaleAllDim) {
        private double magnitude(double m) {
            return RopeSettings.magnitude(factor, m);
        }
    }

    private static final List<String> SCORINGS = List.of("softmax", "sigmoid");
    private static final List<String> CHOICES = List.of("greedy", "group_limited_greedy", "noaux_tc");

    /// What a tenth of a magnitude is less than, and a magnitude is not.
    private static final double YARN_TENTH_MAX = 0.4;

    public DeepSeekV3Config {
        if (qkNopeHeadDim < 1 || qkRopeHeadDim < 1 || vHeadDim < 1 || qLoraRank < 0 || firstDenseLayers < 0) {
            throw new IllegalArgumentException(
                    "No heads of %d + %d key and %d value columns, query rank %d, after %d dense layers"
                            .formatted(qkNopeHeadDim, qkRopeHeadDim, vHeadDim, qLoraRank, firstDenseLayers));
        }
        if (heads < 1 || layers < 1 || hiddenSize < 1 || kvLoraRank < 1 || qkRopeHeadDim % 2 != 0) {
            throw new IllegalArgumentException(
                    "No model of %d layers, width %d, %d heads, latent %d, rotary width %d (which must be even)"
                            .formatted(layers, hiddenSize, heads, kvLoraRank, qkRopeHeadDim));
        }
        if (indexer.isPresent() && (qLoraRank < 1 || indexer.get().headDim() < qkRopeHeadDim)) {
            throw new IllegalArgumentException(
                    "No indexer of %d columns, %d of them rotary, on query rank %d (which it needs)"
                            .formatted(indexer.get().headDim(), qkRopeHeadDim, qLoraRank));
        }
        if (heads > Settings.HEADS_MAX
                || routedExperts > Settings.EXPERTS_MAX
                || sharedExperts < 0
                || sharedExperts > Settings.EXPERTS_MAX) {
            throw new IllegalArgumentException("No model of %,d heads, %,d experts and %,d shared ones"
                    .formatted(heads, routedExperts, sharedExperts));
        }
        if (qkRopeHeadDim > Settings.HEAD_DIM_MAX
                || !rotary(qkRopeHeadDim, ropeTheta, yarn).isFinite()) {
            throw new IllegalArgumentException(
                    "No angles for %,d columns from base %s and %s".formatted(qkRopeHeadDim, ropeTheta, yarn));
        }
        if (layers > firstDenseLayers && moeIntermediateSize < 1) {
            throw new IllegalArgumentException("Experts of width " + moeIntermediateSize);
        }
        if (layers > firstDenseLayers && !gate.fits(routedExperts)) {
            throw new IllegalArgumentException("%d experts cannot be chosen %d at a time from %d of %d equal groups"
                    .formatted(routedExperts, gate.chosen(), gate.groupsKept(), gate.groups()));
        }
    }

    /// Columns of a head's query and key.
    public int qkHeadDim() {
        return qkNopeHeadDim + qkRopeHeadDim;
    }

    /// What scores are multiplied by: `1/sqrt(key width)`, times the square of YaRN's magnitude.
    public double attentionScale() {
        double magnitude = yarn.map(y -> y.magnitude(y.mscaleAllDim)).orElse(1.0);
        return magnitude * magnitude / Math.sqrt(qkHeadDim());
    }

    /// The angles of queries and keys; DeepSeek pairs neighbouring columns.
    public RotaryEmbedding rotary() {
        return rotary(qkRopeHeadDim, ropeTheta, yarn);
    }

    private static RotaryEmbedding rotary(int qkRopeHeadDim, double ropeTheta, Optional<Yarn> yarn) {
        RotaryEmbedding plain = RotaryEmbedding.plain(qkRopeHeadDim, ropeTheta, Pairing.INTERLEAVED);
        return yarn.map(y -> plain.yarn(
                        ropeTheta,
                        y.factor,
                        y.originalContext,
                        y.betaFast,
                        y.betaSlow,
                        y.magnitude(y.mscale) / y.magnitude(y.mscaleAllDim)))
                .orElse(plain);
    }

    /// Reads a Hugging Face `config.json`.
    ///
    /// @throws CheckpointException if settings are missing, mistyped or contradict each other
    public static DeepSeekV3Config ofHuggingFace(Config json) {
        String type = json.text("model_type");
        boolean v3 = !type.equals("deepseek_v2");
        boolean sigmoid = Settings.choice(json, "scoring_func", v3 ? "sigmoid" : "softmax", SCORINGS)
                .equals("sigmoid");
        boolean grouped = !Settings.choice(json, "topk_method", v3 ? "noaux_tc" : "greedy", CHOICES)
                .equals("greedy");
        int groups = grouped ? json.positive("n_group", 1) : 1;
        int layers = json.positive("num_hidden_layers");
        int experts = json.integer("n_routed_experts", 0);
        Settings.refuseOther(json, "hidden_act", "silu");
        Settings.refuseOther(json, "attention_bias", false);
        Settings.refuseOther(json, "moe_layer_freq", 1);
        Settings.refuseOther(json, "rope_interleave", true);
        return Settings.checked(
                json,
                () -> new DeepSeekV3Config(
                        type,
                        json.positive("vocab_size"),
                        json.positive("hidden_size"),
                        layers,
                        experts == 0 ? layers : json.integer("first_k_dense_replace", 0),
                        json.positive("num_attention_heads"),
                        json.integer("q_lora_rank", 0),
                        json.positive("kv_lora_rank"),
                        json.positive("qk_nope_head_dim"),
                        json.positive("qk_rope_head_dim"),
                        json.positive("v_head_dim"),
                        json.positive("intermediate_size"),
                        json.integer("moe_intermediate_size", 0),
                        experts,
                        json.integer("n_shared_experts", 0),
                        new GateRule(
                                sigmoid ? Scoring.SIGMOID : Scoring.SOFTMAX,
                                json.positive("num_experts_per_tok", 1),
                                groups,
                                grouped ? json.positive("topk_group", groups) : 1,
                                sigmoid ? GroupScore.SUM_OF_BEST_TWO : GroupScore.BEST,
                                json.flag("norm_topk_prob", v3),
                                json.number("routed_scaling_factor", 1)),
                        json.number("rms_norm_eps", 1e-6),
                        RopeSettings.base(json),
                        RopeSettings.section(json).flatMap(DeepSeekV3Config::yarn),
                        json.positive("max_position_embeddings"),
                        json.integer("num_nextn_predict_layers", 0),
                        json.flag("tie_word_embeddings", false),
                        type.equals("deepseek_v32")
                                ? Optional.of(new Indexer(
                                        json.positive("index_n_heads"),
                                        json.positive("index_head_dim"),
                                        json.positive("index_topk"),
                                        Ties.PARTITION))
                                : Optional.empty()));
    }

    private static Optional<Yarn> yarn(Config rope) {
        String type = RopeSettings.type(rope);
        if (type.equals("default")) {
            return Optional.empty();
        }
        if (!type.equals("yarn")) {
            RopeSettings.refuseType(rope, "DeepSeek's latent attention knows 'default' and 'yarn'");
        }
        return Optional.of(new Yarn(
                rope.number("factor"),
                rope.number("original_max_position_embeddings"),
                rope.number("beta_fast", 32),
                rope.number("beta_slow", 1),
                rope.number("mscale", 1),
                rope.number("mscale_all_dim", 0)));
    }

    /// Reads the metadata of a GGUF file of architecture `deepseek2` or `deepseek32`.
    ///
    /// @param vocabulary entries of the vocabulary, which old files leave to their tokenizer
    /// @param weights asked where files of different ages say different things
    /// @throws CheckpointException if settings are missing, mistyped or contradict each other
    public static DeepSeekV3Config ofGguf(Config metadata, int vocabulary, WeightSource weights) {
        boolean sparse = metadata.text("general.architecture").equals("deepseek32");
        Config keys = metadata.section(sparse ? "deepseek32" : "deepseek2").orElseThrow();
        // Files from before V3 do not name the function: it was a softmax.
        int gating = keys.integer("expert_gating_func", 1);
        if (gating < 0 || gating > 2) {
            keys.problem("expert_gating_func", "is " + gating, "Baleen knows 1, a softmax, and 2, a sigmoid");
        }
        boolean sigmoid = gating == 2;
        int groups = Math.max(1, keys.integer("expert_group_count", 1));
        int rotary = keys.positive("rope.dimension_count");
        int keyLength = keys.positive("attention.key_length_mla", keys.positive("attention.key_length", 192));
        int further = keys.integer("nextn_predict_layers", 0);
        int layers = ggufLayers(keys.positive("block_count"), further, weights);
        boolean straightQueries = weights.has("model.layers.0.self_attn.q_proj.weight");
        int experts = keys.integer("expert_count", 0);
        return Settings.checked(
                metadata,
                () -> new DeepSeekV3Config(
                        sparse ? "deepseek_v32" : sigmoid ? "deepseek_v3" : "deepseek_v2",
                        vocabulary,
                        keys.positive("embedding_length"),
                        layers,
                        experts == 0 ? layers : keys.integer("leading_dense_block_count", 0),
                        keys.positive("attention.head_count"),
                        straightQueries ? 0 : keys.integer("attention.q_lora_rank", 0),
                        keys.positive("attention.kv_lora_rank"),
                        keyLength - rotary,
                        rotary,
                        keys.positive("attention.value_length_mla", keys.positive("attention.value_length", 128)),
                        keys.positive("feed_forward_length"),
                        keys.integer("expert_feed_forward_length", 0),
                        experts,
                        keys.integer("expert_shared_count", 0),
                        new GateRule(
                                sigmoid ? Scoring.SIGMOID : Scoring.SOFTMAX,
                                keys.positive("expert_used_count", 1),
                                groups,
                                Math.max(1, keys.integer("expert_group_used_count", groups)),
                                sigmoid ? GroupScore.SUM_OF_BEST_TWO : GroupScore.BEST,
                                keys.flag("expert_weights_norm", false),
                                keys.number("expert_weights_scale", 1)),
                        keys.number("attention.layer_norm_rms_epsilon"),
                        keys.number("rope.freq_base", 10_000),
                        ggufYarn(keys),
                        keys.positive("context_length"),
                        further,
                        !weights.has("lm_head.weight"),
                        sparse
                                ? Optional.of(new Indexer(
                                        keys.positive("attention.indexer.head_count"),
                                        keys.positive("attention.indexer.key_length"),
                                        keys.positive("attention.indexer.top_k"),
                                        Ties.HEAP))
                                : Optional.empty()));
    }

    /// Decoder layers of a file with `blocks` blocks. The modules that predict further are counted among the
    /// blocks, whether or not they are in the file; but some files leave them out and count what is left.
    private static int ggufLayers(int blocks, int further, WeightSource weights) {
        String last = "model.layers." + (blocks - 1);
        boolean ordinary = weights.has(last + ".input_layernorm.weight") && !weights.has(last + ".eh_proj.weight");
        return further > 0 && ordinary ? blocks : blocks - further;
    }

    /// A GGUF file gives the magnitude as `yarn_log_multiplier`, a tenth of `mscale_all_dim`, which is 1 or 0.707
    /// in what DeepSeek published. llama.cpp multiplies it by ten when it reads a file, and writes it so when it
    /// saves one (its pull request 17945); hence a larger number is `mscale_all_dim` itself. Without it, sines and
    /// cosines are stretched as by a `config.json` that says nothing: `mscale` 1 over `mscale_all_dim` 0.
    private static Optional<Yarn> ggufYarn(Config keys) {
        String type = keys.text("rope.scaling.type", "none");
        if (type.equals("none")) {
            return Optional.empty();
        }
        if (!type.equals("yarn")) {
            keys.problem("rope.scaling.type", "is '" + type + "'", "latent attention knows 'none' and 'yarn'");
        }
        double multiplier = keys.number("rope.scaling.yarn_log_multiplier", 0);
        double magnitude = multiplier < YARN_TENTH_MAX ? 10 * multiplier : multiplier;
        return Optional.of(new Yarn(
                keys.number("rope.scaling.factor"),
                keys.number("rope.scaling.original_context_length", 4096),
                keys.number("rope.scaling.yarn_beta_fast", 32),
                keys.number("rope.scaling.yarn_beta_slow", 1),
                magnitude == 0 ? 1 : magnitude,
                magnitude));
    }

    /// This config as a Hugging Face `config.json`.
    public ObjectNode toJson() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        boolean v3 = gate.scoring() == Scoring.SIGMOID;
        json.putArray("architectures")
                .add(
                        indexer.isPresent()
                                ? "DeepseekV32ForCausalLM"
                                : v3 ? "DeepseekV3ForCausalLM" : "DeepseekV2ForCausalLM");
        json.put("model_type", architecture)
                .put("vocab_size", vocabularySize)
                .put("hidden_size", hiddenSize)
                .put("num_hidden_layers", layers)
                .put("first_k_dense_replace", firstDenseLayers)
                .put("moe_layer_freq", 1)
                .put("num_attention_heads", heads)
                .put("num_key_value_heads", heads);
        if (qLoraRank == 0) {
            json.putNull("q_lora_rank");
        } else {
            json.put("q_lora_rank", qLoraRank);
        }
        json.put("kv_lora_rank", kvLoraRank)
                .put("qk_nope_head_dim", qkNopeHeadDim)
                .put("qk_rope_head_dim", qkRopeHeadDim)
                .put("v_head_dim", vHeadDim)
                .put("intermediate_size", intermediateSize)
                .put("moe_intermediate_size", moeIntermediateSize)
                .put("n_routed_experts", routedExperts)
                .put("n_shared_experts", sharedExperts)
                .put("num_experts_per_tok", gate.chosen())
                .put("n_group", gate.groups())
                .put("topk_group", gate.groupsKept())
                .put("scoring_func", v3 ? "sigmoid" : "softmax")
                .put("topk_method", v3 ? "noaux_tc" : gate.groups() > 1 ? "group_limited_greedy" : "greedy")
                .put("norm_topk_prob", gate.normalise())
                .put("routed_scaling_factor", gate.scale())
                .put("hidden_act", "silu")
                .put("attention_bias", false)
                .put("rms_norm_eps", rmsNormEps)
                .put("rope_theta", ropeTheta);
        yarn.ifPresent(y -> json.putObject("rope_scaling")
                .put("type", "yarn")
                .put("factor", y.factor)
                .put("original_max_position_embeddings", (int) y.originalContext)
                .put("beta_fast", y.betaFast)
                .put("beta_slow", y.betaSlow)
                .put("mscale", y.mscale)
                .put("mscale_all_dim", y.mscaleAllDim));
        indexer.ifPresent(i -> json.put("index_n_heads", i.heads)
                .put("index_head_dim", i.headDim)
                .put("index_topk", i.chosen));
        return json.put("max_position_embeddings", contextLength)
                .put("num_nextn_predict_layers", predictionLayers)
                .put("tie_word_embeddings", tiedEmbeddings);
    }
}
