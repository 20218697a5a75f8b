package dev.baleen.conversion;

import dev.baleen.checkpoint.Config;
import dev.baleen.checkpoint.GgufType;
import dev.baleen.checkpoint.GgufValue;
import dev.baleen.dtype.DType;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/// The metadata of a GGUF file that say what network it holds, from `config.json`.
final class GgufMetadata {
    /// Ids of `expert_gating_func`.
    static final Map<String, Integer> GATES = Map.of("softmax", 1, "sigmoid", 2, "sqrtsoftplus", 4);

    /// Ids of `general.file_type`: what most of a file is written in.
    private static final Map<DType, Integer> FILE_TYPES =
            Map.of(DType.F32, 0, DType.F16, 1, DType.BF16, 32, DType.MXFP4, 38);

    /// The revision of the block formats that GGUF files name; all since 2023 have this one.
    static final int QUANTIZATION_VERSION = 2;

    private GgufMetadata() {}

    /// @param name what the model is called
    static SequencedMap<String, GgufValue> of(Config json, Family family, String name, ConversionOptions options) {
        SequencedMap<String, GgufValue> metadata = new LinkedHashMap<>();
        metadata.put("general.architecture", new GgufValue.Text(family.gguf()));
        metadata.put("general.type", new GgufValue.Text("model"));
        metadata.put("general.name", new GgufValue.Text(name));
        metadata.put("general.quantization_version", Setting.count(QUANTIZATION_VERSION));
        String prefix = family.prefix();
        int further = options.predictionLayers() ? json.integer("num_nextn_predict_layers", 0) : 0;
        if (family == Family.DEEPSEEK_V4) {
            further = 0;
        }
        metadata.put(prefix + "block_count", Setting.count(json.positive("num_hidden_layers") + further));
        for (Setting setting : family.settings()) {
            setting.toGguf(json, prefix, metadata);
        }
        if (further == 0) {
            metadata.remove(prefix + "nextn_predict_layers");
        }
        metadata.putIfAbsent(prefix + "attention.layer_norm_rms_epsilon", Setting.real(1e-6));
        if (family.hasExperts()) {
            experts(json, family, metadata);
        }
        if (family.hasLatentAttention()) {
            latent(json, prefix, metadata);
        } else {
            metadata.putIfAbsent(
                    prefix + "attention.head_count_kv", Setting.count(json.positive("num_attention_heads")));
        }
        if (family == Family.DEEPSEEK_V4) {
            compressed(json, prefix, metadata);
        }
        RopeConversion.toGguf(json, family, headColumns(json), metadata);
        return metadata;
    }

    /// Columns of a head that turn, where the architecture has no other setting for them.
    static int headColumns(Config json) {
        int usual = Math.max(1, json.positive("hidden_size") / json.positive("num_attention_heads"));
        return json.positive("qk_rope_head_dim", json.positive("head_dim", usual));
    }

    private static void experts(Config json, Family family, SequencedMap<String, GgufValue> metadata) {
        String prefix = family.prefix();
        String usual = family == Family.DEEPSEEK_V4
                ? "sqrtsoftplus"
                : family == Family.DEEPSEEK_V3 || family == Family.DEEPSEEK_V32 ? "sigmoid" : "softmax";
        String scoring = json.text("scoring_func", usual);
        if (!GATES.containsKey(scoring)) {
            json.problem("scoring_func", "is '" + scoring + "'", "GGUF knows " + GATES.keySet());
        }
        metadata.put(prefix + "expert_gating_func", Setting.count(GATES.getOrDefault(scoring, 0)));
        metadata.putIfAbsent(prefix + "expert_shared_count", Setting.count(0));
        metadata.putIfAbsent(prefix + "expert_weights_scale", Setting.real(1));
        int all = json.positive("num_hidden_layers");
        if (!json.has("n_routed_experts")) {
            metadata.put(prefix + "leading_dense_block_count", Setting.count(all));
        }
    }

    /// GGUF counts the latent vector as the one key-value head that all share, as wide as it and the columns that
    /// turn; the widths of the heads that are made of it are keys of their own.
    private static void latent(Config json, String prefix, SequencedMap<String, GgufValue> metadata) {
        int rank = json.positive("kv_lora_rank");
        int turning = json.positive("qk_rope_head_dim");
        metadata.put(prefix + "attention.head_count_kv", Setting.count(1));
        metadata.put(prefix + "attention.key_length", Setting.count(rank + turning));
        metadata.put(prefix + "attention.value_length", Setting.count(rank));
        metadata.put(prefix + "attention.key_length_mla", Setting.count(json.positive("qk_nope_head_dim") + turning));
        metadata.put(prefix + "attention.value_length_mla", Setting.count(json.positive("v_head_dim")));
    }

    private static void compressed(Config json, String prefix, SequencedMap<String, GgufValue> metadata) {
        int layers = json.positive("num_hidden_layers");
        metadata.put(prefix + "feed_forward_length", Setting.count(json.positive("moe_intermediate_size")));
        metadata.put(
                prefix + "embedding_length_out",
                Setting.count((long) json.positive("hidden_size") * json.positive("hc_mult")));
        double[] limits = new double[Math.min(layers, GgufValue.Many.SIZE_MAX)];
        Arrays.fill(limits, json.number("swiglu_limit"));
        metadata.put(prefix + "swiglu_clamp_exp", GgufValue.Many.reals(GgufType.FLOAT32, limits));
        metadata.put(prefix + "swiglu_clamp_shexp", GgufValue.Many.reals(GgufType.FLOAT32, limits));
        List<Integer> ratios = json.integers("compress_ratios");
        metadata.put(
                prefix + "attention.compress_ratios",
                GgufValue.Many.wholes(
                        GgufType.INT32,
                        ratios.stream().mapToLong(Integer::longValue).toArray()));
    }

    /// The id of what most of a file is written in.
    static GgufValue fileType(DType most) {
        return Setting.count(FILE_TYPES.getOrDefault(most, 0));
    }
}
