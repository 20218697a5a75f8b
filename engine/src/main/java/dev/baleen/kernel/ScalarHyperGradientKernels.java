package dev.baleen.kernel;

import static dev.baleen.kernel.ScalarGradientKernels.add;
import static dev.baleen.kernel.ScalarGradientKernels.dot;

import dev.baleen.tensor.Tensor;

/// The specification of [HyperGradientKernels]: plain loops in double precision.
final class ScalarHyperGradientKernels implements HyperGradientKernels {
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
        HyperGradients.weights(dout, mix, scale, base, rule, dmix, dscale, dbase);
    }

    @Override
    public void collapse(Tensor dout, Tensor streams, Tensor weights, Tensor dstreams, Tensor dweights) {
        HyperShapes.collapse(streams, weights, dout);
        HyperShapes.gradients("collapse", streams, dstreams, weights, dweights);
        int n = streams.axis(1);
        for (int t = 0; t < dout.rows(); t++) {
            for (int i = 0; i < n; i++) {
                pair(dout, t, streams, t * n + i, weights, index(weights, t, i), dstreams, dweights);
            }
        }
    }

    @Override
    public void spread(
            Tensor dout, Tensor y, Tensor streams, Tensor weights, Tensor dy, Tensor dstreams, Tensor dweights) {
        HyperShapes.spread(y, streams, weights, dout);
        HyperShapes.gradients("spread", y, dy, streams, dstreams, weights, dweights);
        int n = streams.axis(1);
        for (int t = 0; t < y.rows(); t++) {
            for (int j = 0; j < n; j++) {
                pair(dout, t * n + j, y, t, weights, index(weights, t, n + j), dy, dweights);
                for (int i = 0; i < n; i++) {
                    long weight = index(weights, t, 2 * n + i * n + j);
                    pair(dout, t * n + j, streams, t * n + i, weights, weight, dstreams, dweights);
                }
            }
        }
    }

    private static long index(Tensor weights, int t, int column) {
        return (long) t * weights.columns() + column;
    }

    /// Back through out += weight · x, for one row.
    private static void pair(
            Tensor dout, int outRow, Tensor x, int xRow, Tensor weights, long weight, Tensor dx, Tensor dweights) {
        int columns = x.columns();
        long out = (long) outRow * columns;
        long row = (long) xRow * columns;
        for (int c = 0; c < columns; c++) {
            add(dx, row + c, weights.get(weight) * dout.get(out + c));
        }
        add(dweights, weight, dot(dout, out, x, row, columns));
    }
}
