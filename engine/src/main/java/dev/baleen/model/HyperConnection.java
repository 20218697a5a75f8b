package dev.baleen.model;

import dev.baleen.kernel.HyperRule;
import dev.baleen.kernel.Ops;
import dev.baleen.tensor.Tensor;

/// How a layer takes its input from several residual streams and gives its output to them (DeepSeek-V4's report, §2.2):
/// the streams themselves decide, through a projection of all of them.
///
/// @param projection [M, N·D] to the mixing logits
/// @param base [M]
/// @param scale one for each part of the logits
record HyperConnection(HyperRule rule, double epsilon, Tensor projection, Tensor base, Tensor scale) {
    /// @param prefix such as `layers.0.hc_attn`
    static HyperConnection load(WeightSource weights, String prefix, HyperRule rule, DeepSeekV4Config config) {
        return new HyperConnection(
                rule,
                config.rmsNormEps(),
                weights.get(prefix + "_fn", rule.width(), (long) rule.streams() * config.hiddenSize()),
                weights.get(prefix + "_base", rule.width()),
                weights.get(prefix + "_scale", rule.parts()));
    }

    /// [T, M]: the weights for streams[T, N, D].
    Tensor weights(Ops ops, Tensor streams) {
        Tensor flat = streams.reshape(streams.axis(0), (long) streams.axis(1) * streams.columns());
        Tensor mix = ops.matmul(ops.rmsNorm(flat, epsilon), projection);
        return ops.hyperWeights(mix, scale, base, rule);
    }
}
