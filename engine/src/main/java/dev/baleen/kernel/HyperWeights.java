package dev.baleen.kernel;

import java.util.Arrays;

/// [HyperRule] for one row at a time, forward and backward, in double precision: a few dozen numbers.
///
/// Both kinds of kernels use it. The way back through the normalisations needs their results, so they are kept.
final class HyperWeights {
    private final HyperRule rule;
    private final int n;
    /// The matrix after the softmax and after each normalisation, and the sums that were divided by.
    private final double[][] steps;

    private final double[][] sums;
    private final double[] softmax;
    private final double[] change;

    HyperWeights(HyperRule rule) {
        this.rule = rule;
        n = rule.streams();
        int normalisations = Math.max(0, 2 * rule.iterations() - 1);
        steps = new double[normalisations + 1][n * n];
        sums = new double[normalisations][n];
        softmax = new double[n * n];
        change = new double[n * n];
    }

    /// Weights of one row of logits.
    void forward(double[] mix, double[] scale, double[] base, double[] out) {
        for (int i = 0; i < Math.min(2 * n, out.length); i++) {
            double s = sigmoid(mix[i] * scale[rule.part(i)] + base[i]);
            out[i] = i < n ? s + rule.epsilon() : 2 * s;
        }
        if (rule.iterations() == 0) {
            return;
        }
        for (int i = 0; i < n; i++) {
            softmax(mix, scale[2], base, i);
        }
        for (int k = 0; k < sums.length; k++) {
            normalise(k);
        }
        System.arraycopy(steps[sums.length], 0, out, 2 * n, n * n);
    }

    private void softmax(double[] mix, double scale, double[] base, int row) {
        double largest = Double.NEGATIVE_INFINITY;
        for (int i = row * n; i < (row + 1) * n; i++) {
            softmax[i] = mix[2 * n + i] * scale + base[2 * n + i];
            largest = Math.max(largest, softmax[i]);
        }
        double sum = 0;
        for (int i = row * n; i < (row + 1) * n; i++) {
            softmax[i] = Math.exp(softmax[i] - largest);
            sum += softmax[i];
        }
        for (int i = row * n; i < (row + 1) * n; i++) {
            softmax[i] /= sum;
            steps[0][i] = softmax[i] + rule.epsilon();
        }
    }

    /// Step `k` divides columns if it is even, else rows.
    private void normalise(int k) {
        Arrays.fill(sums[k], rule.epsilon());
        for (int i = 0; i < n * n; i++) {
            sums[k][line(k, i)] += steps[k][i];
        }
        for (int i = 0; i < n * n; i++) {
            steps[k + 1][i] = steps[k][i] / sums[k][line(k, i)];
        }
    }

    private int line(int k, int i) {
        return k % 2 == 0 ? i % n : i / n;
    }

    /// Adds to the gradients of logits, scales and bases, given that of the weights.
    void backward(
            double[] dout,
            double[] mix,
            double[] scale,
            double[] base,
            double[] dmix,
            double[] dscale,
            double[] dbase) {
        for (int i = 0; i < Math.min(2 * n, dout.length); i++) {
            double s = sigmoid(mix[i] * scale[rule.part(i)] + base[i]);
            add(i, dout[i] * (i < n ? 1 : 2) * s * (1 - s), mix, scale, dmix, dscale, dbase);
        }
        if (rule.iterations() == 0) {
            return;
        }
        forward(mix, scale, base, new double[rule.width()]);
        System.arraycopy(dout, 2 * n, change, 0, n * n);
        for (int k = sums.length - 1; k >= 0; k--) {
            unnormalise(k);
        }
        for (int row = 0; row < n; row++) {
            double mean = 0;
            for (int i = row * n; i < (row + 1) * n; i++) {
                mean += change[i] * softmax[i];
            }
            for (int i = row * n; i < (row + 1) * n; i++) {
                add(2 * n + i, softmax[i] * (change[i] - mean), mix, scale, dmix, dscale, dbase);
            }
        }
    }

    /// y = x / s with s the sum of x over a line: dx = (dy − Σ dy · y) / s.
    private void unnormalise(int k) {
        double[] means = new double[n];
        for (int i = 0; i < n * n; i++) {
            means[line(k, i)] += change[i] * steps[k + 1][i];
        }
        for (int i = 0; i < n * n; i++) {
            change[i] = (change[i] - means[line(k, i)]) / sums[k][line(k, i)];
        }
    }

    private void add(
            int i, double slope, double[] mix, double[] scale, double[] dmix, double[] dscale, double[] dbase) {
        dmix[i] += slope * scale[rule.part(i)];
        dscale[rule.part(i)] += slope * mix[i];
        dbase[i] += slope;
    }

    private static double sigmoid(double x) {
        return 1 / (1 + Math.exp(-x));
    }
}
