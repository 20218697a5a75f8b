package dev.baleen.kernel;

import dev.baleen.tensor.Tensor;

/// The part of [GradientKernels] that goes back through [HyperKernels].
public interface HyperGradientKernels {
    /// Backward of [HyperKernels#weights], through every normalisation.
    void weights(
            Tensor dout,
            Tensor mix,
            Tensor scale,
            Tensor base,
            HyperRule rule,
            Tensor dmix,
            Tensor dscale,
            Tensor dbase);

    /// Backward of [HyperKernels#collapse]: dstreams[t, i] += weights[t, i] · dout[t], dweights[t, i] += dout[t] ·
    /// streams[t, i].
    void collapse(Tensor dout, Tensor streams, Tensor weights, Tensor dstreams, Tensor dweights);

    /// Backward of [HyperKernels#spread].
    void spread(Tensor dout, Tensor y, Tensor streams, Tensor weights, Tensor dy, Tensor dstreams, Tensor dweights);
}
