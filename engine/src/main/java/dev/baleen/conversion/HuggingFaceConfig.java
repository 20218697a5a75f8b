package dev.baleen.conversion;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.baleen.checkpoint.Config;
import dev.baleen.checkpoint.Gguf;
import dev.baleen.checkpoint.TensorEntry;
import dev.baleen.dtype.DType;
import dev.baleen.tensor.Tensor;
import java.util.Map;
import java.util.Optional;

/// `config.json`, from the metadata of a GGUF file.
final class HuggingFaceConfig {
    private static final Map<DType, String> TORCH_TYPES =
            Map.of(DType.F32, "float32", DType.F16, "float16", DType.BF16, "bfloat16");

    private HuggingFaceConfig() {}

    /// @param most what most of the weights are going to be written in
    /// @throws dev.baleen.checkpoint.CheckpointException if settings are missing or wrong; all are told together
    static ObjectNode of(Gguf gguf, Family family, DType most) {
        Config metadata = gguf.config();
        Config keys = metadata.section(family.gguf()).orElseThrow();
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.putArray("architectures").add(family.className());
        json.put("model_type", family.modelType());
        int further = family == Family.DEEPSEEK_V4 ? 0 : keys.integer("nextn_predict_layers", 0);
        json.put("num_hidden_layers", keys.positive("block_count") - further);
        for (Setting setting : family.settings()) {
            setting.toHuggingFace(keys, json);
        }
        json.put("vocab_size", vocabulary(gguf));
        if (family.hasExperts()) {
            experts(keys, family, json);
        }
        if (family.hasLatentAttention()) {
            latent(gguf, keys, json);
        }
        if (family == Family.DEEPSEEK_V4) {
            compressed(keys, json);
        }
        Optional<float[]> factors = gguf.tensor(RopeConversion.FACTORS).map(Tensor::toFloats);
        RopeConversion.toHuggingFace(keys, family, factors, json);
        boolean tied = !gguf.entries().containsKey("output.weight");
        boolean bias = gguf.entries().containsKey("blk.0.attn_output.bias");
        json.put("hidden_act", "silu").put("attention_bias", bias).put("tie_word_embeddings", tied);
        if (family == Family.LLAMA) {
            json.put("mlp_bias", gguf.entries().containsKey("blk.0.ffn_gate.bias"));
        }
        json.put("torch_dtype", TORCH_TYPES.get(most)).put("use_cache", true);
        id(metadata, "bos_token_id", json);
        id(metadata, "eos_token_id", json);
        metadata.finish();
        return json;
    }

    private static void id(Config metadata, String key, ObjectNode json) {
        if (metadata.has("tokenizer.ggml." + key)) {
            json.put(key, metadata.integer("tokenizer.ggml." + key));
        }
    }

    /// Rows of the embedding: old files give the number nowhere else.
    private static long vocabulary(Gguf gguf) {
        TensorEntry embedding = gguf.entries().get("token_embd.weight");
        return embedding == null ? 0 : embedding.shape().axis(0);
    }

    private static void experts(Config keys, Family family, ObjectNode json) {
        int gate = keys.integer("expert_gating_func", 1);
        String scoring = GgufMetadata.GATES.entrySet().stream()
                .filter(entry -> entry.getValue() == gate)
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse("");
        if (scoring.isEmpty()) {
            keys.problem("expert_gating_func", "is " + gate, "these are known: " + GgufMetadata.GATES);
        }
        boolean biased = family != Family.DEEPSEEK && !scoring.equals("softmax");
        boolean grouped = keys.integer("expert_group_count", 1) > 1;
        json.put("scoring_func", scoring);
        json.put("topk_method", biased ? "noaux_tc" : grouped ? "group_limited_greedy" : "greedy");
        json.put("norm_topk_prob", keys.flag("expert_weights_norm", false));
        json.put("moe_layer_freq", 1);
    }

    private static void latent(Gguf gguf, Config keys, ObjectNode json) {
        int turning = keys.positive("rope.dimension_count");
        json.put("num_key_value_heads", keys.positive("attention.head_count"));
        if (!keys.has("attention.q_lora_rank") || !gguf.entries().containsKey("blk.0.attn_q_a.weight")) {
            json.putNull("q_lora_rank");
        }
        // Older files have the widths of the heads where newer ones have those of the latent vector.
        int key = keys.positive("attention.key_length_mla", keys.positive("attention.key_length", 1));
        int value = keys.positive("attention.value_length_mla", keys.positive("attention.value_length", 1));
        json.put("qk_nope_head_dim", key - turning).put("v_head_dim", value);
        json.put("rope_interleave", true);
    }

    private static void compressed(Config keys, ObjectNode json) {
        json.remove("intermediate_size");
        json.put(
                "swiglu_limit",
                Setting.shortest(
                        keys.numbers("swiglu_clamp_exp").stream().findFirst().orElse(10.0)));
        ArrayNode ratios = json.putArray("compress_ratios");
        keys.integers("attention.compress_ratios").forEach(ratios::add);
        json.put("num_nextn_predict_layers", 0);
    }
}
