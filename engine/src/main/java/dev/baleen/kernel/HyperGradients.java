package dev.baleen.kernel;

import dev.baleen.tensor.Tensor;

/// What both kinds of gradient kernels share: the way back through [HyperWeights], in double precision.
final class HyperGradients {
    private HyperGradients() {}

    static void weights(
            Tensor dout,
            Tensor mix,
            Tensor scale,
            Tensor base,
            HyperRule rule,
            Tensor dmix,
            Tensor dscale,
            Tensor dbase) {
        HyperShapes.weights(mix, scale, base, rule, dout);
        HyperShapes.gradients("weights", mix, dmix, scale, dscale, base, dbase);
        double[] scales = ScalarKernels.row(scale.reshape(1, rule.parts()), 0);
        double[] bases = ScalarKernels.row(base.reshape(1, rule.width()), 0);
        double[] dscales = new double[rule.parts()];
        double[] dbases = new double[rule.width()];
        HyperWeights weights = new HyperWeights(rule);
        for (int t = 0; t < mix.rows(); t++) {
            double[] changes = new double[rule.width()];
            weights.backward(
                    ScalarKernels.row(dout, t), ScalarKernels.row(mix, t), scales, bases, changes, dscales, dbases);
            add(changes, dmix, (long) t * rule.width());
        }
        add(dscales, dscale, 0);
        add(dbases, dbase, 0);
    }

    private static void add(double[] changes, Tensor target, long at) {
        for (int i = 0; i < changes.length; i++) {
            target.set(at + i, target.get(at + i) + changes[i]);
        }
    }
}
