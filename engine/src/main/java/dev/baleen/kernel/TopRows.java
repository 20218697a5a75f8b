package dev.baleen.kernel;

import dev.baleen.kernel.Gemm.Matrix;
import dev.baleen.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import java.util.Arrays;

/// The choice of entries by score: first all scores, then of each query the best.
///
/// Queries of a span go in groups of 16 over blocks of 64 keys: a block is read once a group and multiplied with all of
/// its heads, J · 64 · A multiplications a query, which arithmetic bounds; then come J passes over 64 products. Threads
/// share out the blocks, and afterwards the queries. Scores are compared by their bits as integers, and the smallest of
/// the best is found by counting digits, in time that does not depend on the scores.
final class TopRows {
    private static final int BLOCK = 64;
    private static final int GROUP = 16;
    private static final int MULTIPLICATIONS_PER_NANO = 16;
    private static final int SELECT_NANOS = 4;
    private static final int DIGIT_BITS = 11;

    private final Tensor q;
    private final Tensor weights;
    private final Tensor keys;
    private final Entries entries;
    private final Ties ties;
    private final int positions;
    private final Selection selection;
    private final ComputePool pool;

    TopRows(
            Tensor q,
            Tensor weights,
            Tensor keys,
            Entries entries,
            Ties ties,
            int positions,
            Selection selection,
            ComputePool pool) {
        this.q = q;
        this.weights = weights;
        this.keys = keys;
        this.entries = entries;
        this.ties = ties;
        this.positions = positions;
        this.selection = selection;
        this.pool = pool;
    }

    void compute() {
        for (int i = 0; i < entries.spans().length; i++) {
            Span span = entries.spans()[i];
            for (int first = 0; first < span.rows(); first += GROUP) {
                group(i, span.firstRow() + first, Math.min(GROUP, span.rows() - first), span.position() + first);
            }
        }
    }

    /// Queries `t` to `t + count` of a span, the first being at `position`.
    private void group(int span, int t, int count, int position) {
        int seen = entries.visible(position + count - 1);
        int unscored = 0;
        while (unscored < count && selection.count(t + unscored) == entries.visible(position + unscored)) {
            int at = selection.offsets()[t + unscored];
            entries.rows(span, 0, selection.count(t + unscored), selection.rows(), at);
            unscored++;
        }
        if (unscored == count) {
            return;
        }
        int first = t + unscored;
        int queries = count - unscored;
        MemorySegment memory = Scratch.mine().floats(Scratch.Use.CHOICE, (long) queries * seen);
        long scores = memory.address();
        long nanos = (long) queries * q.axis(1) * q.columns() * seen / MULTIPLICATIONS_PER_NANO;
        pool.run(Math.ceilDiv(seen, BLOCK), 1, nanos, (from, to) -> {
            SourceRows reader = new SourceRows(keys.reshape(keys.rows(), keys.columns()));
            for (int block = from; block < to; block++) {
                int entry = block * BLOCK;
                score(reader, span, first, queries, entry, Math.min(BLOCK, seen - entry), scores, seen);
            }
        });
        pool.run(queries, 1, (long) queries * seen * SELECT_NANOS, (from, to) -> {
            for (int i = from; i < to; i++) {
                int visible = entries.visible(position + first - t + i);
                select(span, first + i, scores + (long) i * seen * Float.BYTES, visible);
            }
        });
        Reference.reachabilityFence(memory);
    }

    /// Scores of `queries` queries from row `t` for `count` entries from `entry`.
    private void score(SourceRows reader, int span, int t, int queries, int entry, int count, long scores, int stride) {
        Scratch scratch = Scratch.mine();
        int heads = q.axis(1);
        int width = q.columns();
        Matrix rows = Matrix.rows(scratch.floats(Scratch.Use.KEYS, (long) BLOCK * width), width);
        Matrix products = Matrix.rows(scratch.floats(Scratch.Use.SCORES, (long) queries * heads * BLOCK), BLOCK);
        for (int i = 0; i < count; i++) {
            reader.read(entries.row(span, entry + i), rows.address() + (long) i * width * Float.BYTES);
        }
        Matrix queryRows = Matrix.rows(q.data(), width).from((long) t * heads, 0);
        scratch.gemm.multiply(queries * heads, count, width, queryRows, rows.transposed(), products, false);
        for (int i = 0; i < queries; i++) {
            long target = scores + ((long) i * stride + entry) * Float.BYTES;
            Memory.zero(target, (long) count * Float.BYTES);
            for (int j = 0; j < heads; j++) {
                long weight = Memory.address(weights) + ((long) (t + i) * heads + j) * Float.BYTES;
                long product = products.from((long) i * heads + j, 0).address();
                RowLoops.addPositive(product, Memory.getFloat(weight), target, count);
            }
        }
    }

    /// The rows of the best of `visible` entries, in the order of the entries.
    private void select(int span, int t, long scores, int visible) {
        int room = selection.count(t);
        int at = selection.offsets()[t];
        int[] ordered = Scratch.mine().integers(visible);
        for (int e = 0; e < visible; e++) {
            ordered[e] = ordered(Memory.getFloat(scores + (long) e * Float.BYTES));
        }
        int threshold = smallestOfBest(ordered, visible, room);
        int better = 0;
        int equal = 0;
        for (int e = 0; e < visible; e++) {
            better += ordered[e] > threshold ? 1 : 0;
            equal += ordered[e] == threshold ? 1 : 0;
        }
        if (ties != Ties.EARLIER && better + equal > room) {
            amongEquals(span, t, ordered, visible);
            return;
        }
        int left = room - better;
        int[] rows = selection.rows();
        for (int e = 0; e < visible; e++) {
            boolean tie = ordered[e] == threshold && left > 0;
            if (ordered[e] > threshold || tie) {
                rows[at++] = entries.row(span, e);
                left -= tie ? 1 : 0;
            }
        }
    }

    /// The choice for the rare query whose room ends among equals.
    private void amongEquals(int span, int t, int[] ordered, int visible) {
        double[] scores = new double[visible];
        for (int e = 0; e < visible; e++) {
            scores[e] = ordered[e];
        }
        double[] all = ties == Ties.PARTITION ? entries.padded(scores, visible, span, positions) : scores;
        int[] best = ties.best(all, selection.count(t));
        Arrays.sort(best);
        for (int i = 0; i < best.length; i++) {
            selection.rows()[selection.offsets()[t] + i] = entries.row(span, best[i]);
        }
    }

    /// An integer that is larger where the number is; both zeros are one.
    private static int ordered(float value) {
        int bits = Float.floatToRawIntBits(value + 0.0f);
        return bits < 0 ? bits ^ Integer.MAX_VALUE : bits;
    }

    /// The value that the `room` largest of `values` do not go below, digit by digit from the highest.
    private static int smallestOfBest(int[] values, int count, int room) {
        int[] counts = new int[1 << DIGIT_BITS];
        int prefix = 0;
        int left = room;
        int shift = Integer.SIZE;
        while (shift > 0) {
            int bits = Math.min(DIGIT_BITS, shift);
            int above = shift;
            shift -= bits;
            Arrays.fill(counts, 0);
            for (int i = 0; i < count; i++) {
                int unsigned = values[i] ^ Integer.MIN_VALUE;
                if (above == Integer.SIZE || unsigned >>> above == prefix) {
                    counts[unsigned >>> shift & (1 << bits) - 1]++;
                }
            }
            int digit = (1 << bits) - 1;
            while (counts[digit] < left) {
                left -= counts[digit--];
            }
            prefix = prefix << bits | digit;
        }
        return prefix ^ Integer.MIN_VALUE;
    }
}
