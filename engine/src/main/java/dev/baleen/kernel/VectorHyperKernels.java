package dev.baleen.kernel;

import dev.baleen.tensor.Tensor;

/// [HyperKernels] in single precision with the Vector API, shared out over a pool of threads by rows.
///
/// Weights are computed in double precision by [HyperWeights]. Collapsing reads N rows and writes one, spreading reads
/// N + 1 and writes N, with one multiply-add for each pair: the caches bound it.
final class VectorHyperKernels implements HyperKernels {
    private static final int NUMBERS_PER_NANO = 4;
    /// Twenty iterations of Sinkhorn's method for one number.
    private static final int WEIGHT_NANOS = 50;

    private final ComputePool pool;

    VectorHyperKernels(ComputePool pool) {
        this.pool = pool;
    }

    @Override
    public void weights(Tensor mix, Tensor scale, Tensor base, HyperRule rule, Tensor out) {
        HyperShapes.weights(mix, scale, base, rule, out);
        VectorKernels.single(mix);
        int width = rule.width();
        double[] scales = ScalarKernels.row(scale.reshape(1, rule.parts()), 0);
        double[] bases = ScalarKernels.row(base.reshape(1, width), 0);
        long from = Memory.address(mix);
        long to = Memory.address(out);
        pool.run(mix.rows(), 1, mix.elements() * WEIGHT_NANOS, (first, last) -> {
            HyperWeights weights = new HyperWeights(rule);
            double[] row = new double[width];
            double[] result = new double[width];
            for (int t = first; t < last; t++) {
                long at = (long) t * width * Float.BYTES;
                for (int i = 0; i < width; i++) {
                    row[i] = Memory.getFloat(from + at + (long) i * Float.BYTES);
                }
                weights.forward(row, scales, bases, result);
                for (int i = 0; i < width; i++) {
                    Memory.putFloat(to + at + (long) i * Float.BYTES, (float) result[i]);
                }
            }
        });
        Memory.keep(mix, scale, base, out);
    }

    @Override
    public void collapse(Tensor streams, Tensor weights, Tensor out) {
        HyperShapes.collapse(streams, weights, out);
        VectorKernels.single(streams);
        int n = streams.axis(1);
        int columns = out.columns();
        long bytes = out.rowBytes();
        pool.run(out.rows(), 1, streams.elements() / NUMBERS_PER_NANO, (from, to) -> {
            for (int t = from; t < to; t++) {
                long target = Memory.address(out) + t * bytes;
                long source = Memory.address(streams) + t * n * bytes;
                long weight = Memory.address(weights) + t * weights.rowBytes();
                RowLoops.scale(source, Memory.getFloat(weight), target, columns);
                for (int i = 1; i < n; i++) {
                    float factor = Memory.getFloat(weight + (long) i * Float.BYTES);
                    RowLoops.addScaled(source + i * bytes, factor, target, columns);
                }
            }
        });
        Memory.keep(streams, weights, out);
    }

    @Override
    public void spread(Tensor y, Tensor streams, Tensor weights, Tensor out) {
        HyperShapes.spread(y, streams, weights, out);
        VectorKernels.single(y);
        int n = streams.axis(1);
        int columns = y.columns();
        long bytes = y.rowBytes();
        pool.run(y.rows(), 1, streams.elements() * n / NUMBERS_PER_NANO, (from, to) -> {
            for (int t = from; t < to; t++) {
                long source = Memory.address(streams) + t * n * bytes;
                long weight = Memory.address(weights) + t * weights.rowBytes();
                for (int j = 0; j < n; j++) {
                    long target = Memory.address(out) + (t * n + j) * bytes;
                    float own = Memory.getFloat(weight + (long) (n + j) * Float.BYTES);
                    RowLoops.scale(Memory.address(y) + t * bytes, own, target, columns);
                    for (int i = 0; i < n; i++) {
                        float factor = Memory.getFloat(weight + (long) (2 * n + i * n + j) * Float.BYTES);
                        RowLoops.addScaled(source + i * bytes, factor, target, columns);
                    }
                }
            }
        });
        Memory.keep(y, streams, weights, out);
    }
}
