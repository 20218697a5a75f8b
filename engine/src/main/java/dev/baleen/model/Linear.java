package dev.baleen.model;

import dev.baleen.kernel.Ops;
import dev.baleen.tensor.Tensor;
import java.util.Optional;

/// A linear layer: `weight · x + bias`.
///
/// @param weight [N, K]
/// @param bias [N]; most layers of today's models have none
record Linear(Tensor weight, Optional<Tensor> bias) {
    static Linear load(WeightSource weights, String prefix, long rows, long columns, boolean bias) {
        return new Linear(
                weights.get(prefix + ".weight", rows, columns),
                bias ? Optional.of(weights.get(prefix + ".bias", rows)) : Optional.empty());
    }

    /// [T, N] from x[T, K].
    Tensor apply(Ops ops, Tensor x) {
        Tensor product = ops.matmul(x, weight);
        return bias.isPresent() ? ops.addBias(product, bias.get()) : product;
    }
}
