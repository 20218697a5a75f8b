package dev.baleen.kernel;

import dev.baleen.dtype.DType;
import dev.baleen.kernel.Gemm.Matrix;
import dev.baleen.tensor.Tensor;
import java.lang.foreign.MemorySegment;

/// Single precision with the Vector API, shared out over a pool of threads.
///
/// This file checks, splits and hands over; the loops are in [Products] (and below it [Gemm] and [WeightRows]),
/// [Attention], [CachedAttention] and [RowLoops]. Splits are by output rows, columns or heads, never along a sum.
public final class VectorKernels implements Kernels {
    /// Columns of a product that a thread takes at least: a panel of the matrix product.
    private static final int COLUMN_GRAIN = 32;
    /// Of a transposed product: whole blocks of any format.
    private static final int BLOCK_GRAIN = 256;

    private static final int ROW_GRAIN = 8;

    // How much one thread does in a nanosecond, roughly: what splits are decided by.
    private static final int MULTIPLICATIONS_PER_NANO = 16;
    private static final int WEIGHTS_PER_NANO = 8;
    private static final int NUMBERS_PER_NANO = 4;

    private final ComputePool pool;
    private final HyperKernels hyper;
    private final SparseKernels sparse;

    public VectorKernels(ComputePool pool) {
        this.pool = pool;
        hyper = new VectorHyperKernels(pool);
        sparse = new VectorSparseKernels(pool);
    }

    @Override
    public String description() {
        return "vectors of %d bits, %d %s"
                .formatted(Vectors.FLOATS.vectorBitSize(), pool.threads(), pool.threads() == 1 ? "thread" : "threads");
    }

    @Override
    public void matmul(Tensor x, Tensor w, Tensor out) {
        Shapes.matmul(x, w, out);
        single(x);
        Matrix input = Products.matrix(x);
        Matrix output = Products.matrix(out);
        int inputs = x.rows();
        long nanos = productNanos(inputs, w);
        if (splitsInputs(inputs, w)) {
            pool.run(
                    inputs,
                    ROW_GRAIN,
                    nanos,
                    (from, to) ->
                            Products.byRows(input.from(from, 0), to - from, w, 0, w.rows(), output.from(from, 0)));
        } else {
            pool.run(w.rows(), COLUMN_GRAIN, nanos, (from, to) -> Products.byRows(input, inputs, w, from, to, output));
        }
        Memory.keep(x, w, out);
    }

    /// Whether threads share out the inputs and not the outputs' columns: where there are too few columns for
    /// all, and packing or decoding the weights on each thread is small against the product.
    private boolean splitsInputs(int inputs, Tensor w) {
        return w.rows() < pool.threads() * 2 * COLUMN_GRAIN && inputs >= pool.threads() * 2 * ROW_GRAIN;
    }

    @Override
    public void matmulTransposed(Tensor x, Tensor w, Tensor out) {
        Shapes.matmulTransposed(x, w, out);
        single(x);
        Matrix input = Products.matrix(x);
        Matrix output = Products.matrix(out);
        int inputs = x.rows();
        int grain = w.type().blockElements() == 1 ? COLUMN_GRAIN : BLOCK_GRAIN;
        pool.run(
                w.columns(),
                grain,
                productNanos(inputs, w),
                (from, to) -> Products.byColumns(input, inputs, w, from, to, output));
        Memory.keep(x, w, out);
    }

    @Override
    public void headMatmul(Tensor x, Tensor[] w, Tensor out) {
        Shapes.headMatmul(x, w, out);
        single(x);
        int inputs = x.axis(0);
        pool.run(w.length, 1, w.length * productNanos(inputs, w[0]), (from, to) -> {
            for (int h = from; h < to; h++) {
                Products.byRows(Products.head(x, h), inputs, w[h], 0, w[h].rows(), Products.head(out, h));
            }
        });
        Memory.keep(x, out);
        Memory.keep(w);
    }

    @Override
    public void headMatmulTransposed(Tensor x, Tensor[] w, Tensor out) {
        Shapes.headMatmulTransposed(x, w, out);
        single(x);
        int inputs = x.axis(0);
        pool.run(w.length, 1, w.length * productNanos(inputs, w[0]), (from, to) -> {
            for (int h = from; h < to; h++) {
                Products.byColumns(Products.head(x, h), inputs, w[h], 0, w[h].columns(), Products.head(out, h));
            }
        });
        Memory.keep(x, out);
        Memory.keep(w);
    }

