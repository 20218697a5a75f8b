package dev.baleen.model;

import dev.baleen.checkpoint.Config;
import dev.baleen.kernel.RotaryEmbedding.Pairing;
import dev.baleen.model.TransformerConfig.Trait;
import java.util.EnumSet;
import java.util.Optional;
import java.util.Set;

/// Qwen3 (arXiv 2505.09388), which norms each head's query and key instead of adding biases: R1-0528-Qwen3.
final class Qwen3 {
    private Qwen3() {}

    static TransformerConfig ofHuggingFace(Config json) {
        Qwen2.refuseSlidingWindow(json);
        Set<Trait> traits = EnumSet.of(Trait.QUERY_KEY_NORM);
        if (json.flag("attention_bias", false)) {
            traits.add(Trait.QUERY_KEY_VALUE_BIAS);
            traits.add(Trait.OUTPUT_BIAS);
        }
        return TransformerConfig.ofHuggingFace(json, traits, Optional.empty());
    }

    static TransformerConfig ofGguf(Config metadata, int vocabulary, WeightSource weights) {
        Set<Trait> traits = Llama.biases(weights);
        traits.add(Trait.QUERY_KEY_NORM);
        return TransformerConfig.ofGguf(
                metadata, "qwen3", vocabulary, Pairing.HALVES, traits, Optional.empty(), weights);
    }
}
