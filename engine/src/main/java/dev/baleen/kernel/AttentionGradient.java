package dev.baleen.kernel;

import dev.baleen.kernel.Gemm.Matrix;
import dev.baleen.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;

/// The backward pass of causal attention, one (span, head) at a time, the probabilities computed anew.
///
/// For a block of 32 query rows, with n the keys that its last row sees (FlashAttention, arXiv 2205.14135, appendix
/// B.4, without tiling the keys, which for documents of a few hundred rows fit the second-level cache):
///
///     S  = Q Kᵀ                      P = softmax(scale · S), zero past each row's own position
///     dP = dO Vᵀ                     dS = scale · P ∘ (dP − rowsum(dO ∘ O))
///     dV += Pᵀ dO     dQ += dS K     dK += dSᵀ Q
///
/// Five matrix products of n × 32 × (A or B): larger blocks compute more scores past the diagonal, and at 64 took a
/// tenth longer. K and V are transposed once, so that every product finds contiguous rows.
final class AttentionGradient {
    private static final int BLOCK = 32;
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
                rows(scores, dscores, stride, change, outs.from(first, 0), b, first, block, padded, (float) scale);
                gemm.multiply(seen, b, block, scores.transposed(), change, dvalues, true);
                gemm.multiply(block, a, seen, dscores, keys, dqueries.from(first, 0), true);
                gemm.multiply(seen, a, block, dscores.transposed(), query, dkeys, true);
            }
        }
        Reference.reachabilityFence(scratch);
    }

    /// Scores of a block to probabilities, and gradients of these to gradients of the scores.
    private void rows(
            Matrix scores,
            Matrix dscores,
            int stride,
            Matrix change,
            Matrix out,
            int columns,
            int first,
            int block,
            int padded,
            float scale) {
        long score = scores.address();
        long dscore = dscores.address();
        long row = (long) stride * FLOAT;
        long changes = change.address();
        long outs = out.address();
        long outRow = out.rowStride() * FLOAT;
        for (int i = 0; i < block; i++) {
            float mean = GradientLoops.dot(changes + i * outRow, outs + i * outRow, columns, parts);
            GradientLoops.attentionRow(score + i * row, dscore + i * row, first + i + 1, padded, scale, mean, parts);
        }
    }

    static Matrix head(Tensor x, Span span, int head) {
        long columns = x.columns();
        long row = columns * x.axis(1);
        return new Matrix(x.data(), span.firstRow() * row + head * columns, row, 1);
    }

    /// target[c, r] = source[r, c], zeros up to the stride.
    static void transpose(Matrix source, int rows, int columns, Matrix target, int stride) {
        long step = source.rowStride() * FLOAT;
        for (int c = 0; c < columns; c++) {
            long from = source.address() + (long) c * FLOAT;
            long to = target.address() + (long) c * stride * FLOAT;
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
