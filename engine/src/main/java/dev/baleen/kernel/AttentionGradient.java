package dev.baleen.kernel;

import dev.baleen.kernel.Gemm.Matrix;
import dev.baleen.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// The backward pass of causal attention, one (span, head) at a time, the probabilities computed anew.
///
/// For a block of 64 query rows, with n the keys that its last row sees (FlashAttention, arXiv 2205.14135, appendix B.4,
/// without tiling the keys, which for documents of a few hundred rows fit the second-level cache):
///
///     S  = Q Kᵀ                      P = softmax(scale · S), zero past each row's own position
///     dP = dO Vᵀ                     dS = scale · P ∘ (dP − rowsum(dO ∘ O))
///     dV += Pᵀ dO     dQ += dS K     dK += dSᵀ Q
///
/// Five matrix products of n × 64 × (A or B). K and V are transposed once, so that every product finds contiguous rows.
final class AttentionGradient {
    private static final int BLOCK = 64;
    private static final int FLOAT = Float.BYTES;

    private final Gemm gemm;
    private final float[] parts = new float[GradientLoops.PARTS];
    private MemorySegment scratch = Arena.ofAuto().allocate(64, 64);

    AttentionGradient(Gemm gemm) {
        this.gemm = gemm;
    }

    void compute(
            Tensor dout,
            Tensor q,
            Tensor k,
            Tensor v,
            Tensor out,
            Span span,
            double scale,
            Tensor dq,
            Tensor dk,
            Tensor dv) {
        int rows = span.rows();
        int stride = Math.ceilDiv(rows, GradientLoops.PARTS) * GradientLoops.PARTS;
        int a = q.columns();
        int b = v.columns();
        reserve((long) stride * (a + b + 2L * BLOCK));
        Matrix keysTransposed = new Matrix(scratch, 0, stride, 1);
        Matrix valuesTransposed = keysTransposed.from(a, 0);
        Matrix scores = valuesTransposed.from(b, 0);
        Matrix dscores = scores.from(BLOCK, 0);
        int heads = q.axis(1);
        int groups = k.axis(1);
        for (int h = 0; h < heads; h++) {
            int g = h / (heads / groups);
            Matrix keys = head(k, span, g);
            Matrix values = head(v, span, g);
            if (h % (heads / groups) == 0) {
                transpose(keys, rows, a, keysTransposed, stride);
                transpose(values, rows, b, valuesTransposed, stride);
            }
            Matrix queries = head(q, span, h);
            Matrix changes = head(dout, span, h);
            Matrix outs = head(out, span, h);
            Matrix dqueries = head(dq, span, h);
            Matrix dkeys = head(dk, span, g);
            Matrix dvalues = head(dv, span, g);
            for (int first = 0; first < rows; first += BLOCK) {
                int block = Math.min(BLOCK, rows - first);
                int seen = first + block;
                int padded = Math.ceilDiv(seen, GradientLoops.PARTS) * GradientLoops.PARTS;
                Matrix query = queries.from(first, 0);
                Matrix change = changes.from(first, 0);
                gemm.multiply(block, padded, a, query, keysTransposed, scores, false);
                gemm.multiply(block, padded, b, change, valuesTransposed, dscores, false);
                for (int i = 0; i < block; i++) {
                    float mean = GradientLoops.dot(
                            change.from(i, 0).address(), outs.from(first + i, 0).address(), b, parts);
                    row(scores.from(i, 0).address(), dscores.from(i, 0).address(), first + i + 1, padded, mean, (float)
                            scale);
                }
                gemm.multiply(seen, b, block, scores.transposed(), change, dvalues, true);
                gemm.multiply(block, a, seen, dscores, keys, dqueries.from(first, 0), true);
                gemm.multiply(seen, a, block, dscores.transposed(), query, dkeys, true);
            }
        }
        java.lang.ref.Reference.reachabilityFence(scratch);
    }

    /// Scores to probabilities, and their gradients to those of the scores: `seen` of them, zeros up to `padded`.
    private void row(long scores, long dscores, int seen, int padded, float mean, float scale) {
        float max = GradientLoops.max(scores, seen);
        float sum = GradientLoops.exponentials(scores, scale, max, scores, seen, parts);
        GradientLoops.softmaxRow(scores, dscores, 1 / sum, mean, scale, seen);
        long rest = (long) (padded - seen) * FLOAT;
        Memory.zero(scores + (long) seen * FLOAT, rest);
        Memory.zero(dscores + (long) seen * FLOAT, rest);
    }

    private static Matrix head(Tensor x, Span span, int head) {
        long columns = x.columns();
        long row = columns * x.axis(1);
        return new Matrix(x.data(), span.firstRow() * row + head * columns, row, 1);
    }

    /// target[c, r] = source[r, c], zeros up to the stride.
    private static void transpose(Matrix source, int rows, int columns, Matrix target, int stride) {
        for (int c = 0; c < columns; c++) {
            long from = source.from(0, c).address();
            long to = target.from(c, 0).address();
            long step = source.rowStride() * FLOAT;
            for (int r = 0; r < rows; r++) {
                Memory.putFloat(to + (long) r * FLOAT, Memory.getFloat(from + r * step));
            }
            for (int r = rows; r < stride; r++) {
                Memory.putFloat(to + (long) r * FLOAT, 0);
            }
        }
    }

    private void reserve(long floats) {
        if (scratch.byteSize() < floats * FLOAT) {
            scratch = Arena.ofAuto().allocate(Math.ceilDiv(floats * FLOAT, 1 << 16) << 16, 64);
        }
    }
}
