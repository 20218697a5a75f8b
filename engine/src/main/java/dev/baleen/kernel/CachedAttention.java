package dev.baleen.kernel;

import dev.baleen.dtype.DType;
import dev.baleen.kernel.Gemm.Matrix;
import dev.baleen.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/// Causal attention over cached pages with a running softmax (arXiv 1805.02867): each page is read once for all of a
/// block of queries, which are some tokens of a span by the query heads that share a key-value head.
///
/// For a page: S = Q Kᵀ (sums in sixteen parts over the columns of a key); with m the largest score so far, what was
/// summed is scaled by exp(old m − m); P = exp(S − m), zero past each query's own position; O += P V, one chain over
/// the positions. Pages are cut at multiples of the page size from position 0, so a query's bits depend on its own
/// position only. Decoding is bound by reading the pages; a latent cache, whose one key serves all heads, by
/// arithmetic.
final class CachedAttention {
    /// Queries of a block: what one read of a page is shared by.
    private static final int BLOCK = 128;

    private final Tensor q;
    private final Tensor cache;
    private final CachedHeads heads;
    private final float scale;
    private final Tensor out;
    private final int positions;
    private final WeightRows reader;

    private final float[] largest = new float[BLOCK];
    private final float[] sums = new float[BLOCK];

    CachedAttention(Tensor q, Tensor cache, CachedHeads heads, double scale, Tensor out) {
        this.q = q;
        this.cache = cache;
        this.heads = heads;
        this.scale = (float) scale;
        this.out = out;
        positions = cache.axis(1);
        reader = WeightRows.of(cache.type());
    }

    /// Query heads `from` to `to` of a span; they share key-value head `group`.
    void compute(Span span, int group, int from, int to) {
        for (int head = from; head < to; head += BLOCK) {
            int count = Math.min(BLOCK, to - head);
            int tokens = Math.max(1, BLOCK / count);
            for (int first = 0; first < span.rows(); first += tokens) {
                block(span, group, head, count, first, Math.min(tokens, span.rows() - first));
            }
        }
    }

    private void block(Span span, int group, int head, int count, int first, int tokens) {
        Scratch scratch = Scratch.mine();
        int queries = tokens * count;
        int valueWidth = heads.valueWidth();
        long rowBytes = SixteenSums.rowBytes(heads.keyWidth());
        long inputs = scratch.floats(Scratch.Use.QUERIES, queries * rowBytes / Float.BYTES)
                .address();
        readQueries(span.firstRow() + first, tokens, head, count, inputs, rowBytes);
        MemorySegment scoresMemory = scratch.floats(Scratch.Use.SCORES, (long) BLOCK * positions);
        MemorySegment sumsMemory = scratch.floats(Scratch.Use.SUMS, (long) BLOCK * valueWidth);
        Matrix scores = Matrix.rows(scoresMemory, positions);
        Matrix result = Matrix.rows(sumsMemory, valueWidth);
        long row = (long) positions * Float.BYTES;
        Arrays.fill(largest, 0, queries, Float.NEGATIVE_INFINITY);
        Arrays.fill(sums, 0, queries, 0);
        int firstPosition = span.position() + first;
        int end = firstPosition + tokens;
        for (int start = 0; start < end; start += positions) {
            int here = Math.min(positions, end - start);
            int page = span.pages()[start / positions];
            int length = SixteenSums.padded(heads.keyWidth());
            boolean inPlace = cache.type() == DType.F32 && heads.keyWidth() == length;
            long keys = inPlace
                    ? address(page, 0, heads.keyOffset() + group * heads.keyWidth())
                    : readKeys(page, here, group, rowBytes, scratch);
            long keyBytes = inPlace ? cache.rowBytes() : rowBytes;
            long target = scores.address();
            SixteenSums.products(
                    queries, here, length, inputs, rowBytes, keys, keyBytes, target, row, Float.BYTES, scratch.sums);
            for (int i = 0; i < queries; i++) {
                int seen = Math.clamp(firstPosition + i / count + 1 - start, 0, here);
                softmax(
                        i,
                        scores.address() + i * row,
                        seen,
                        here,
                        result.from(i, 0).address(),
                        start > 0,
                        scratch.sums);
            }
            Matrix values = values(page, here, group, scratch);
            scratch.gemm.multiply(queries, valueWidth, here, scores, values, result, start > 0);
        }
        for (int i = 0; i < queries; i++) {
            long target = (long) (span.firstRow() + first + i / count) * q.axis(1) + head + i % count;
            long address = Memory.address(out) + target * valueWidth * Float.BYTES;
            RowLoops.scale(result.from(i, 0).address(), 1 / sums[i], address, valueWidth);
        }
    }

    /// Queries times the scale, token by token, head by head, padded with zeros.
    private void readQueries(int firstRow, int tokens, int head, int count, long inputs, long rowBytes) {
        int width = heads.keyWidth();
        for (int i = 0; i < tokens * count; i++) {
            long row = (long) (firstRow + i / count) * q.axis(1) + head + i % count;
            long source = Memory.address(q) + row * width * Float.BYTES;
            RowLoops.scale(source, scale, inputs + i * rowBytes, width);
            SixteenSums.pad(inputs + i * rowBytes, width);
        }
    }

    private long readKeys(int page, int here, int group, long rowBytes, Scratch scratch) {
        int width = heads.keyWidth();
        float[] row = scratch.weights(width);
        long keys = scratch.floats(Scratch.Use.KEYS, positions * rowBytes / Float.BYTES)
                .address();
        for (int s = 0; s < here; s++) {
            reader.decode(address(page, s, heads.keyOffset() + group * width), row, 0, width);
            Memory.write(row, 0, keys + s * rowBytes, width);
            SixteenSums.pad(keys + s * rowBytes, width);
        }
        return keys;
    }

    private Matrix values(int page, int here, int group, Scratch scratch) {
        int width = heads.valueWidth();
        int column = heads.valueOffset() + group * width;
        if (cache.type() == DType.F32) {
            long offset = (long) page * positions * cache.columns() + column;
            return new Matrix(cache.data(), offset, cache.columns(), 1);
        }
        MemorySegment widened = scratch.floats(Scratch.Use.VALUES, (long) positions * width);
        float[] row = scratch.weights(width);
        for (int s = 0; s < here; s++) {
            reader.decode(address(page, s, column), row, 0, width);
            Memory.write(row, 0, widened.address() + (long) s * width * Float.BYTES, width);
        }
        return Matrix.rows(widened, width);
    }

    private long address(int page, int position, int column) {
        long row = (long) page * positions + position;
        return Memory.address(cache) + row * cache.rowBytes() + cache.type().bytes(column);
    }

    /// One query's scores of a page to exponentials in place, zeros from `seen` to `here`.
    private void softmax(int query, long scores, int seen, int here, long result, boolean begun, float[] parts) {
        if (seen > 0) {
            float max = Math.max(largest[query], GradientLoops.max(scores, seen));
            float correction = VectorMath.exp(largest[query] - max);
            if (begun && correction != 1) {
                RowLoops.scale(result, correction, result, heads.valueWidth());
            }
            float sum = GradientLoops.exponentials(scores, 1, max, scores, seen, parts);
            sums[query] = Math.fma(sums[query], correction, sum);
            largest[query] = max;
        }
        Memory.zero(scores + (long) seen * Float.BYTES, (long) (here - seen) * Float.BYTES);
    }
}
