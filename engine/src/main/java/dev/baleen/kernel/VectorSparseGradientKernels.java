package dev.baleen.kernel;

import dev.baleen.tensor.Tensor;
import java.util.Optional;

/// [SparseGradientKernels] in single precision with the Vector API, on one thread.
final class VectorSparseGradientKernels implements SparseGradientKernels {
    private final SelectedAttentionGradient selectedAttention;

    VectorSparseGradientKernels(Gemm gemm) {
        selectedAttention = new SelectedAttentionGradient(gemm);
    }

    @Override
    public void selectedAttention(
            Tensor dout,
            Tensor q,
            Tensor[] sources,
            Selection selection,
            Optional<Tensor> sinks,
            Tensor out,
            double scale,
            Tensor dq,
            Tensor[] dsources,
            Optional<Tensor> dsinks) {
        SparseGradientArguments.selectedAttention(dout, q, sources, selection, sinks, out, dq, dsources, dsinks);
        VectorGradientKernels.single(dout);
        selectedAttention.compute(dout, q, sources, selection, sinks, out, (float) scale, dq, dsources, dsinks);
        Memory.keep(dout, q, out, dq);
        Memory.keep(sources);
        Memory.keep(dsources);
        sinks.ifPresent(Memory::keep);
        dsinks.ifPresent(Memory::keep);
    }
}
