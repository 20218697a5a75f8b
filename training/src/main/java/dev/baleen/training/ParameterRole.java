package dev.baleen.training;

import dev.baleen.tensor.Shape;

/// What a parameter is to an optimiser, told by its Hugging Face name and its shape.
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
    SELECTION_BIAS;

    private static final String SELECTION_BIAS_SUFFIX = ".e_score_correction_bias";

    static ParameterRole of(String name, Shape shape) {
        if (name.endsWith(SELECTION_BIAS_SUFFIX)) {
            return SELECTION_BIAS;
        }
        if (shape.axes() == 1) {
            return NORM;
        }
        if (name.endsWith("embed_tokens.weight") || name.endsWith("head.weight")) {
            return EMBEDDING;
        }
        return name.endsWith(".mlp.gate.weight") ? ROUTER : HIDDEN_MATRIX;
    }

    /// Whether weight decay pulls it towards zero: matrices only.
    boolean decays() {
        return switch (this) {
            case HIDDEN_MATRIX, EMBEDDING, ROUTER -> true;
            case NORM, SELECTION_BIAS -> false;
        };
    }
}
