package dev.baleen.model;

import dev.baleen.checkpoint.Config;
import dev.baleen.kernel.GateRule;
import dev.baleen.kernel.GateRule.GroupScore;
import dev.baleen.kernel.GateRule.Scoring;
import dev.baleen.kernel.RotaryEmbedding.Pairing;
import dev.baleen.model.TransformerConfig.Experts;
import dev.baleen.model.TransformerConfig.Trait;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/// DeepSeekMoE (arXiv 2401.06066), the first: Llama's attention, and from the second layer on many small experts that a
/// softmax gate chooses from, beside shared ones.
final class DeepSeekMoe {
    private DeepSeekMoe() {}

    static TransformerConfig ofHuggingFace(Config json) {
        Settings.refuseOther(json, "moe_layer_freq", 1);
        Settings.refuseOther(json, "scoring_func", "softmax");
        Set<Trait> traits = EnumSet.noneOf(Trait.class);
        if (json.flag("attention_bias", false)) {
            traits.add(Trait.QUERY_KEY_VALUE_BIAS);
            traits.add(Trait.OUTPUT_BIAS);
        }
        int routed = json.integer("n_routed_experts", 0);
        return TransformerConfig.ofHuggingFace(
                json,
                traits,
                routed == 0
                        ? Optional.empty()
                        : Optional.of(new Experts(
                                json.integer("first_k_dense_replace", 0),
                                json.positive("moe_intermediate_size"),
                                routed,
                                json.integer("n_shared_experts", 0),
                                gate(
                                        json.positive("num_experts_per_tok"),
                                        json.flag("norm_topk_prob", false),
                                        json.number("routed_scaling_factor", 1)))));
    }

    /// As of [Llama], the rows of queries and keys are reordered in GGUF.
    static TransformerConfig ofGguf(Config metadata, int vocabulary, WeightSource weights) {
        Config keys = metadata.section("deepseek").orElseThrow();
        Experts experts = new Experts(
                keys.integer("leading_dense_block_count", 0),
                keys.positive("expert_feed_forward_length"),
                keys.positive("expert_count"),
                keys.integer("expert_shared_count", 0),
                gate(
                        keys.positive("expert_used_count"),
                        keys.flag("expert_weights_norm", false),
                        keys.number("expert_weights_scale", 1)));
        return TransformerConfig.ofGguf(
                metadata,
                "deepseek",
                vocabulary,
                Pairing.INTERLEAVED,
                Llama.biases(weights),
                Optional.of(experts),
                weights);
    }

    private static GateRule gate(int chosen, boolean normalise, double scale) {
        return new GateRule(Scoring.SOFTMAX, chosen, 1, 1, GroupScore.BEST, normalise, scale);
    }
}