    @Override
    public void groupedMatmul(Tensor x, int[] offsets, Tensor[] w, Tensor out) {
        Shapes.groupedMatmul(x, offsets, w, out);
        single(x);
        Matrix input = Products.matrix(x);
        Matrix output = Products.matrix(out);
        long nanos = 0;
        for (int e = 0; e < w.length; e++) {
            nanos += offsets[e + 1] > offsets[e] ? productNanos(offsets[e + 1] - offsets[e], w[e]) : 0;
        }
        if (splitsInputs(x.rows(), w[0])) {
            pool.run(x.rows(), ROW_GRAIN, nanos, (from, to) -> {
                for (int e = 0; e < w.length; e++) {
                    int first = Math.max(from, offsets[e]);
                    int rows = Math.max(0, Math.min(to, offsets[e + 1]) - first);
                    Products.byRows(input.from(first, 0), rows, w[e], 0, w[e].rows(), output.from(first, 0));
                }
            });
        } else {
            pool.run(out.columns(), COLUMN_GRAIN, nanos, (from, to) -> {
                for (int e = 0; e < w.length; e++) {
                    int rows = offsets[e + 1] - offsets[e];
                    Products.byRows(input.from(offsets[e], 0), rows, w[e], from, to, output.from(offsets[e], 0));
                }
            });
        }
        Memory.keep(x, out);
        Memory.keep(w);
    }

    private static long productNanos(int inputs, Tensor w) {
        return w.elements() * inputs / MULTIPLICATIONS_PER_NANO + w.elements() / WEIGHTS_PER_NANO;
    }

    @Override
    public void embedding(Tensor table, int[] tokens, Tensor out) {
        Shapes.embedding(table, tokens, out);
        single(out);
        copyRows(table, tokens, out);
    }

    @Override
    public void gatherRows(Tensor x, int[] rows, Tensor out) {
        Shapes.gatherRows(x, rows, out);
        single(x);
        copyRows(x, rows, out);
    }

    private void copyRows(Tensor source, int[] rows, Tensor out) {
        long from = Memory.address(source);
        long rowBytes = source.rowBytes();
        long to = Memory.address(out);
        int columns = out.columns();
        WeightRows reader = WeightRows.of(source);
        each(rows.length, columns, i -> {
            long address = from + rows[i] * rowBytes;
            long target = to + (long) i * columns * Float.BYTES;
            if (source.type() == DType.F32) {
                Memory.copy(address, target, rowBytes);
            } else {
                float[] row = Scratch.mine().weights(columns);
                reader.decode(address, row, 0, columns);
                Memory.write(row, 0, target, columns);
            }
        });
        Memory.keep(source, out);
    }

    @Override
    public void rmsNorm(Tensor x, Tensor weight, double epsilon, Tensor out) {
        Shapes.rmsNorm(x, weight, out);
        single(x);
        int columns = x.columns();
        long rowBytes = x.rowBytes();
        long from = Memory.address(x);
        long to = Memory.address(out);
        long scale = weight.type() == DType.F32 ? Memory.address(weight) : decoded(weight);
        each(
                x.rows(),
                columns,
                r -> RowLoops.rmsNorm(
                        from + r * rowBytes, scale, epsilon, to + r * rowBytes, columns, Scratch.mine().sums));
        Memory.keep(x, weight, out);
    }

    /// A small tensor as singles in the caller's working memory.
    private static long decoded(Tensor tensor) {
        int count = Math.toIntExact(tensor.elements());
        float[] values = Scratch.mine().weights(count);
        WeightRows.of(tensor).decode(Memory.address(tensor), values, 0, count);
        MemorySegment memory = Scratch.mine().floats(Scratch.Use.WEIGHTS, count);
        Memory.write(values, 0, memory.address(), count);
        return memory.address();
    }

    @Override
    public void rmsNorm(Tensor x, double epsilon, Tensor out) {
        Shapes.same("rmsNorm", x, out);
        single(x);
        int columns = x.columns();
        long rowBytes = x.rowBytes();
        long from = Memory.address(x);
        long to = Memory.address(out);
        each(x.rows(), columns, r -> {
            long row = from + r * rowBytes;
            float inverse = RowLoops.inverseNorm(row, epsilon, columns, Scratch.mine().sums);
            RowLoops.scale(row, inverse, to + r * rowBytes, columns);
        });
        Memory.keep(x, out);
    }

    @Override
    public void layerNorm(Tensor x, Tensor weight, Tensor bias, double epsilon, Tensor out) {
        Shapes.layerNorm(x, weight, bias, out);
        single(x);
        int columns = x.columns();
        long rowBytes = x.rowBytes();
        long from = Memory.address(x);
        long to = Memory.address(out);
        long scale = Memory.address(weight);
        long shift = Memory.address(bias);
        each(x.rows(), 2 * columns, r -> {
            long at = r * rowBytes;
            RowLoops.layerNorm(from + at, scale, shift, epsilon, to + at, columns, Scratch.mine().sums);
        });
        Memory.keep(x, weight, bias, out);
    }

