package dev.baleen.kernel;

import dev.baleen.kernel.Gemm.Matrix;
import dev.baleen.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import java.util.Optional;

/// The backward pass of attention to chosen rows, one query with all heads at a time, the probabilities computed anew.
///
/// With K the gathered rows and V their first columns (as in [AttentionGradient], the rows being keys and values at
/// once):
///
///     S = Q Kᵀ     dP = dO Vᵀ     P = softmax(scale · S, sinks)     dS = scale · P ∘ (dP − rowsum(dO ∘ O))
///     dQ += dS K     dK = dSᵀ Q, dK[.. B] += Pᵀ dO     and dK is scattered back
///
/// Five matrix products of heads × rows × (A or B).
final class SelectedAttentionGradient {
    private static final int FLOAT = Float.BYTES;

    private final Gemm gemm;
    private final float[] parts = new float[GradientLoops.PARTS];
    private MemorySegment scratch = Arena.ofAuto().allocate(64, 64);

    SelectedAttentionGradient(Gemm gemm) {
        this.gemm = gemm;
    }

    void compute(
            Tensor dout,
            Tensor q,
            Tensor[] sources,
            Selection selection,
            Optional<Tensor> sinks,
            Tensor out,
            float scale,
            Tensor dq,
            Tensor[] dsources,
            Optional<Tensor> dsinks) {
        int heads = q.axis(1);
        int a = q.columns();
        int b = out.columns();
        int most = selection.countMax();
        reserve(2L * most * (a + heads));
        Matrix rows = Matrix.rows(scratch, a);
        Matrix drows = rows.from(most, 0);
        Matrix scores = new Matrix(scratch, 2L * most * a, most, 1);
        Matrix dscores = scores.from(heads, 0);
        SourceRows reader = new SourceRows(sources);
        for (int t = 0; t < selection.queries(); t++) {
            int first = selection.offsets()[t];
            int count = selection.count(t);
            for (int i = 0; i < count; i++) {
                reader.read(selection.rows()[first + i], rows.from(i, 0).address());
            }
            long row = (long) t * heads;
            Matrix query = Matrix.rows(q.data(), a).from(row, 0);
            Matrix change = Matrix.rows(dout.data(), b).from(row, 0);
            Matrix result = Matrix.rows(out.data(), b).from(row, 0);
            gemm.multiply(heads, count, a, query, rows.transposed(), scores, false);
            gemm.multiply(heads, count, b, change, rows.transposed(), dscores, false);
            for (int h = 0; h < heads; h++) {
                float mean = GradientLoops.dot(
                        change.from(h, 0).address(), result.from(h, 0).address(), b, parts);
                float sink = sinks.isPresent() ? (float) sinks.get().get(h) : Float.NEGATIVE_INFINITY;
                float weight =
                        head(scores.from(h, 0).address(), dscores.from(h, 0).address(), count, scale, sink, mean);
                if (dsinks.isPresent()) {
                    long target = Memory.address(dsinks.get()) + (long) h * FLOAT;
                    Memory.putFloat(target, Memory.getFloat(target) - weight * mean);
                }
            }
            gemm.multiply(
                    heads, a, count, dscores, rows, Matrix.rows(dq.data(), a).from(row, 0), true);
            gemm.multiply(count, a, heads, dscores.transposed(), query, drows, false);
            gemm.multiply(count, b, heads, scores.transposed(), change, drows, true);
            scatter(drows, selection, first, count, dsources);
        }
        Reference.reachabilityFence(scratch);
    }

    /// One head's scores to probabilities, and the gradients of these to those of the scores; returns what the sink
    /// takes.
    private float head(long scores, long dscores, int count, float scale, float sink, float mean) {
        float max = Math.max(sink / scale, GradientLoops.max(scores, count));
        float taken = VectorMath.exp(sink - max * scale);
        float inverse = 1 / (GradientLoops.exponentials(scores, scale, max, scores, count, parts) + taken);
        GradientLoops.softmaxGradient(scores, dscores, count, inverse, scale, mean);
        return taken * inverse;
    }

    private static void scatter(Matrix drows, Selection selection, int first, int count, Tensor[] dsources) {
        int columns = dsources[0].columns();
        for (int i = 0; i < count; i++) {
            int row = selection.rows()[first + i];
            int source = 0;
            while (row >= dsources[source].rows()) {
                row -= dsources[source++].rows();
            }
            long target = Memory.address(dsources[source]) + row * dsources[source].rowBytes();
            GradientLoops.add(drows.from(i, 0).address(), target, columns);
        }
    }

    private void reserve(long floats) {
        if (scratch.byteSize() < floats * FLOAT) {
            scratch = Arena.ofAuto().allocate(Math.ceilDiv(floats * FLOAT, 1 << 16) << 16, 64);
        }
    }
}
