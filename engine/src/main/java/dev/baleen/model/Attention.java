package dev.baleen.model;

import dev.baleen.kernel.Ops;
import dev.baleen.tensor.Tensor;

/// The first half of a decoder layer, where a row sees the rows before it.
sealed interface Attention permits GroupedQueryAttention, LatentAttention {
    /// [T, D] from x[T, D]; `layer` says which part of the cache is this layer's.
    Tensor forward(Ops ops, Tensor x, LayerContext context, int layer);
}
