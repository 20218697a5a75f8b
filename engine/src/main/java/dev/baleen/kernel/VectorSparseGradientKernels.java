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

    @Override
    public void pool(
            Tensor dout,
            Tensor values,
            Tensor gates,
            Tensor bias,
            Windows windows,
            Tensor out,
            Tensor dvalues,
            Tensor dgates,
            Tensor dbias) {
        SparseGradientArguments.pool(dout, values, gates, bias, windows, out, dvalues, dgates, dbias);
        VectorGradientKernels.single(dout);
        Pooling pooling = new Pooling(out.columns(), values.rowBytes(), windows.ratio());
        for (int e = 0; e < windows.count(); e++) {
            int before = windows.before()[e];
            int first = windows.first()[e];
            int column = windows.overlap() ? out.columns() : 0;
            long at = e * out.rowBytes();
            pooling.backward(
                    VectorSparseKernels.run(before, 0, values, gates, bias),
                    VectorSparseKernels.run(first, column, values, gates, bias),
                    Memory.address(out) + at,
                    Memory.address(dout) + at,
                    VectorSparseKernels.run(before, 0, dvalues, dgates, dbias),
                    VectorSparseKernels.run(first, column, dvalues, dgates, dbias));
        }
        Memory.keep(dout, values, gates, bias, out, dvalues, dgates, dbias);
    }
}
