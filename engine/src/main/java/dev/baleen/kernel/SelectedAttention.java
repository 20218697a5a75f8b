package dev.baleen.kernel;

import dev.baleen.kernel.Gemm.Matrix;
import dev.baleen.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import java.util.Optional;

/// Attention of one query's heads over the rows chosen for it, with a running softmax (arXiv 1805.02867).
///
/// Rows come in blocks of 64: they are gathered into the second-level cache once for all heads; S = Q Kᵀ; with m the
/// largest score so far, what was summed is scaled by exp(old m − m); P = exp(S − m); O += P V. Two matrix products of
/// heads × 64 × (A or B) against one copy of 64 · A numbers: arithmetic bounds it from a few dozen heads on, and memory
/// below. Blocks are cut by the place in the query's own list, so its bits depend on nothing else.
final class SelectedAttention {
    private static final int BLOCK = 64;

    private final Tensor q;
    private final SourceRows sources;
    private final Selection selection;
    private final Optional<Tensor> sinks;
    private final float scale;
    private final Tensor out;
    private final float[] largest;
    private final float[] sums;

    SelectedAttention(
            Tensor q, Tensor[] sources, Selection selection, Optional<Tensor> sinks, double scale, Tensor out) {
        this.q = q;
        this.sources = new SourceRows(sources);
        this.selection = selection;
        this.sinks = sinks;
        this.scale = (float) scale;
        this.out = out;
        largest = new float[q.axis(1)];
        sums = new float[q.axis(1)];
    }

    /// Heads `from` to `to` of query `t`.
    void compute(int t, int from, int to) {
        Scratch scratch = Scratch.mine();
        int heads = to - from;
        int width = q.columns();
        int valueWidth = out.columns();
        MemorySegment rowsMemory = scratch.floats(Scratch.Use.KEYS, (long) BLOCK * width);
        MemorySegment scoresMemory = scratch.floats(Scratch.Use.SCORES, (long) heads * BLOCK);
        MemorySegment sumsMemory = scratch.floats(Scratch.Use.SUMS, (long) heads * valueWidth);
        Matrix queries = Matrix.rows(q.data(), width).from((long) t * q.axis(1) + from, 0);
        Matrix rows = Matrix.rows(rowsMemory, width);
        Matrix scores = Matrix.rows(scoresMemory, BLOCK);
        Matrix result = Matrix.rows(sumsMemory, valueWidth);
        begin(from, heads);
        int end = selection.offsets()[t + 1];
        for (int first = selection.offsets()[t]; first < end; first += BLOCK) {
            int count = Math.min(BLOCK, end - first);
            for (int i = 0; i < count; i++) {
                sources.read(selection.rows()[first + i], rows.address() + (long) i * width * Float.BYTES);
            }
            boolean begun = first > selection.offsets()[t];
            scratch.gemm.multiply(heads, count, width, queries, rows.transposed(), scores, false);
            for (int h = 0; h < heads; h++) {
                softmax(h, scores.from(h, 0).address(), count, result.from(h, 0).address(), begun, scratch.sums);
            }
            scratch.gemm.multiply(heads, valueWidth, count, scores, rows, result, begun);
        }
        for (int h = 0; h < heads; h++) {
            long target = (long) t * q.axis(1) + from + h;
            long address = Memory.address(out) + target * valueWidth * Float.BYTES;
            RowLoops.scale(result.from(h, 0).address(), 1 / sums[h], address, valueWidth);
        }
    }

    /// A sink is a score that is there before all others, and whose row is zero.
    private void begin(int from, int heads) {
        Arrays.fill(largest, 0, heads, Float.NEGATIVE_INFINITY);
        Arrays.fill(sums, 0, heads, 0);
        if (sinks.isPresent()) {
            for (int h = 0; h < heads; h++) {
                largest[h] = (float) sinks.get().get(from + h) / scale;
                sums[h] = 1;
            }
        }
    }

    /// One head's scores of a block to exponentials in place.
    private void softmax(int head, long scores, int count, long result, boolean begun, float[] parts) {
        float max = Math.max(largest[head], GradientLoops.max(scores, count));
        float correction = VectorMath.exp((largest[head] - max) * scale);
        if (begun && correction != 1) {
            RowLoops.scale(result, correction, result, out.columns());
        }
        float sum = GradientLoops.exponentials(scores, scale, max, scores, count, parts);
        sums[head] = Math.fma(sums[head], correction, sum);
        largest[head] = max;
    }
}
