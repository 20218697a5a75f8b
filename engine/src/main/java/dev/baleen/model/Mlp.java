package dev.baleen.model;

import dev.baleen.kernel.Ops;
import dev.baleen.kernel.Span;
import dev.baleen.tensor.Tensor;

/// The second half of a decoder layer, which sees each row by itself: one network for all, or a choice of experts.
sealed interface Mlp permits FeedForward, MixtureOfExperts {
    /// [T, D] from x[T, D].
    Tensor forward(Ops ops, Tensor x, Span[] spans);
}
