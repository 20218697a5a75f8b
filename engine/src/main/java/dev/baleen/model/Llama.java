package dev.baleen.model;

import dev.baleen.checkpoint.Config;
import dev.baleen.kernel.RotaryEmbedding.Pairing;
import dev.baleen.model.TransformerConfig.Trait;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/// Llama (arXiv 2302.13971, 2407.21783): DeepSeek-LLM, DeepSeek-Coder and DeepSeekMath, and R1-Distill-Llama.
final class Llama {
    private Llama() {}

    static TransformerConfig ofHuggingFace(Config json) {
        Set<Trait> traits = EnumSet.noneOf(Trait.class);
        if (json.flag("attention_bias", false)) {
            traits.add(Trait.QUERY_KEY_VALUE_BIAS);
            traits.add(Trait.OUTPUT_BIAS);
        }
        if (json.flag("mlp_bias", false)) {
            traits.add(Trait.FEED_FORWARD_BIAS);
        }
        return TransformerConfig.ofHuggingFace(json, traits, Optional.empty());
    }

    /// Whoever writes a Llama as GGUF reorders the rows of queries and keys, so that neighbouring columns turn.
    static TransformerConfig ofGguf(Config metadata, int vocabulary, WeightSource weights) {
        Config keys = metadata.section("llama").orElseThrow();
        if (keys.integer("expert_count", 0) > 0) {
            keys.problem(
                    "expert_count",
                    "is " + keys.integer("expert_count", 0),
                    "Baleen runs llama without experts, and DeepSeek's own mixtures");
        }
        return TransformerConfig.ofGguf(
                metadata, "llama", vocabulary, Pairing.INTERLEAVED, biases(weights), Optional.empty(), weights);
    }

    /// Which biases a GGUF file has: its metadata say nothing of them.
    static Set<Trait> biases(WeightSource weights) {
        Set<Trait> traits = EnumSet.noneOf(Trait.class);
        addIf(weights, "self_attn.q_proj.bias", traits, Trait.QUERY_KEY_VALUE_BIAS);
        addIf(weights, "self_attn.o_proj.bias", traits, Trait.OUTPUT_BIAS);
        addIf(weights, "mlp.gate_proj.bias", traits, Trait.FEED_FORWARD_BIAS);
        return traits;
    }

    private static void addIf(WeightSource weights, String name, Set<Trait> traits, Trait trait) {
        if (weights.has("model.layers.0." + name)) {
            traits.add(trait);
        }
    }
}
