package dev.baleen.kernel;

import dev.baleen.tensor.Tensor;

/// [HyperGradientKernels] in single precision with the Vector API, on one thread.
final class VectorHyperGradientKernels implements HyperGradientKernels {
    private static final int FLOAT = Float.BYTES;

    private final float[] parts = new float[GradientLoops.PARTS];

    @Override
    public void weights(
            Tensor dout,
            Tensor mix,
            Tensor scale,
            Tensor base,
            HyperRule rule,
            Tensor dmix,
            Tensor dscale,
            Tensor dbase) {
        VectorGradientKernels.single(dout);
        HyperGradients.weights(dout, mix, scale, base, rule, dmix, dscale, dbase);
    }

    @Override
    public void collapse(Tensor dout, Tensor streams, Tensor weights, Tensor dstreams, Tensor dweights) {
        HyperShapes.collapse(streams, weights, dout);
        HyperShapes.gradients("collapse", streams, dstreams, weights, dweights);
        VectorGradientKernels.single(dout);
        int n = streams.axis(1);
        for (int t = 0; t < dout.rows(); t++) {
            for (int i = 0; i < n; i++) {
                pair(dout, t, streams, t * n + i, weights, offset(weights, t, i), dstreams, dweights);
            }
        }
        Memory.keep(dout, streams, weights, dstreams, dweights);
    }

    @Override
    public void spread(
            Tensor dout, Tensor y, Tensor streams, Tensor weights, Tensor dy, Tensor dstreams, Tensor dweights) {
        HyperShapes.spread(y, streams, weights, dout);
        HyperShapes.gradients("spread", y, dy, streams, dstreams, weights, dweights);
        VectorGradientKernels.single(dout);
        int n = streams.axis(1);
        for (int t = 0; t < y.rows(); t++) {
            for (int j = 0; j < n; j++) {
                pair(dout, t * n + j, y, t, weights, offset(weights, t, n + j), dy, dweights);
                for (int i = 0; i < n; i++) {
                    long weight = offset(weights, t, 2 * n + i * n + j);
                    pair(dout, t * n + j, streams, t * n + i, weights, weight, dstreams, dweights);
                }
            }
        }
        Memory.keep(dout, y, streams, weights, dy, dstreams, dweights);
    }

    private static long offset(Tensor weights, int t, int column) {
        return t * weights.rowBytes() + (long) column * FLOAT;
    }

    /// Back through out += weight · x, for one row.
    private void pair(
            Tensor dout, int outRow, Tensor x, int xRow, Tensor weights, long weight, Tensor dx, Tensor dweights) {
        long change = Memory.address(dout) + outRow * dout.rowBytes();
        long row = xRow * x.rowBytes();
        float factor = Memory.getFloat(Memory.address(weights) + weight);
        GradientLoops.addScaled(factor, change, Memory.address(dx) + row, x.columns());
        float product = GradientLoops.dot(change, Memory.address(x) + row, x.columns(), parts);
        long target = Memory.address(dweights) + weight;
        Memory.putFloat(target, Memory.getFloat(target) + product);
    }
}
