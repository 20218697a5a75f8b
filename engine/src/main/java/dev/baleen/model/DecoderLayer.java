package dev.baleen.model;

import dev.baleen.kernel.Ops;
import dev.baleen.tensor.Tensor;

/// A pre-norm transformer layer: y = x + attention(norm(x)), then y + mlp(norm(y)).
///
/// @param index which layer, and so which part of the cache
/// @param epsilon of both norms
record DecoderLayer(
        int index, double epsilon, Tensor attentionNorm, Attention attention, Tensor feedForwardNorm, Mlp mlp) {
    /// [T, D] from x[T, D].
    Tensor forward(Ops ops, Tensor x, LayerContext context) {
        long mark = ops.mark();
        Tensor attended = attention.forward(ops, ops.rmsNorm(x, attentionNorm, epsilon), context, index);
        Tensor middle = ops.release(mark, ops.add(x, attended));
        return ops.add(middle, mlp.forward(ops, ops.rmsNorm(middle, feedForwardNorm, epsilon), context.spans()));
    }
}
