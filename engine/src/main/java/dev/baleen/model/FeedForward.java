package dev.baleen.model;

import dev.baleen.kernel.Ops;
import dev.baleen.tensor.Tensor;

/// A SwiGLU layer (arXiv 2002.05202): `down · (silu(gate · x) * (up · x))`.
///
/// @param gate [F, D]
/// @param up [F, D]
/// @param down [D, F]
record FeedForward(Tensor gate, Tensor up, Tensor down) {
    static FeedForward load(WeightSource weights, String prefix, long width, long inner) {
        return new FeedForward(
                weights.get(prefix + ".gate_proj.weight", inner, width),
                weights.get(prefix + ".up_proj.weight", inner, width),
                weights.get(prefix + ".down_proj.weight", width, inner));
    }

    /// [T, D] from x[T, D].
    Tensor forward(Ops ops, Tensor x) {
        return ops.matmul(ops.swiGlu(ops.matmul(x, gate), ops.matmul(x, up)), down);
    }
}
