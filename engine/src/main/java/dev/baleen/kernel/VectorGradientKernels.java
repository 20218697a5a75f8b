package dev.baleen.kernel;

import dev.baleen.dtype.DType;
import dev.baleen.kernel.Gemm.Matrix;
import dev.baleen.kernel.RotaryEmbedding.Pairing;
import dev.baleen.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// The gradients in single precision with vectors, on the caller's thread.
///
/// An instance holds scratch memory and belongs to one thread: a trainer computes whole micro-batches side by side,
/// each with its own, which needs no barriers within a step. Matrix products add straight into the gradients.
public final class VectorGradientKernels implements GradientKernels {
    private static final int FLOAT = Float.BYTES;

    private final Gemm gemm = new Gemm();
    private final AttentionGradient attention = new AttentionGradient(gemm);
    private final GateGradient gate = new GateGradient();
    private final float[] parts = new float[GradientLoops.PARTS];
    private MemorySegment scratch = Arena.ofAuto().allocate(64, 64);

    private final HyperGradientKernels hyper = new VectorHyperGradientKernels();
    private final SparseGradientKernels sparse = new VectorSparseGradientKernels(gemm);

    @Override
    public HyperGradientKernels hyper() {
        return hyper;
    }

    @Override
    public SparseGradientKernels sparse() {
        return sparse;
    }

    @Override
    public void matmulInput(Tensor dout, Tensor w, Tensor dx) {
        GradientArguments.matmulInput(dout, w, dx);
        single(dout);
        gemm.multiply(dout.rows(), w.columns(), w.rows(), matrix(dout), matrix(w), matrix(dx), true);
    }

    @Override
    public void matmulWeight(Tensor dout, Tensor x, Tensor dw) {
        GradientArguments.matmulWeight(dout, x, dw);
        single(dout);
        gemm.multiply(dw.rows(), dw.columns(), x.rows(), matrix(dout).transposed(), matrix(x), matrix(dw), true);
    }

    @Override
    public void headMatmulInput(Tensor dout, Tensor[] w, Tensor dx) {
        GradientArguments.headMatmulInput(dout, w, dx);
        single(dout);
        for (int h = 0; h < w.length; h++) {
            int n = w[h].rows();
            gemm.multiply(dout.axis(0), w[h].columns(), n, head(dout, h), matrix(w[h]), head(dx, h), true);
        }
    }

    @Override
    public void headMatmulWeight(Tensor dout, Tensor x, Tensor[] dw) {
        GradientArguments.headMatmulWeight(dout, x, dw);
        single(dout);
        for (int h = 0; h < dw.length; h++) {
            Matrix changes = head(dout, h).transposed();
            gemm.multiply(dw[h].rows(), dw[h].columns(), x.axis(0), changes, head(x, h), matrix(dw[h]), true);
        }
    }

    @Override
    public void headMatmulTransposedInput(Tensor dout, Tensor[] w, Tensor dx) {
        GradientArguments.headMatmulTransposedInput(dout, w, dx);
        single(dout);
        for (int h = 0; h < w.length; h++) {
            Matrix transposed = matrix(w[h]).transposed();
            gemm.multiply(dout.axis(0), w[h].rows(), w[h].columns(), head(dout, h), transposed, head(dx, h), true);
        }
    }

    @Override
    public void groupedMatmulInput(Tensor dout, int[] offsets, Tensor[] w, Tensor dx) {
        GradientArguments.groupedMatmulInput(dout, offsets, w, dx);
        single(dout);
        for (int e = 0; e < w.length; e++) {
            Matrix changes = matrix(dout).from(offsets[e], 0);
            Matrix target = matrix(dx).from(offsets[e], 0);
            int rows = offsets[e + 1] - offsets[e];
            gemm.multiply(rows, w[e].columns(), w[e].rows(), changes, matrix(w[e]), target, true);
        }
    }

