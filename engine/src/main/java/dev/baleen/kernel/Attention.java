package dev.baleen.kernel;

import dev.baleen.kernel.Gemm.Matrix;
import dev.baleen.tensor.Tensor;
import java.lang.foreign.MemorySegment;

/// Causal attention within a batch, one (span, head) at a time on one thread.
///
/// For a block of 64 query rows, with n the keys that its last row sees: S = Q Kᵀ; P = exp(scale · (S − row maximum)),
/// zero past each row's own position; out = (P V) / row sums. Two matrix products of n × 64 × (A or B); K is transposed
/// once, so that both find contiguous rows. The zeros add nothing, so a row's bits do not depend on its block.
final class Attention {
    private static final int BLOCK = 64;

    private Attention() {}

    static void compute(Tensor q, Tensor k, Tensor v, Span span, int head, double scale, Tensor out) {
        Scratch scratch = Scratch.mine();
        int rows = span.rows();
        int a = q.columns();
        int b = v.columns();
        int stride = SixteenSums.padded(rows);
        MemorySegment keysMemory = scratch.floats(Scratch.Use.KEYS, (long) a * stride);
        MemorySegment scoresMemory = scratch.floats(Scratch.Use.SCORES, (long) BLOCK * stride);
        int group = head / (q.axis(1) / k.axis(1));
        Matrix keys = Matrix.rows(keysMemory, stride);
        Matrix scores = Matrix.rows(scoresMemory, stride);
        AttentionGradient.transpose(AttentionGradient.head(k, span, group), rows, a, keys, stride);
        Matrix queries = AttentionGradient.head(q, span, head);
        Matrix values = AttentionGradient.head(v, span, group);
        Matrix outs = AttentionGradient.head(out, span, head);
        float[] sums = new float[BLOCK];
        for (int first = 0; first < rows; first += BLOCK) {
            int block = Math.min(BLOCK, rows - first);
            int seen = first + block;
            int padded = SixteenSums.padded(seen);
            scratch.gemm.multiply(block, padded, a, queries.from(first, 0), keys, scores, false);
            for (int i = 0; i < block; i++) {
                sums[i] = exponentials(scores.from(i, 0).address(), (float) scale, first + i + 1, seen, scratch.sums);
            }
            Matrix target = outs.from(first, 0);
            scratch.gemm.multiply(block, b, seen, scores, values, target, false);
            for (int i = 0; i < block; i++) {
                long row = target.from(i, 0).address();
                RowLoops.scale(row, 1 / sums[i], row, b);
            }
        }
    }

    /// Scores to exponentials in place, zeros from `seen` to `padded`; their sum.
    private static float exponentials(long scores, float scale, int seen, int padded, float[] parts) {
        float max = GradientLoops.max(scores, seen);
        float sum = GradientLoops.exponentials(scores, scale, max, scores, seen, parts);
        Memory.zero(scores + (long) seen * Float.BYTES, (long) (padded - seen) * Float.BYTES);
        return sum;
    }
}
