package dev.baleen.model;

import dev.baleen.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// DeepSeek-V4's weights under the names that `transformers` has for them in memory, asked for by DeepSeek's own.
///
/// Its files come with DeepSeek's names, and it saves them so; these are for those who save what it holds. Experts lie
/// in stacks there, gate above up.
record TransformersV4Weights(WeightSource weights, DeepSeekV4Config config) implements WeightSource {
    private static final Pattern EXPERT =
            Pattern.compile("layers\\.(\\d+)\\.ffn\\.experts\\.(\\d+)\\.(w[123])\\.weight");

    /// What is replaced, in this order; the first three are whole names.
    private static final Map<String, String> PARTS = parts();

    /// Whether a folder has these names.
    static boolean found(WeightSource weights) {
        return weights.has("model.embed_tokens.weight");
    }

    private static Map<String, String> parts() {
        Map<String, String> parts = new LinkedHashMap<>();
        parts.put("^embed\\.weight$", "model.embed_tokens.weight");
        parts.put("^head\\.weight$", "lm_head.weight");
        parts.put("^norm\\.weight$", "model.norm.weight");
        parts.put("^hc_head_", "model.hc_head.hc_");
        parts.put("^layers\\.", "model.layers.");
        parts.put("\\.attn\\.indexer\\.compressor\\.", ".attn.compressor.indexer.");
        parts.put("\\.attn\\.indexer\\.weights_proj\\.", ".attn.compressor.indexer.scorer.weights_proj.");
        parts.put("\\.attn\\.indexer\\.wq_b\\.", ".attn.compressor.indexer.q_b_proj.");
        parts.put("(compressor(\\.indexer)?)\\.norm\\.", "$1.kv_norm.");
        parts.put("\\.ape$", ".position_bias");
        parts.put("\\.hc_(attn|ffn)_", ".$1_hc.");
        parts.put("\\.attn_norm\\.", ".input_layernorm.");
        parts.put("\\.ffn_norm\\.", ".post_attention_layernorm.");
        parts.put("\\.attn_sink$", ".sinks");
        parts.put("\\.attn\\.", ".self_attn.");
        parts.put("\\.ffn\\.", ".mlp.");
        parts.put("\\.wq_a\\.", ".q_a_proj.");
        parts.put("\\.wq_b\\.", ".q_b_proj.");
        parts.put("\\.q_norm\\.", ".q_a_norm.");
        parts.put("\\.wkv\\.", ".kv_proj.");
        parts.put("\\.wgate\\.", ".gate_proj.");
        parts.put("\\.wo_a\\.", ".o_a_proj.");
        parts.put("\\.wo_b\\.", ".o_b_proj.");
        parts.put("\\.gate\\.bias$", ".gate.e_score_correction_bias");
        parts.put("\\.shared_experts\\.w1\\.", ".shared_experts.gate_proj.");
        parts.put("\\.shared_experts\\.w2\\.", ".shared_experts.down_proj.");
        parts.put("\\.shared_experts\\.w3\\.", ".shared_experts.up_proj.");
        return parts;
    }

    static String name(String deepSeek) {
        String name = deepSeek;
        for (Map.Entry<String, String> part : PARTS.entrySet()) {
            name = name.replaceAll(part.getKey(), part.getValue());
        }
        return name;
    }

    @Override
    public boolean has(String name) {
        Matcher expert = EXPERT.matcher(name);
        return weights.has(expert.matches() ? stack(expert) : name(name));
    }

    @Override
    public Tensor get(String name, long... shape) {
        Matcher expert = EXPERT.matcher(name);
        if (!expert.matches()) {
            return weights.get(name(name), shape);
        }
        int entry = Integer.parseInt(expert.group(2));
        boolean down = expert.group(3).equals("w2");
        long rows = down ? shape[0] : 2 * shape[0];
        Tensor both = weights.get(stack(expert), config.routedExperts(), rows, shape[1])
                .entry(entry);
        long first = expert.group(3).equals("w3") ? shape[0] : 0;
        return both.slice(first, first + shape[0]);
    }

    @Override
    public Tensor floats(String name, long... shape) {
        return weights.floats(name(name), shape);
    }

    private static String stack(Matcher expert) {
        return "model.layers.%s.mlp.experts.%s"
                .formatted(expert.group(1), expert.group(3).equals("w2") ? "down_proj" : "gate_up_proj");
    }
}