    @Override
    public void groupedMatmulWeight(Tensor dout, int[] offsets, Tensor x, Tensor[] dw) {
        GradientArguments.groupedMatmulWeight(dout, offsets, x, dw);
        single(dout);
        for (int e = 0; e < dw.length; e++) {
            Matrix changes = matrix(dout).from(offsets[e], 0).transposed();
            Matrix inputs = matrix(x).from(offsets[e], 0);
            int rows = offsets[e + 1] - offsets[e];
            gemm.multiply(dw[e].rows(), dw[e].columns(), rows, changes, inputs, matrix(dw[e]), true);
        }
    }

    @Override
    public void scatterRows(Tensor dout, int[] rows, Tensor dx) {
        GradientArguments.scatterRows(dout, rows, dx);
        single(dout);
        long source = Memory.address(dout);
        long target = Memory.address(dx);
        int columns = dout.columns();
        long rowBytes = (long) columns * FLOAT;
        for (int i = 0; i < rows.length; i++) {
            GradientLoops.add(source + i * rowBytes, target + rows[i] * rowBytes, columns);
        }
        Memory.keep(dout, dx);
    }

    @Override
    public void rmsNorm(Tensor dout, Tensor x, Tensor weight, double epsilon, Tensor dx, Tensor dweight) {
        GradientArguments.rmsNorm(dout, x, weight, dx, dweight);
        single(dout);
        int columns = x.columns();
        long rowBytes = (long) columns * FLOAT;
        long change = Memory.address(dout);
        long values = Memory.address(x);
        long factors = Memory.address(weight);
        long target = Memory.address(dx);
        long factorTarget = Memory.address(dweight);
        for (int t = 0; t < x.rows(); t++) {
            long at = t * rowBytes;
            GradientLoops.rmsNormRow(
                    change + at, values + at, factors, epsilon, target + at, factorTarget, columns, parts);
        }
        Memory.keep(dout, x, weight, dx, dweight);
    }

    @Override
    public void rmsNorm(Tensor dout, Tensor x, double epsilon, Tensor dx) {
        GradientArguments.rmsNorm(dout, x, dx);
        single(dout);
        int columns = x.columns();
        for (int t = 0; t < x.rows(); t++) {
            long at = t * x.rowBytes();
            long row = Memory.address(x) + at;
            long change = Memory.address(dout) + at;
            long target = Memory.address(dx) + at;
            float r = RowLoops.inverseNorm(row, epsilon, columns, parts);
            float product = GradientLoops.dot(change, row, columns, parts);
            GradientLoops.addScaled(r, change, target, columns);
            GradientLoops.addScaled((float) -((double) r * r * r * product / columns), row, target, columns);
        }
        Memory.keep(dout, x, dx);
    }

    @Override
    public void layerNorm(
            Tensor dout, Tensor x, Tensor weight, double epsilon, Tensor dx, Tensor dweight, Tensor dbias) {
        GradientArguments.layerNorm(dout, x, weight, dx, dweight, dbias);
        single(dout);
        int columns = x.columns();
        long rowBytes = (long) columns * FLOAT;
        reserve(rowBytes);
        long normed = scratch.address();
        for (int t = 0; t < x.rows(); t++) {
            long at = t * rowBytes;
            float inverse = GradientLoops.normed(Memory.address(x) + at, epsilon, normed, columns, parts);
            GradientLoops.layerNormRow(
                    Memory.address(dout) + at,
                    normed,
                    Memory.address(weight),
                    inverse,
                    Memory.address(dx) + at,
                    Memory.address(dweight),
                    Memory.address(dbias),
                    columns,
                    parts);
        }
        Memory.keep(dout, x, weight, dx, dweight, dbias);
    }

    @Override
    public void accumulate(Tensor source, Tensor target) {
        GradientArguments.elementwise("accumulate", source, target);
        single(source);
        GradientLoops.add(Memory.address(source), Memory.address(target), Math.toIntExact(source.elements()));
        Memory.keep(source, target);
    }

