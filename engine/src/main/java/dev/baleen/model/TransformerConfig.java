package dev.baleen.model;

import dev.baleen.checkpoint.Config;
import dev.baleen.kernel.GateRule;
import dev.baleen.kernel.RotaryEmbedding;
import dev.baleen.kernel.RotaryEmbedding.Pairing;
import java.util.Optional;
import java.util.Set;

/// The numbers that make a [Transformer], and which of the optional parts it has.
///
/// @param architecture as Hugging Face's `model_type` names it
/// @param keyValueHeads heads of keys and values; the query heads are a multiple of them
/// @param headDim columns of a head, which need not be `hiddenSize / heads`
/// @param rotary the angles of queries and keys, and which columns turn together
/// @param traits the optional parts
/// @param experts what the layers after the first dense ones have instead of one feed-forward network
public record TransformerConfig(
        String architecture,
        int vocabularySize,
        int hiddenSize,
        int layers,
        int heads,
        int keyValueHeads,
        int headDim,
        int intermediateSize,
        double rmsNormEps,
        RotaryEmbedding rotary,
        int contextLength,
        boolean tiedEmbeddings,
        Set<Trait> traits,
        Optional<Experts> experts) {
    /// What one of these models has and another has not.
    public enum Trait {
        QUERY_KEY_VALUE_BIAS,
        OUTPUT_BIAS,
        FEED_FORWARD_BIAS,
        /// RMS norms of each head's query and key, before they are turned.
        QUERY_KEY_NORM
    }

    /// @param firstDenseLayers layers at the start that have no experts
    /// @param intermediateSize width of one expert
    /// @param shared experts that every token visits
    /// @param gate how the routed ones are chosen
    public record Experts(int firstDenseLayers, int intermediateSize, int routed, int shared, GateRule gate) {
        public Experts {
            boolean many = routed > Settings.EXPERTS_MAX || shared > Settings.EXPERTS_MAX;
            if (many || firstDenseLayers < 0 || shared < 0 || !gate.fits(routed)) {
                throw new IllegalArgumentException(
                        "%d experts after %d dense layers, beside %d shared ones, cannot be chosen %d at a time"
                                .formatted(routed, firstDenseLayers, shared, gate.chosen()));
            }
        }
    }

    public TransformerConfig {
        traits = Set.copyOf(traits);
        if (heads < 1 || layers < 1 || hiddenSize < 1 || heads > Settings.HEADS_MAX) {
            throw new IllegalArgumentException(
                    "No model of %,d layers, width %,d, %,d heads".formatted(layers, hiddenSize, heads));
        }
        if (!rotary.isFinite()) {
            throw new IllegalArgumentException("The settings of the rotary embedding give no angles: check its base"
                    + " and its factors, which have to be positive");
        }
        if (keyValueHeads < 1 || heads % keyValueHeads != 0 || rotary.columns() > headDim) {
            throw new IllegalArgumentException(
                    "%d query heads cannot share %d key-value heads of %d columns, of which %d turn"
                            .formatted(heads, keyValueHeads, headDim, rotary.columns()));
        }
    }

    public boolean has(Trait trait) {
        return traits.contains(trait);
    }

    /// The second half of layer `index`.
    Mlp mlp(WeightSource weights, String prefix, int index) {
        if (experts.isEmpty() || index < experts.get().firstDenseLayers()) {
            return FeedForward.load(weights, prefix, hiddenSize, intermediateSize, has(Trait.FEED_FORWARD_BIAS));
        }
        Experts mixture = experts.get();
        return MixtureOfExperts.load(
                weights,
                prefix,
                hiddenSize,
                mixture.intermediateSize(),
                mixture.routed(),
                mixture.shared(),
                mixture.gate());
    }

    /// Reads a Hugging Face `config.json`, whose heads turn by halves.
    ///
    /// @throws IllegalArgumentException if settings contradict each other; what is missing or mistyped is recorded
    static TransformerConfig ofHuggingFace(Config json, Set<Trait> traits, Optional<Experts> experts) {
        int width = json.positive("hidden_size");
        int heads = json.positive("num_attention_heads");
        int headDim = json.positive("head_dim", Math.max(1, width / heads));
        Settings.refuseOther(json, "hidden_act", "silu");
        return new TransformerConfig(
                json.text("model_type"),
                json.positive("vocab_size"),
                width,
                json.positive("num_hidden_layers"),
                heads,
                json.positive("num_key_value_heads", heads),
                headDim,
                json.positive("intermediate_size"),
                json.number("rms_norm_eps", 1e-6),
                RopeSettings.ofHuggingFace(json, headDim, Pairing.HALVES),
                json.positive("max_position_embeddings"),
                json.flag("tie_word_embeddings", false),
                traits,
                experts);
    }

    /// Reads the metadata of a GGUF file. A head that the file has not is the embedding.
    ///
    /// @param architecture as GGUF names it: the prefix of the keys
    /// @param pairing which columns of a head turn together, which depends on the architecture
    /// @param weights asked for what the metadata leave out
    /// @throws IllegalArgumentException if settings contradict each other; what is missing or mistyped is recorded
    static TransformerConfig ofGguf(
            Config metadata,
            String architecture,
            int vocabulary,
            Pairing pairing,
            Set<Trait> traits,
            Optional<Experts> experts,
            WeightSource weights) {
        Config keys = metadata.section(architecture).orElseThrow();
        int width = keys.positive("embedding_length");
        int heads = keys.positive("attention.head_count");
        int headDim = keys.positive("attention.key_length", Math.max(1, width / heads));
        int valueDim = keys.positive("attention.value_length", headDim);
        if (valueDim != headDim) {
            keys.problem(
                    "attention.value_length",
                    "is %d, and key_length is %d".formatted(valueDim, headDim),
                    "Baleen runs %s with values as wide as keys".formatted(architecture));
        }
        return new TransformerConfig(
                architecture,
                vocabulary,
                width,
                keys.positive("block_count"),
                heads,
                keys.positive("attention.head_count_kv", heads),
                headDim,
                keys.positive("feed_forward_length"),
                keys.number("attention.layer_norm_rms_epsilon"),
                RopeSettings.ofGguf(keys, headDim, pairing, weights),
                keys.positive("context_length"),
                !weights.has("lm_head.weight"),
                traits,
                experts);
    }
}
