package dev.baleen.kernel;

import dev.baleen.tensor.Tensor;
import java.util.Arrays;

/// The gradients of the choice of experts, a token at a time: a few dozen numbers, not worth vectors.
///
/// Scores are computed in single precision with [VectorMath], all else in double.
final class GateGradient {
    private double[] scores = {};
    private double[] changes = {};
    private double[] frequencies = {};

    void choice(Tensor dweights, Tensor logits, int[] experts, GateRule rule, Tensor dlogits) {
        int all = logits.columns();
        int chosen = rule.chosen();
        reserve(all);
        for (int t = 0; t < logits.rows(); t++) {
            score(logits, t, rule);
            Arrays.fill(changes, 0, all, 0);
            long dweight = Memory.address(dweights) + (long) t * chosen * Float.BYTES;
            double sum = 1e-20;
            double mixed = 0;
            for (int j = 0; j < chosen; j++) {
                double score = scores[experts[t * chosen + j]];
                sum += score;
                mixed += Memory.getFloat(dweight + (long) j * Float.BYTES) * score;
            }
            for (int j = 0; j < chosen; j++) {
                double change = Memory.getFloat(dweight + (long) j * Float.BYTES);
                if (rule.normalise()) {
                    change = (change - mixed / sum) / sum;
                }
                changes[experts[t * chosen + j]] += rule.scale() * change;
            }
            addThroughScores(rule, dlogits, t);
        }
        Memory.keep(dweights, logits, dlogits);
    }

    /// The loss of one span, times `factor`.
    double balance(Tensor logits, int[] experts, GateRule rule, Span span, double factor, Tensor dlogits) {
        int all = logits.columns();
        int chosen = rule.chosen();
        int end = span.firstRow() + span.rows();
        reserve(all);
        Arrays.fill(frequencies, 0, all, 0);
        for (int pair = span.firstRow() * chosen; pair < end * chosen; pair++) {
            frequencies[experts[pair]] += (double) all / ((double) chosen * span.rows());
        }
        double loss = 0;
        for (int t = span.firstRow(); t < end; t++) {
            score(logits, t, rule);
            double sum = 0;
            double mixed = 0;
            for (int e = 0; e < all; e++) {
                sum += scores[e];
                mixed += scores[e] * frequencies[e];
            }
            loss += factor / span.rows() * mixed / sum;
            for (int e = 0; e < all; e++) {
                changes[e] = factor / span.rows() * (frequencies[e] - mixed / sum) / sum;
            }
            addThroughScores(rule, dlogits, t);
        }
        Memory.keep(logits, dlogits);
        return loss;
    }

    private void score(Tensor logits, int t, GateRule rule) {
        int all = logits.columns();
        long row = Memory.address(logits) + (long) t * all * Float.BYTES;
        switch (rule.scoring()) {
            case SIGMOID -> {
                for (int e = 0; e < all; e++) {
                    scores[e] = VectorMath.sigmoid(Memory.getFloat(row + (long) e * Float.BYTES));
                }
            }
            case SQRT_SOFTPLUS -> {
                for (int e = 0; e < all; e++) {
                    scores[e] = Gate.sqrtSoftplus(Memory.getFloat(row + (long) e * Float.BYTES));
                }
            }
            case SOFTMAX -> {
                float max = Float.NEGATIVE_INFINITY;
                for (int e = 0; e < all; e++) {
                    max = Math.max(max, Memory.getFloat(row + (long) e * Float.BYTES));
                }
                double sum = 0;
                for (int e = 0; e < all; e++) {
                    scores[e] = VectorMath.exp(Memory.getFloat(row + (long) e * Float.BYTES) - max);
                    sum += scores[e];
                }
                for (int e = 0; e < all; e++) {
                    scores[e] /= sum;
                }
            }
        }
    }

    private void addThroughScores(GateRule rule, Tensor dlogits, int t) {
        int all = dlogits.columns();
        long row = Memory.address(dlogits) + (long) t * all * Float.BYTES;
        double mean = 0;
        for (int e = 0; e < all; e++) {
            mean += changes[e] * scores[e];
        }
        for (int e = 0; e < all; e++) {
            double slope = switch (rule.scoring()) {
                case SOFTMAX -> scores[e] * (changes[e] - mean);
                case SIGMOID -> changes[e] * scores[e] * (1 - scores[e]);
                case SQRT_SOFTPLUS -> changes[e] * Gate.sqrtSoftplusSlope(scores[e]);
            };
            long at = row + (long) e * Float.BYTES;
            Memory.putFloat(at, (float) (Memory.getFloat(at) + slope));
        }
    }

    private void reserve(int experts) {
        if (scores.length < experts) {
            scores = new double[experts];
            changes = new double[experts];
            frequencies = new double[experts];
        }
    }
}