    @Override
    public void biasSum(Tensor dout, Tensor dbias) {
        GradientArguments.biasSum(dout, dbias);
        single(dout);
        long change = Memory.address(dout);
        long target = Memory.address(dbias);
        for (int t = 0; t < dout.rows(); t++) {
            GradientLoops.add(change + t * dout.rowBytes(), target, dout.columns());
        }
        Memory.keep(dout, dbias);
    }

    @Override
    public void swiGlu(Tensor dout, Tensor gate, Tensor up, Tensor dgate, Tensor dup) {
        GradientArguments.elementwise("swiGlu", dout, gate, up, dgate, dup);
        single(dout);
        GradientLoops.swiGlu(
                Memory.address(dout),
                Memory.address(gate),
                Memory.address(up),
                Memory.address(dgate),
                Memory.address(dup),
                dout.elements());
        Memory.keep(dout, gate, up, dgate, dup);
    }

    @Override
    public void swiGlu(Tensor dout, Tensor gate, Tensor up, double limit, Tensor dgate, Tensor dup) {
        GradientArguments.elementwise("swiGlu", dout, gate, up, dgate, dup);
        single(dout);
        GradientLoops.swiGlu(
                Memory.address(dout),
                Memory.address(gate),
                Memory.address(up),
                (float) limit,
                Memory.address(dgate),
                Memory.address(dup),
                dout.elements());
        Memory.keep(dout, gate, up, dgate, dup);
    }

    @Override
    public void rope(Tensor dout, Rotation rotation, int offset, Tensor dx) {
        GradientArguments.rope(dout, rotation, offset, dx);
        single(dout);
        int columns = dout.columns();
        int pairs = rotation.pairs();
        boolean interleaved = rotation.pairing() == Pairing.INTERLEAVED;
        int partner = interleaved ? 1 : pairs;
        int step = interleaved ? 2 : 1;
        int end = offset + 2 * pairs;
        int heads = dout.axis(1);
        long change = Memory.address(dout);
        long target = Memory.address(dx);
        for (int row = 0; row < dout.rows(); row++) {
            long at = (long) row * columns * FLOAT;
            long rest = at + (long) end * FLOAT;
            GradientLoops.add(change + at, target + at, offset);
            GradientLoops.ropeRow(change + at, rotation, row / heads * pairs, offset, partner, step, target + at);
            GradientLoops.add(change + rest, target + rest, columns - end);
        }
        Memory.keep(dout, dx);
    }

    @Override
    public void columns(Tensor dout, int from, Tensor dx) {
        GradientArguments.columns(dout, from, dx);
        single(dout);
        addColumns(dout, 0, dout.columns(), dx, from, 1);
    }

    @Override
    public void concat(Tensor dout, Tensor da, Tensor db) {
        GradientArguments.concat(dout, da, db);
        single(dout);
        addColumns(dout, 0, da.columns(), da, 0, 1);
        addColumns(dout, da.columns(), db.columns(), db, 0, dout.rows() / Math.max(1, db.rows()));
    }

    @Override
    public void attention(
            Tensor dout,
            Tensor q,
            Tensor k,
            Tensor v,
            Tensor out,
            Span[] spans,
            double scale,
            Tensor dq,
            Tensor dk,
            Tensor dv) {
        GradientArguments.attention(dout, q, k, v, out, spans, dq, dk, dv);
        single(dout);
        for (Span span : spans) {
            attention.compute(dout, q, k, v, out, span, scale, dq, dk, dv);
        }
        Memory.keep(dout, q, k, v, out, dq, dk, dv);
    }

    @Override
    public void gate(Tensor dweights, Tensor logits, int[] experts, GateRule rule, Tensor dlogits) {
        GradientArguments.gate(dweights, logits, experts, rule, dlogits);
        single(logits);
        gate.choice(dweights, logits, experts, rule, dlogits);
    }

