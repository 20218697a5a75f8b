package dev.baleen.conversion;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.baleen.checkpoint.Config;
import dev.baleen.checkpoint.GgufType;
import dev.baleen.checkpoint.GgufValue;
import java.util.List;
import java.util.SequencedMap;

/// One number of a network under both of its names: in `config.json`, and in GGUF behind the architecture's prefix.
record Setting(String huggingFace, String gguf, Kind kind) {
    enum Kind {
        COUNT,
        REAL,
        FLAG
    }

    static final List<Setting> COMMON = List.of(
            count("max_position_embeddings", "context_length"),
            count("hidden_size", "embedding_length"),
            count("intermediate_size", "feed_forward_length"),
            count("num_attention_heads", "attention.head_count"),
            count("vocab_size", "vocab_size"),
            real("rms_norm_eps", "attention.layer_norm_rms_epsilon"));

    static final List<Setting> HEADS = List.of(
            count("num_key_value_heads", "attention.head_count_kv"),
            count("head_dim", "attention.key_length"),
            count("head_dim", "attention.value_length"));

    static final List<Setting> EXPERTS = List.of(
            count("first_k_dense_replace", "leading_dense_block_count"),
            count("moe_intermediate_size", "expert_feed_forward_length"),
            count("n_routed_experts", "expert_count"),
            count("num_experts_per_tok", "expert_used_count"),
            count("n_shared_experts", "expert_shared_count"),
            count("n_group", "expert_group_count"),
            count("topk_group", "expert_group_used_count"),
            real("routed_scaling_factor", "expert_weights_scale"),
            flag("norm_topk_prob", "expert_weights_norm"));

    /// What of latent attention has the same meaning in both; the widths of heads are in [GgufMetadata].
    static final List<Setting> LATENT = List.of(
            count("q_lora_rank", "attention.q_lora_rank"),
            count("kv_lora_rank", "attention.kv_lora_rank"),
            count("qk_rope_head_dim", "rope.dimension_count"),
            count("num_nextn_predict_layers", "nextn_predict_layers"));

    static final List<Setting> INDEXER = List.of(
            count("index_n_heads", "attention.indexer.head_count"),
            count("index_head_dim", "attention.indexer.key_length"),
            count("index_topk", "attention.indexer.top_k"));

    static final List<Setting> COMPRESSED = List.of(
            count("q_lora_rank", "attention.q_lora_rank"),
            count("qk_rope_head_dim", "rope.dimension_count"),
            count("sliding_window", "attention.sliding_window"),
            count("o_groups", "attention.output_group_count"),
            count("o_lora_rank", "attention.output_lora_rank"),
            count("hc_mult", "hyper_connection.count"),
            count("hc_sinkhorn_iters", "hyper_connection.sinkhorn_iterations"),
            count("num_hash_layers", "hash_layer_count"),
            real("hc_eps", "hyper_connection.epsilon"),
            real("compress_rope_theta", "attention.compress_rope_freq_base"));

    private static Setting count(String huggingFace, String gguf) {
        return new Setting(huggingFace, gguf, Kind.COUNT);
    }

    private static Setting real(String huggingFace, String gguf) {
        return new Setting(huggingFace, gguf, Kind.REAL);
    }

    private static Setting flag(String huggingFace, String gguf) {
        return new Setting(huggingFace, gguf, Kind.FLAG);
    }

    /// Adds this setting to the metadata of a GGUF file, if `config.json` has it.
    void toGguf(Config json, String prefix, SequencedMap<String, GgufValue> metadata) {
        if (json.has(huggingFace)) {
            metadata.put(
                    prefix + gguf,
                    switch (kind) {
                        case COUNT -> count(json.integer(huggingFace));
                        case REAL -> real(json.number(huggingFace));
                        case FLAG -> new GgufValue.Flag(json.flag(huggingFace));
                    });
        }
    }

    /// Adds this setting to `config.json`, if the GGUF file has it.
    void toHuggingFace(Config keys, ObjectNode json) {
        if (keys.has(gguf)) {
            switch (kind) {
                case COUNT -> json.put(huggingFace, keys.integer(gguf));
                case REAL -> json.put(huggingFace, shortest(keys.number(gguf)));
                case FLAG -> json.put(huggingFace, keys.flag(gguf));
            }
        }
    }

    static GgufValue count(long value) {
        return new GgufValue.Whole(GgufType.UINT32, value);
    }

    static GgufValue real(double value) {
        return new GgufValue.Real(GgufType.FLOAT32, value);
    }

    /// GGUF rounds to single precision. The shortest decimal number that means the same is the one that was
    /// rounded: 0.000001, not 0.00000099999999747524.
    static double shortest(double value) {
        return Double.parseDouble(Float.toString((float) value));
    }
}
