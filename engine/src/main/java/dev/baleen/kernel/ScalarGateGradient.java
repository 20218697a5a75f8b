package dev.baleen.kernel;

import static dev.baleen.kernel.ScalarGradientKernels.add;
import static dev.baleen.kernel.ScalarGradientKernels.row;
import static dev.baleen.kernel.ScalarGradientKernels.sigmoid;
import static dev.baleen.kernel.ScalarGradientKernels.softmax;

import dev.baleen.tensor.Tensor;

/// The specification of the gate's gradients: plain loops in double precision.
final class ScalarGateGradient {
    private ScalarGateGradient() {}

    static void choice(Tensor dweights, Tensor logits, int[] experts, GateRule rule, Tensor dlogits) {
        int all = logits.columns();
        int chosen = rule.chosen();
        for (int t = 0; t < logits.rows(); t++) {
            double[] s = scores(logits, t, rule);
            double[] ds = new double[all];
            double sum = 0;
            double mixed = 0;
            for (int j = 0; j < chosen; j++) {
                double score = s[experts[t * chosen + j]];
                sum += score;
                mixed += dweights.get((long) t * chosen + j) * score;
            }
            sum += 1e-20;
            for (int j = 0; j < chosen; j++) {
                double dweight = dweights.get((long) t * chosen + j);
                double change = rule.normalise() ? (dweight - mixed / sum) / sum : dweight;
                ds[experts[t * chosen + j]] += rule.scale() * change;
            }
            addThroughScores(s, ds, rule, dlogits, t);
        }
    }

    /// The balance loss of one span, times `factor`.
    static double balance(Tensor logits, int[] experts, GateRule rule, Span span, double factor, Tensor dlogits) {
        int all = logits.columns();
        int chosen = rule.chosen();
        double[] frequency = new double[all];
        for (int pair = span.firstRow() * chosen; pair < (span.firstRow() + span.rows()) * chosen; pair++) {
            frequency[experts[pair]] += (double) all / ((double) chosen * span.rows());
        }
        double loss = 0;
        for (int t = span.firstRow(); t < span.firstRow() + span.rows(); t++) {
            double[] s = scores(logits, t, rule);
            double sum = 0;
            double mixed = 0;
            for (int e = 0; e < all; e++) {
                sum += s[e];
                mixed += s[e] * frequency[e];
            }
            loss += factor / span.rows() * mixed / sum;
            double[] ds = new double[all];
            for (int e = 0; e < all; e++) {
                ds[e] = factor / span.rows() * (frequency[e] - mixed / sum) / sum;
            }
            addThroughScores(s, ds, rule, dlogits, t);
        }
        return loss;
    }

    private static double[] scores(Tensor logits, int t, GateRule rule) {
        double[] s = row(logits, t);
        switch (rule.scoring()) {
            case SOFTMAX -> softmax(s);
            case SIGMOID -> {
                for (int e = 0; e < s.length; e++) {
                    s[e] = sigmoid(s[e]);
                }
            }
            case SQRT_SOFTPLUS -> {
                for (int e = 0; e < s.length; e++) {
                    s[e] = Gate.sqrtSoftplus(s[e]);
                }
            }
        }
        return s;
    }

    /// From the gradient of one token's scores to that of its logits.
    private static void addThroughScores(double[] s, double[] ds, GateRule rule, Tensor dlogits, int t) {
        double mean = 0;
        for (int e = 0; e < s.length; e++) {
            mean += ds[e] * s[e];
        }
        for (int e = 0; e < s.length; e++) {
            double change = switch (rule.scoring()) {
                case SOFTMAX -> s[e] * (ds[e] - mean);
                case SIGMOID -> ds[e] * s[e] * (1 - s[e]);
                case SQRT_SOFTPLUS -> ds[e] * Gate.sqrtSoftplusSlope(s[e]);
            };
            add(dlogits, (long) t * s.length + e, change);
        }
    }
}
