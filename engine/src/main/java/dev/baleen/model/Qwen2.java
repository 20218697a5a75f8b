package dev.baleen.model;

import dev.baleen.checkpoint.Config;
import dev.baleen.kernel.RotaryEmbedding.Pairing;
import dev.baleen.model.TransformerConfig.Trait;
import java.util.Optional;
import java.util.Set;

/// Qwen2 and Qwen2.5 (arXiv 2407.10671, 2412.15115), with biases on queries, keys and values: R1-Distill-Qwen.
final class Qwen2 {
    private static final Set<Trait> TRAITS = Set.of(Trait.QUERY_KEY_VALUE_BIAS);

    private Qwen2() {}

    static TransformerConfig ofHuggingFace(Config json) {
        refuseSlidingWindow(json);
        return TransformerConfig.ofHuggingFace(json, TRAITS, Optional.empty());
    }

    static TransformerConfig ofGguf(Config metadata, int vocabulary, WeightSource weights) {
        return TransformerConfig.ofGguf(
                metadata, "qwen2", vocabulary, Pairing.HALVES, TRAITS, Optional.empty(), weights);
    }

    /// Configs name a window even where it is off. Where it is on, layers from `max_window_layers` see no further.
    static void refuseSlidingWindow(Config json) {
        int window = json.integer("sliding_window", 0);
        boolean used = json.flag("use_sliding_window", false)
                && window > 0
                && window < json.positive("max_position_embeddings")
                && json.integer("max_window_layers", 0) < json.positive("num_hidden_layers");
        if (used) {
            json.problem(
                    "use_sliding_window",
                    "is true, with a window of %,d positions".formatted(window),
                    "Baleen attends to all positions; where the texts are shorter than the window, set it to false");
        }
    }
}
