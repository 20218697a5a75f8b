package dev.baleen.model;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/// What GGUF calls a weight that its publisher calls by another name: one table for both directions.
///
/// GGUF stacks the experts of a layer in one tensor; their published names lead to one entry of it.
///
/// @param name the tensor's name in a GGUF file
/// @param entry which entry of its first axis, where it is a stack of experts
public record GgufNames(String name, OptionalInt entry) {
    /// Who named the weights of a folder.
    public enum Publisher {
        /// Hugging Face's `transformers`, whose names most publishers take.
        HUGGING_FACE,
        /// DeepSeek in its own files of V4.
        DEEPSEEK_V4
    }

    private static final Pattern LAYER = Pattern.compile("(?:model\\.)?layers\\.(\\d+)\\.(.+)");
    private static final Pattern EXPERT =
            Pattern.compile("(?:mlp|ffn)\\.experts\\.(\\d+)\\.(gate_proj|up_proj|down_proj|w1|w2|w3)\\.weight");
    private static final Pattern BLOCK = Pattern.compile("blk\\.(\\d+)\\.(.+)");
    private static final Pattern STACK = Pattern.compile("ffn_(gate|up|down)_exps\\.weight");

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

    private static final Map<String, String> OUTSIDE_V4 = Map.of(
            "embed.weight", "token_embd.weight",
            "norm.weight", "output_norm.weight",
            "head.weight", "output.weight",
            "hc_head_fn", "output_hc_fn.weight",
            "hc_head_base", "output_hc_base.weight",
            "hc_head_scale", "output_hc_scale.weight");

    private static final Map<String, String> IN_LAYER_V4 = Map.ofEntries(
            Map.entry("attn_norm.weight", "attn_norm.weight"),
            Map.entry("attn.wq_a.weight", "attn_q_a.weight"),
            Map.entry("attn.q_norm.weight", "attn_q_a_norm.weight"),
            Map.entry("attn.wq_b.weight", "attn_q_b.weight"),
            Map.entry("attn.wkv.weight", "attn_kv.weight"),
            Map.entry("attn.kv_norm.weight", "attn_kv_a_norm.weight"),
            Map.entry("attn.attn_sink", "attn_sinks.weight"),
            Map.entry("attn.wo_a.weight", "attn_output_a.weight"),
            Map.entry("attn.wo_b.weight", "attn_output_b.weight"),
            Map.entry("attn.compressor.wkv.weight", "attn_compressor_kv.weight"),
            Map.entry("attn.compressor.wgate.weight", "attn_compressor_gate.weight"),
            Map.entry("attn.compressor.ape", "attn_compressor_ape.weight"),
            Map.entry("attn.compressor.norm.weight", "attn_compressor_norm.weight"),
            Map.entry("attn.indexer.wq_b.weight", "indexer.attn_q_b.weight"),
            Map.entry("attn.indexer.weights_proj.weight", "indexer.proj.weight"),
            Map.entry("attn.indexer.compressor.wkv.weight", "indexer_compressor_kv.weight"),
            Map.entry("attn.indexer.compressor.wgate.weight", "indexer_compressor_gate.weight"),
            Map.entry("attn.indexer.compressor.ape", "indexer_compressor_ape.weight"),
            Map.entry("attn.indexer.compressor.norm.weight", "indexer_compressor_norm.weight"),
            Map.entry("hc_attn_fn", "hc_attn_fn.weight"),
            Map.entry("hc_attn_base", "hc_attn_base.weight"),
            Map.entry("hc_attn_scale", "hc_attn_scale.weight"),
            Map.entry("hc_ffn_fn", "hc_ffn_fn.weight"),
            Map.entry("hc_ffn_base", "hc_ffn_base.weight"),
            Map.entry("hc_ffn_scale", "hc_ffn_scale.weight"),
            Map.entry("ffn_norm.weight", "ffn_norm.weight"),
            Map.entry("ffn.gate.weight", "ffn_gate_inp.weight"),
            Map.entry("ffn.gate.bias", "exp_probs_b.bias"),
            Map.entry("ffn.gate.tid2eid", "ffn_gate_tid2eid.weight"),
            Map.entry("ffn.shared_experts.w1.weight", "ffn_gate_shexp.weight"),
            Map.entry("ffn.shared_experts.w2.weight", "ffn_down_shexp.weight"),
            Map.entry("ffn.shared_experts.w3.weight", "ffn_up_shexp.weight"));

    /// Translates a publisher's name; one that GGUF does not know stays as it is, and will not be found.
    public static GgufNames of(String published) {
        Matcher layer = LAYER.matcher(published);
        if (!layer.matches()) {
            return new GgufNames(translated(published, OUTSIDE, OUTSIDE_V4), OptionalInt.empty());
        }
        String block = "blk." + layer.group(1) + ".";
        Matcher expert = EXPERT.matcher(layer.group(2));
        if (expert.matches()) {
            String projection = switch (expert.group(2)) {
                case "gate_proj", "w1" -> "gate";
                case "down_proj", "w2" -> "down";
                default -> "up";
            };
            String stack = block + "ffn_" + projection + "_exps.weight";
            return new GgufNames(stack, OptionalInt.of(Integer.parseInt(expert.group(1))));
        }
        return new GgufNames(block + translated(layer.group(2), IN_LAYER, IN_LAYER_V4), OptionalInt.empty());
    }

    private static String translated(String name, Map<String, String> first, Map<String, String> second) {
        return first.getOrDefault(name, second.getOrDefault(name, name));
    }

    /// The publisher's names of a GGUF tensor: one, or for a stack of experts one for each; none if it is unknown
    /// there.
    ///
    /// @param experts how many lie in a stack
    public static List<String> published(String gguf, Publisher publisher, int experts) {
        boolean v4 = publisher == Publisher.DEEPSEEK_V4;
        Matcher block = BLOCK.matcher(gguf);
        if (!block.matches()) {
            return keyOf(gguf, v4 ? OUTSIDE_V4 : OUTSIDE).stream().toList();
        }
        String layer = (v4 ? "layers." : "model.layers.") + block.group(1) + ".";
        Matcher stack = STACK.matcher(block.group(2));
        if (stack.matches()) {
            String projection = stack.group(1);
            String short4 = projection.equals("gate") ? "w1" : projection.equals("down") ? "w2" : "w3";
            String name =
                    layer + (v4 ? "ffn.experts.%d." + short4 : "mlp.experts.%d." + projection + "_proj") + ".weight";
            return IntStream.range(0, experts).mapToObj(name::formatted).toList();
        }
        return keyOf(block.group(2), v4 ? IN_LAYER_V4 : IN_LAYER).map(name -> layer + name).stream()
                .toList();
    }

    private static Optional<String> keyOf(String value, Map<String, String> names) {
        return names.entrySet().stream()
                .filter(entry -> entry.getValue().equals(value))
                .map(Map.Entry::getKey)
                .findFirst();
    }
}
