package dev.baleen.model;

import dev.baleen.kernel.Ops;
import dev.baleen.kernel.Span;
import dev.baleen.tensor.Tensor;

/// A SwiGLU layer (arXiv 2002.05202): `down · (silu(gate · x) * (up · x))`.
///
/// @param gate [F, D]
/// @param up [F, D]
/// @param down [D, F]
record FeedForward(Linear gate, Linear up, Linear down) implements Mlp {
    static FeedForward load(WeightSource weights, String prefix, long width, long inner) {
        return load(weights, prefix, width, inner, false);
    }

    static FeedForward load(WeightSource weights, String prefix, long width, long inner, boolean bias) {
        return new FeedForward(
                Linear.load(weights, prefix + ".gate_proj", inner, width, bias),
                Linear.load(weights, prefix + ".up_proj", inner, width, bias),
                Linear.load(weights, prefix + ".down_proj", width, inner, bias));
    }

    /// [T, D] from x[T, D].
    Tensor forward(Ops ops, Tensor x) {
        return down.apply(ops, ops.swiGlu(gate.apply(ops, x), up.apply(ops, x)));
    }

    @Override
    public Tensor forward(Ops ops, Tensor x, Span[] spans) {
        return forward(ops, x);
    }
}
