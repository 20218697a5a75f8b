package dev.baleen.kernel;

import dev.baleen.dtype.DType;
import dev.baleen.kernel.Pooling.Run;
import dev.baleen.tensor.Tensor;
import java.util.Optional;

/// [SparseKernels] in single precision with the Vector API, shared out over a pool of threads.
///
/// This file checks, splits and hands over; the loops are in [TopRows], [SelectedAttention] and [RowLoops].
final class VectorSparseKernels implements SparseKernels {
    private static final int MULTIPLICATIONS_PER_NANO = 16;
    private static final int POOL_NANOS = 1;

    private final ComputePool pool;

    VectorSparseKernels(ComputePool pool) {
        this.pool = pool;
    }

    @Override
    public void topRows(
            Tensor q, Tensor weights, Tensor keys, Entries entries, Ties ties, int positions, Selection selection) {
        SparseShapes.topRows(q, weights, keys, entries, selection);
        VectorKernels.single(q);
        new TopRows(q, weights, keys, entries, ties, positions, selection, pool).compute();
        Memory.keep(q, weights, keys);
    }

    @Override
    public void selectedAttention(
            Tensor q, Tensor[] sources, Selection selection, Optional<Tensor> sinks, double scale, Tensor out) {
        SparseShapes.selectedAttention(q, sources, selection, sinks, out);
        VectorKernels.single(q);
        int heads = q.axis(1);
        int queries = selection.queries();
        // Threads that find no query of their own take a part of another's heads.
        int chunks = Math.min(heads, Math.ceilDiv(pool.threads(), Math.max(1, queries)));
        long pairs = (long) selection.rows().length * heads;
        long nanos = pairs * (q.columns() + out.columns()) / MULTIPLICATIONS_PER_NANO;
        pool.run(queries * chunks, 1, nanos, (from, to) -> {
            SelectedAttention attention = new SelectedAttention(q, sources, selection, sinks, scale, out);
            for (int i = from; i < to; i++) {
                int chunk = i % chunks;
                attention.compute(i / chunks, heads * chunk / chunks, heads * (chunk + 1) / chunks);
            }
        });
        Memory.keep(q, out);
        Memory.keep(sources);
        sinks.ifPresent(Memory::keep);
    }

    @Override
    public void storeRows(Tensor rows, int[] targets, Tensor cache) {
        SparseShapes.storeRows(rows, targets, cache);
        VectorKernels.single(rows);
        int columns = rows.columns();
        long bytes = cache.rowBytes();
        float[] row = Scratch.mine().inputs(columns);
        for (int i = 0; i < targets.length; i++) {
            long source = Memory.address(rows) + i * rows.rowBytes();
            if (cache.type() == DType.F32) {
                Memory.copy(source, Memory.address(cache) + targets[i] * bytes, bytes);
            } else {
                Memory.read(source, row, 0, columns);
                cache.type().format().encode(row, 0, columns, cache.data(), targets[i] * bytes);
            }
        }
        Memory.keep(rows, cache);
    }

    @Override
    public void recall(Tensor rows, RecentRows recent, Tensor memory, Tensor out) {
        SparseShapes.recall(rows, recent, memory, out);
        VectorKernels.single(rows);
        long bytes = rows.rowBytes();
        int positions = memory.axis(1);
        long to = Memory.address(out);
        for (int i = 0; i < recent.spans().length; i++) {
            Span span = recent.spans()[i];
            long place = Memory.address(memory) + (long) span.slot() * positions * bytes;
            long past = to + recent.first(i) * bytes;
            for (int p = span.position() - recent.past(i); p < span.position(); p++) {
                Memory.copy(place + p % positions * bytes, past, bytes);
                past += bytes;
            }
            long own = Memory.address(rows) + span.firstRow() * bytes;
            Memory.copy(own, past, span.rows() * bytes);
            for (int p = Math.max(span.position(), span.end() - positions); p < span.end(); p++) {
                Memory.copy(own + (p - span.position()) * bytes, place + p % positions * bytes, bytes);
            }
        }
        Memory.keep(rows, memory, out);
    }

    @Override
    public void pool(Tensor values, Tensor gates, Tensor bias, Windows windows, Tensor out) {
        SparseShapes.pool(values, gates, bias, windows, out);
        VectorKernels.single(values);
        Pooling pooling = new Pooling(out.columns(), values.rowBytes(), windows.ratio());
        long numbers = (long) windows.count() * windows.ratio() * values.columns();
        pool.run(windows.count(), 1, numbers * POOL_NANOS, (from, to) -> {
            for (int e = from; e < to; e++) {
                Run before = run(windows.before()[e], 0, values, gates, bias);
                Run own = run(windows.first()[e], windows.overlap() ? out.columns() : 0, values, gates, bias);
                pooling.forward(before, own, Memory.address(out) + e * out.rowBytes());
            }
        });
        Memory.keep(values, gates, bias, out);
    }

    /// The run of rows from `row`, or none if that is negative, at the columns from `column`.
    static Run run(int row, int column, Tensor values, Tensor gates, Tensor bias) {
        long at = Math.max(0, row) * values.rowBytes() + (long) column * Float.BYTES;
        return new Run(
                row >= 0,
                Memory.address(values) + at,
                Memory.address(gates) + at,
                Memory.address(bias) + (long) column * Float.BYTES);
    }
}
