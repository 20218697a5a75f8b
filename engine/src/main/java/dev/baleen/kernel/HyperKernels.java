package dev.baleen.kernel;

import dev.baleen.tensor.Tensor;

/// The part of [Kernels] for a residual of N streams instead of one: hyper-connections (arXiv 2409.19606), whose
/// weights [HyperRule] makes. The promises are the same.
public interface HyperKernels {
    /// Weights of each row of logits: mix[T, M], scale[parts], base[M], out[T, M], with M the rule's width.
    void weights(Tensor mix, Tensor scale, Tensor base, HyperRule rule, Tensor out);

    /// A layer's input: out[t] = Σ_i weights[t, i] · streams[t, i], with streams[T, N, D], weights[T, M], out[T,
    /// D].
    void collapse(Tensor streams, Tensor weights, Tensor out);

    /// The streams after a layer: out[t, j] = weights[t, N + j] · y[t] + Σ_i weights[t, 2N + i · N + j] ·
    /// streams[t, i], with y[T, D], streams[T, N, D], weights[T, (2 + N) · N], out[T, N, D].
    void spread(Tensor y, Tensor streams, Tensor weights, Tensor out);
}
