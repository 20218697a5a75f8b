package dev.baleen.training;

import dev.baleen.tensor.Shape;
import java.util.Set;

/// What a parameter is to an optimiser, told by its published name and its shape.
public enum ParameterRole {
    /// A matrix between hidden activations; each expert's matrices count by themselves.
    HIDDEN_MATRIX,
    /// The embedding table or the output head: rows are tokens.
    EMBEDDING,
    /// The matrix that gives experts their logits.
    ROUTER,
    /// The scale of a norm, or a bias.
    NORM,
    /// The bias that only selects experts: it has no gradient, [ExpertBalance] moves it.
    SELECTION_BIAS,
    /// Whole numbers that say which experts a token visits: nothing changes them.
    TABLE;

    private static final Set<String> SELECTION_BIASES = Set.of("e_score_correction_bias", "ffn.gate.bias");
    private static final Set<String> EMBEDDINGS = Set.of("embed_tokens.weight", "embed.weight", "head.weight");
    private static final Set<String> ROUTERS = Set.of("mlp.gate.weight", "ffn.gate.weight");

    static ParameterRole of(String name, Shape shape) {
        if (endsWith(name, SELECTION_BIASES)) {
            return SELECTION_BIAS;
        }
        if (name.endsWith(".tid2eid")) {
            return TABLE;
        }
        // A bias for each place in a window is no matrix between activations either.
        if (shape.axes() == 1 || name.endsWith(".ape")) {
            return NORM;
        }
        if (endsWith(name, EMBEDDINGS)) {
            return EMBEDDING;
        }
        return endsWith(name, ROUTERS) ? ROUTER : HIDDEN_MATRIX;
    }

    private static boolean endsWith(String name, Set<String> ends) {
        return ends.stream().anyMatch(name::endsWith);
    }

    /// Whether weight decay pulls it towards zero: matrices only.
    boolean decays() {
        return switch (this) {
            case HIDDEN_MATRIX, EMBEDDING, ROUTER -> true;
            case NORM, SELECTION_BIAS, TABLE -> false;
        };
    }
}
