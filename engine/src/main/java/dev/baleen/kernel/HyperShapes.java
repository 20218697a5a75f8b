package dev.baleen.kernel;

import static dev.baleen.kernel.Shapes.require;
import static dev.baleen.kernel.Shapes.requireActivations;

import dev.baleen.tensor.Tensor;

/// The checks at the head of the kernels for several streams, forward and backward.
final class HyperShapes {
    private HyperShapes() {}

    static void weights(Tensor mix, Tensor scale, Tensor base, HyperRule rule, Tensor out) {
        requireActivations("weights", mix, scale, base, out);
        require(
                mix.columns() == rule.width()
                        && out.columns() == rule.width()
                        && out.rows() == mix.rows()
                        && base.elements() == rule.width()
                        && scale.elements() == rule.parts(),
                "weights mix[T, M], scale, base[M], out[T, M] by " + rule,
                mix,
                scale,
                base,
                out);
    }

    static void collapse(Tensor streams, Tensor weights, Tensor out) {
        requireActivations("collapse", streams, weights, out);
        require(
                streams.shape().axes() == 3
                        && weights.rows() == streams.axis(0)
                        && weights.columns() >= streams.axis(1)
                        && out.rows() == streams.axis(0)
                        && out.columns() == streams.columns(),
                "collapse streams[T, N, D], weights[T, N ..], out[T, D]",
                streams,
                weights,
                out);
    }

    static void spread(Tensor y, Tensor streams, Tensor weights, Tensor out) {
        requireActivations("spread", y, streams, weights, out);
        require(
                streams.shape().axes() == 3
                        && weights.rows() == streams.axis(0)
                        && weights.columns() == (2 + streams.axis(1)) * streams.axis(1)
                        && y.rows() == streams.axis(0)
                        && y.columns() == streams.columns()
                        && out.shape().equals(streams.shape()),
                "spread y[T, D], streams[T, N, D], weights[T, (2 + N) · N], out[T, N, D]",
                y,
                streams,
                weights,
                out);
    }

    /// Gradients have the shapes of what they are gradients of: pairs of the two.
    static void gradients(String kernel, Tensor... pairs) {
        requireActivations(kernel, pairs[0], pairs);
        for (int i = 0; i < pairs.length; i += 2) {
            require(pairs[i].elements() == pairs[i + 1].elements(), "gradient of " + kernel, pairs[i], pairs[i + 1]);
        }
    }
}
