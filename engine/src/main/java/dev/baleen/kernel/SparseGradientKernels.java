package dev.baleen.kernel;

import dev.baleen.tensor.Tensor;
import java.util.Optional;

/// The part of [GradientKernels] that goes back through [SparseKernels]. The choice of rows is constant.
public interface SparseGradientKernels {
    /// Backward of [SparseKernels#selectedAttention], given its output `out`: for each query and head, with d =
    /// dout · out, dsinks −= p_sink · d, and each chosen row gets both of its parts, as a key and as a value.
    void selectedAttention(
            Tensor dout,
            Tensor q,
            Tensor[] sources,
            Selection selection,
            Optional<Tensor> sinks,
            Tensor out,
            double scale,
            Tensor dq,
            Tensor[] dsources,
            Optional<Tensor> dsinks);

    /// Backward of [SparseKernels#pool], given its output `out`: with p the weight of a number in its entry,
    /// dvalues += p · dout, and dgates and dbias += p · dout · (value − out).
    void pool(
            Tensor dout,
            Tensor values,
            Tensor gates,
            Tensor bias,
            Windows windows,
            Tensor out,
            Tensor dvalues,
            Tensor dgates,
            Tensor dbias);
}
