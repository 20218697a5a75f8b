package dev.baleen.model;

import java.util.Map;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What GGUF calls a weight that Hugging Face calls by another name.
///
/// GGUF stacks the experts of a layer in one tensor; their Hugging Face names lead to one entry of it.
///
/// @param name the tensor's name in a GGUF file
/// @param entry which entry of its first axis, where it is a stack of experts
record GgufNames(String name, OptionalInt entry) {
    private static final Pattern LAYER = Pattern.compile("model\\.layers\\.(\\d+)\\.(.+)");
    private static final Pattern EXPERT = Pattern.compile("mlp\\.experts\\.(\\d+)\\.(gate|up|down)_proj\\.weight");

    private static final Map<String, String> OUTSIDE = Map.of(
            "model.embed_tokens.weight", "token_embd.weight",
            "model.norm.weight", "output_norm.weight",
            "lm_head.weight", "output.weight");

    private static final Map<String, String> IN_LAYER = Map.ofEntries(
            Map.entry("input_layernorm.weight", "attn_norm.weight"),
            Map.entry("self_attn.q_proj.weight", "attn_q.weight"),
            Map.entry("self_attn.q_proj.bias", "attn_q.bias"),
            Map.entry("self_attn.k_proj.weight", "attn_k.weight"),
            Map.entry("self_attn.k_proj.bias", "attn_k.bias"),
            Map.entry("self_attn.v_proj.weight", "attn_v.weight"),
            Map.entry("self_attn.v_proj.bias", "attn_v.bias"),
            Map.entry("self_attn.q_norm.weight", "attn_q_norm.weight"),
            Map.entry("self_attn.k_norm.weight", "attn_k_norm.weight"),
            Map.entry("self_attn.q_a_proj.weight", "attn_q_a.weight"),
            Map.entry("self_attn.q_a_layernorm.weight", "attn_q_a_norm.weight"),
            Map.entry("self_attn.q_b_proj.weight", "attn_q_b.weight"),
            Map.entry("self_attn.kv_a_proj_with_mqa.weight", "attn_kv_a_mqa.weight"),
            Map.entry("self_attn.kv_a_layernorm.weight", "attn_kv_a_norm.weight"),
            Map.entry("self_attn.kv_b_proj.weight", "attn_kv_b.weight"),
            Map.entry("self_attn.k_b_proj.weight", "attn_k_b.weight"),
            Map.entry("self_attn.v_b_proj.weight", "attn_v_b.weight"),
            Map.entry("self_attn.o_proj.weight", "attn_output.weight"),
            Map.entry("self_attn.o_proj.bias", "attn_output.bias"),
            Map.entry("self_attn.indexer.wq_b.weight", "indexer.attn_q_b.weight"),
            Map.entry("self_attn.indexer.wk.weight", "indexer.attn_k.weight"),
            Map.entry("self_attn.indexer.k_norm.weight", "indexer.k_norm.weight"),
            Map.entry("self_attn.indexer.k_norm.bias", "indexer.k_norm.bias"),
            Map.entry("self_attn.indexer.weights_proj.weight", "indexer.proj.weight"),
            Map.entry("post_attention_layernorm.weight", "ffn_norm.weight"),
            Map.entry("mlp.gate_proj.weight", "ffn_gate.weight"),
            Map.entry("mlp.up_proj.weight", "ffn_up.weight"),
            Map.entry("mlp.down_proj.weight", "ffn_down.weight"),
            Map.entry("mlp.gate_proj.bias", "ffn_gate.bias"),
            Map.entry("mlp.up_proj.bias", "ffn_up.bias"),
            Map.entry("mlp.down_proj.bias", "ffn_down.bias"),
            Map.entry("mlp.gate.weight", "ffn_gate_inp.weight"),
            Map.entry("mlp.gate.e_score_correction_bias", "exp_probs_b.bias"),
            Map.entry("mlp.shared_experts.gate_proj.weight", "ffn_gate_shexp.weight"),
            Map.entry("mlp.shared_experts.up_proj.weight", "ffn_up_shexp.weight"),
            Map.entry("mlp.shared_experts.down_proj.weight", "ffn_down_shexp.weight"),
            Map.entry("eh_proj.weight", "nextn.eh_proj.weight"),
            Map.entry("embed_tokens.weight", "nextn.embed_tokens.weight"),
            Map.entry("enorm.weight", "nextn.enorm.weight"),
            Map.entry("hnorm.weight", "nextn.hnorm.weight"),
            Map.entry("shared_head.norm.weight", "nextn.shared_head_norm.weight"),
            Map.entry("shared_head.head.weight", "nextn.shared_head_head.weight"));

    /// Translates a Hugging Face name; one that GGUF does not know stays as it is, and will not be found.
    static GgufNames of(String huggingFace) {
        Matcher layer = LAYER.matcher(huggingFace);
        if (!layer.matches()) {
            return new GgufNames(OUTSIDE.getOrDefault(huggingFace, huggingFace), OptionalInt.empty());
        }
        String block = "blk." + layer.group(1) + ".";
        Matcher expert = EXPERT.matcher(layer.group(2));
        if (expert.matches()) {
            String stack = block + "ffn_" + expert.group(2) + "_exps.weight";
            return new GgufNames(stack, OptionalInt.of(Integer.parseInt(expert.group(1))));
        }
        return new GgufNames(block + IN_LAYER.getOrDefault(layer.group(2), layer.group(2)), OptionalInt.empty());
    }
}