    @Override
    public void add(Tensor a, Tensor b, Tensor out) {
        Shapes.same("add", a, b, out);
        single(a);
        long left = Memory.address(a);
        long right = Memory.address(b);
        long to = Memory.address(out);
        eachChunk(a.elements(), 1, (at, count) -> RowLoops.add(left + at, right + at, to + at, count));
        Memory.keep(a, b, out);
    }

    @Override
    public void addBias(Tensor x, Tensor bias, Tensor out) {
        Shapes.addBias(x, bias, out);
        single(x);
        int columns = x.columns();
        long rowBytes = x.rowBytes();
        long from = Memory.address(x);
        long added = Memory.address(bias);
        long to = Memory.address(out);
        each(x.rows(), columns, r -> RowLoops.add(from + r * rowBytes, added, to + r * rowBytes, columns));
        Memory.keep(x, bias, out);
    }

    @Override
    public void swiGlu(Tensor gate, Tensor up, Tensor out) {
        Shapes.same("swiGlu", gate, up, out);
        single(gate);
        long left = Memory.address(gate);
        long right = Memory.address(up);
        long to = Memory.address(out);
        eachChunk(gate.elements(), 4, (at, count) -> RowLoops.swiGlu(left + at, right + at, to + at, count));
        Memory.keep(gate, up, out);
    }

    @Override
    public void swiGlu(Tensor gate, Tensor up, double limit, Tensor out) {
        Shapes.same("swiGlu", gate, up, out);
        single(gate);
        long left = Memory.address(gate);
        long right = Memory.address(up);
        long to = Memory.address(out);
        eachChunk(
                gate.elements(),
                4,
                (at, count) -> RowLoops.swiGlu(left + at, right + at, (float) limit, to + at, count));
        Memory.keep(gate, up, out);
    }

    @Override
    public void rope(Tensor x, Rotation rotation, int offset, Tensor out) {
        Shapes.rope(x, rotation, offset, out);
        single(x);
        int heads = x.axis(1);
        int columns = x.columns();
        long from = Memory.address(x);
        long to = Memory.address(out);
        each(x.rows(), columns + 4 * rotation.pairs(), r -> {
            long at = (long) r * columns * Float.BYTES;
            RowLoops.rope(from + at, rotation, r / heads * rotation.pairs(), offset, to + at, columns);
        });
        Memory.keep(x, out);
    }

    @Override
    public void columns(Tensor x, int from, Tensor out) {
        Shapes.columns(x, from, out);
        single(x);
        long source = Memory.address(x) + (long) from * Float.BYTES;
        long sourceRow = x.rowBytes();
        long to = Memory.address(out);
        long bytes = out.rowBytes();
        each(out.rows(), out.columns(), r -> Memory.copy(source + r * sourceRow, to + r * bytes, bytes));
        Memory.keep(x, out);
    }

    @Override
    public void concat(Tensor a, Tensor b, Tensor out) {
        Shapes.concat(a, b, out);
        single(a);
        int heads = a.axis(1);
        int shared = b.axis(1) == heads ? 1 : heads;
        long left = Memory.address(a);
        long leftBytes = a.rowBytes();
        long right = Memory.address(b);
        long rightBytes = b.rowBytes();
        long to = Memory.address(out);
        each(a.rows(), out.columns(), r -> {
            long target = to + r * (leftBytes + rightBytes);
            Memory.copy(left + r * leftBytes, target, leftBytes);
            Memory.copy(right + r / shared * rightBytes, target + leftBytes, rightBytes);
        });
        Memory.keep(a, b, out);
    }

    @Override
    public void attention(Tensor q, Tensor k, Tensor v, Span[] spans, double scale, Tensor out) {
        Shapes.attention(q, k, v, spans, out);
        single(q);
        int heads = q.axis(1);
        long pairs = 0;
        for (Span span : spans) {
            pairs += (long) span.rows() * span.rows() / 2 * heads;
        }
        long nanos = pairs * (q.columns() + v.columns()) / MULTIPLICATIONS_PER_NANO;
        pool.run(spans.length * heads, 1, nanos, (from, to) -> {
            for (int i = from; i < to; i++) {
                Attention.compute(q, k, v, spans[i / heads], i % heads, scale, out);
            }
        });
        Memory.keep(q, k, v, out);
    }

