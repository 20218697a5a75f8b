package dev.baleen.kernel;

import dev.baleen.tensor.Tensor;

/// The specification of [HyperKernels]: plain loops in double precision.
final class ScalarHyperKernels implements HyperKernels {
    @Override
    public void weights(Tensor mix, Tensor scale, Tensor base, HyperRule rule, Tensor out) {
        HyperShapes.weights(mix, scale, base, rule, out);
        double[] scales = ScalarKernels.row(scale.reshape(1, rule.parts()), 0);
        double[] bases = ScalarKernels.row(base.reshape(1, rule.width()), 0);
        HyperWeights weights = new HyperWeights(rule);
        double[] row = new double[rule.width()];
        for (int t = 0; t < mix.rows(); t++) {
            weights.forward(ScalarKernels.row(mix, t), scales, bases, row);
            ScalarKernels.writeRow(row, out, t);
        }
    }

    @Override
    public void collapse(Tensor streams, Tensor weights, Tensor out) {
        HyperShapes.collapse(streams, weights, out);
        int n = streams.axis(1);
        for (int t = 0; t < out.rows(); t++) {
            double[] sum = new double[out.columns()];
            for (int i = 0; i < n; i++) {
                addScaled(ScalarKernels.row(streams, t * n + i), weight(weights, t, i), sum);
            }
            ScalarKernels.writeRow(sum, out, t);
        }
    }

    @Override
    public void spread(Tensor y, Tensor streams, Tensor weights, Tensor out) {
        HyperShapes.spread(y, streams, weights, out);
        int n = streams.axis(1);
        for (int t = 0; t < y.rows(); t++) {
            for (int j = 0; j < n; j++) {
                double[] sum = new double[y.columns()];
                addScaled(ScalarKernels.row(y, t), weight(weights, t, n + j), sum);
                for (int i = 0; i < n; i++) {
                    addScaled(ScalarKernels.row(streams, t * n + i), weight(weights, t, 2 * n + i * n + j), sum);
                }
                ScalarKernels.writeRow(sum, out, t * n + j);
            }
        }
    }

    private static double weight(Tensor weights, int t, int column) {
        return weights.get((long) t * weights.columns() + column);
    }

    private static void addScaled(double[] row, double factor, double[] sum) {
        for (int c = 0; c < sum.length; c++) {
            sum[c] += factor * row[c];
        }
    }
}