    @Override
    public double balanceLoss(
            Tensor logits,
            int[] experts,
            GateRule rule,
            Span[] spans,
            double[] spanWeights,
            double alpha,
            Tensor dlogits) {
        GradientArguments.balanceLoss(logits, experts, rule, spans, spanWeights, dlogits);
        single(logits);
        double loss = 0;
        for (int i = 0; i < spans.length; i++) {
            loss += gate.balance(logits, experts, rule, spans[i], alpha * spanWeights[i], dlogits);
        }
        return loss;
    }

    @Override
    public void combine(Tensor dout, Tensor y, ExpertDispatch dispatch, Tensor weights, Tensor dy, Tensor dweights) {
        GradientArguments.combine(dout, y, dispatch, weights, dy, dweights);
        single(dout);
        int columns = dout.columns();
        int chosen = weights.columns();
        long rowBytes = (long) columns * FLOAT;
        long factors = Memory.address(weights);
        long dfactors = Memory.address(dweights);
        int[] rowOf = dispatch.rowOf();
        for (int pair = 0; pair < rowOf.length; pair++) {
            long change = Memory.address(dout) + pair / chosen * rowBytes;
            long row = rowOf[pair] * rowBytes;
            long at = (long) pair * FLOAT;
            GradientLoops.addScaled(Memory.getFloat(factors + at), change, Memory.address(dy) + row, columns);
            float product = GradientLoops.dot(change, Memory.address(y) + row, columns, parts);
            Memory.putFloat(dfactors + at, Memory.getFloat(dfactors + at) + product);
        }
        Memory.keep(dout, y, weights, dy, dweights);
    }

    @Override
    public double crossEntropy(Tensor logits, int[] targets, float[] rowWeights, Tensor dlogits) {
        GradientArguments.crossEntropy(logits, targets, rowWeights, dlogits);
        single(logits);
        int columns = logits.columns();
        long rowBytes = (long) columns * FLOAT;
        reserve(rowBytes);
        long exponentials = scratch.address();
        double loss = 0;
        for (int t = 0; t < logits.rows(); t++) {
            float weight = rowWeights[t];
            if (weight == 0) {
                continue;
            }
            long row = Memory.address(logits) + t * rowBytes;
            long target = Memory.address(dlogits) + t * rowBytes;
            float max = GradientLoops.max(row, columns);
            float sum = GradientLoops.exponentials(row, 1, max, exponentials, columns, parts);
            long wanted = (long) targets[t] * FLOAT;
            loss += weight * (StrictMath.log(sum) + max - Memory.getFloat(row + wanted));
            GradientLoops.addScaled(weight / sum, exponentials, target, columns);
            Memory.putFloat(target + wanted, Memory.getFloat(target + wanted) - weight);
        }
        Memory.keep(logits, dlogits);
        return loss;
    }

    private void reserve(long bytes) {
        if (scratch.byteSize() < bytes) {
            scratch = Arena.ofAuto().allocate(bytes, 64);
        }
    }

    private static void addColumns(Tensor source, int from, int count, Tensor target, int to, int repeat) {
        long sourceRow = (long) source.columns() * FLOAT;
        long targetRow = (long) target.columns() * FLOAT;
        long first = Memory.address(source) + (long) from * FLOAT;
        long second = Memory.address(target) + (long) to * FLOAT;
        for (int row = 0; row < source.rows(); row++) {
            GradientLoops.add(first + row * sourceRow, second + row / repeat * targetRow, count);
        }
        Memory.keep(source, target);
    }

    private static Matrix matrix(Tensor x) {
        return Matrix.rows(x.data(), x.columns());
    }

    /// The rows of one head of x[T, H, D].
    private static Matrix head(Tensor x, int head) {
        long columns = x.columns();
        return new Matrix(x.data(), head * columns, columns * x.axis(1), 1);
    }

    static void single(Tensor x) {
        if (x.type() != DType.F32) {
            throw new IllegalArgumentException(
                    "The vector kernels compute gradients in F32, not in %s; use ScalarGradientKernels"
                            .formatted(x.type()));
        }
    }
}