    @Override
    public void store(Tensor rows, Span[] spans, Tensor cache) {
        Shapes.store(rows, spans, cache);
        single(rows);
        int columns = rows.columns();
        int positions = cache.axis(1);
        long to = Memory.address(cache);
        float[] row = Scratch.mine().inputs(columns);
        for (Span span : spans) {
            for (int i = 0; i < span.rows(); i++) {
                int position = span.position() + i;
                long target = (long) span.pages()[position / positions] * positions + position % positions;
                long source = Memory.address(rows) + (span.firstRow() + i) * rows.rowBytes();
                if (cache.type() == DType.F32) {
                    Memory.copy(source, to + target * cache.rowBytes(), cache.rowBytes());
                } else {
                    Memory.read(source, row, 0, columns);
                    cache.type().format().encode(row, 0, columns, cache.data(), target * cache.rowBytes());
                }
            }
        }
        Memory.keep(rows, cache);
    }

    @Override
    public void cachedAttention(Tensor q, Tensor cache, CachedHeads heads, Span[] spans, double scale, Tensor out) {
        Shapes.cachedAttention(q, cache, heads, spans, out);
        single(q);
        int share = q.axis(1) / heads.count();
        int items = spans.length * heads.count();
        // Threads that find no key-value head of their own take a part of another's query heads.
        int chunks = Math.min(share, Math.ceilDiv(pool.threads(), Math.max(1, items)));
        long pairs = 0;
        for (Span span : spans) {
            pairs += (long) span.rows() * span.end() * q.axis(1);
        }
        long nanos = pairs * (heads.keyWidth() + heads.valueWidth()) / WEIGHTS_PER_NANO;
        pool.run(items * chunks, 1, nanos, (from, to) -> {
            CachedAttention attention = new CachedAttention(q, cache, heads, scale, out);
            for (int i = from; i < to; i++) {
                int chunk = i % chunks;
                int group = i / chunks % heads.count();
                Span span = spans[i / chunks / heads.count()];
                int first = group * share;
                attention.compute(span, group, first + share * chunk / chunks, first + share * (chunk + 1) / chunks);
            }
        });
        Memory.keep(q, cache, out);
    }

    @Override
    public void gate(Tensor logits, Tensor bias, GateRule rule, int[] experts, Tensor weights) {
        Shapes.gate(logits, bias, rule, experts, weights);
        double[] offsets = new double[logits.columns()];
        for (int e = 0; e < offsets.length; e++) {
            offsets[e] = bias.get(e);
        }
        GateRows.compute(
                logits, rule, weights, pool, (gate, row, at, values) -> gate.choose(row, offsets, experts, at, values));
    }

    @Override
    public void weigh(Tensor logits, int[] experts, GateRule rule, Tensor weights) {
        Shapes.weigh(logits, experts, rule, weights);
        GateRows.compute(logits, rule, weights, pool, (gate, row, at, values) -> gate.weigh(row, experts, at, values));
    }

    @Override
    public void combine(Tensor y, ExpertDispatch dispatch, Tensor weights, Tensor out) {
        Shapes.combine(y, dispatch, weights, out);
        single(y);
        int columns = y.columns();
        int chosen = dispatch.chosen();
        long bytes = y.rowBytes();
        long from = Memory.address(y);
        long scale = Memory.address(weights);
        long to = Memory.address(out);
        each(out.rows(), columns * (chosen + 1), t -> {
            long target = to + t * bytes;
            Memory.zero(target, bytes);
            for (int j = 0; j < chosen; j++) {
                int pair = t * chosen + j;
                float weight = Memory.getFloat(scale + (long) pair * Float.BYTES);
                RowLoops.addScaled(from + dispatch.rowOf()[pair] * bytes, weight, target, columns);
            }
        });
        Memory.keep(y, weights, out);
    }

    @Override
    public HyperKernels hyper() {
        return hyper;
    }

    @Override
    public SparseKernels sparse() {
        return sparse;
    }

    private interface Row {
        void compute(int row);
    }

    /// Rows one by one, shared out where there are enough numbers.
    private void each(int rows, int numbers, Row work) {
        pool.run(rows, 1, (long) rows * numbers / NUMBERS_PER_NANO, (from, to) -> {
            for (int r = from; r < to; r++) {
                work.compute(r);
            }
        });
    }

    private interface Chunk {
        /// `count` numbers from byte `at`.
        void compute(long at, long count);
    }

    /// Numbers in chunks of 4096, `effort` times as dear as a copy.
    private void eachChunk(long elements, int effort, Chunk work) {
        int chunk = 4096;
        int chunks = Math.toIntExact(Math.ceilDiv(elements, (long) chunk));
        pool.run(chunks, 1, elements * effort / NUMBERS_PER_NANO, (from, to) -> {
            long first = (long) from * chunk;
            work.compute(first * Float.BYTES, Math.min(elements, (long) to * chunk) - first);
        });
    }

    static void single(Tensor x) {
        if (x.type() != DType.F32) {
            throw new IllegalArgumentException(
                    "The vector kernels compute in F32, but were given %s; use ScalarKernels for F64".formatted(x));
        }
    }
}
