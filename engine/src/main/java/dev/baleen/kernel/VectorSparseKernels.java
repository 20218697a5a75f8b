package dev.baleen.kernel;

import dev.baleen.dtype.DType;
import dev.baleen.tensor.Tensor;
import java.util.Optional;

/// [SparseKernels] in single precision with the Vector API, shared out over a pool of threads.
///
/// This file checks, splits and hands over; the loops are in [TopRows], [SelectedAttention] and [RowLoops].
final class VectorSparseKernels implements SparseKernels {
    private static final int MULTIPLICATIONS_PER_NANO = 16;

    private final ComputePool pool;

    VectorSparseKernels(ComputePool pool) {
        this.pool = pool;
    }

    @Override
    public void topRows(Tensor q, Tensor weights, Tensor keys, Entries entries, Ties ties, Selection selection) {
        SparseShapes.topRows(q, weights, keys, entries, selection);
        VectorKernels.single(q);
        new TopRows(q, weights, keys, entries, ties, selection, pool).compute();
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
}
