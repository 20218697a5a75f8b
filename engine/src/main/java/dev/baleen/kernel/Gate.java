package dev.baleen.kernel;

import java.util.Arrays;

/// The choice of experts for one token at a time, in double precision: [GateRule] step by step.
///
/// Both kinds of kernels use it: a token has a few hundred logits against millions of multiplications in the experts,
/// and a choice that two implementations round differently would be a different network.
final class Gate {
    private final GateRule rule;
    private final double[] scores;
    private final double[] selection;
    private final double[] groupScores;

    Gate(GateRule rule, int experts) {
        this.rule = rule;
        scores = new double[experts];
        selection = new double[experts];
        groupScores = new double[rule.groups()];
    }

    /// Writes the chosen experts to `experts[at..]`, best first, and their weights to `weights`.
    void choose(double[] logits, double[] bias, int[] experts, int at, double[] weights) {
        score(logits);
        for (int e = 0; e < scores.length; e++) {
            selection[e] = scores[e] + bias[e];
        }
        if (rule.groupsKept() < rule.groups()) {
            dropGroups();
        }
        for (int j = 0; j < rule.chosen(); j++) {
            int best = indexOfLargest(selection);
            selection[best] = Double.NEGATIVE_INFINITY;
            experts[at + j] = best;
        }
        weigh(experts, at, weights);
    }

    /// Writes the weights of the experts at `experts[at..]`, however they were chosen, to `weights`.
    void weigh(double[] logits, int[] experts, int at, double[] weights) {
        score(logits);
        weigh(experts, at, weights);
    }

    private void weigh(int[] experts, int at, double[] weights) {
        double sum = 0;
        for (int j = 0; j < rule.chosen(); j++) {
            weights[j] = scores[experts[at + j]];
            sum += weights[j];
        }
        double factor = rule.normalise() ? rule.scale() / (sum + 1e-20) : rule.scale();
        for (int j = 0; j < rule.chosen(); j++) {
            weights[j] *= factor;
        }
    }

    private void score(double[] logits) {
        switch (rule.scoring()) {
            case SOFTMAX -> {
                double largest = Arrays.stream(logits).max().orElseThrow();
                double total = 0;
                for (int e = 0; e < scores.length; e++) {
                    scores[e] = Math.exp(logits[e] - largest);
                    total += scores[e];
                }
                for (int e = 0; e < scores.length; e++) {
                    scores[e] /= total;
                }
            }
            case SIGMOID -> {
                for (int e = 0; e < scores.length; e++) {
                    scores[e] = 1 / (1 + Math.exp(-logits[e]));
                }
            }
            case SQRT_SOFTPLUS -> {
                for (int e = 0; e < scores.length; e++) {
                    scores[e] = sqrtSoftplus(logits[e]);
                }
            }
        }
    }

    /// √log(1 + eˣ), alike to the bit on every machine.
    static double sqrtSoftplus(double x) {
        return Math.sqrt(Math.max(x, 0) + StrictMath.log1p(StrictMath.exp(-Math.abs(x))));
    }

    /// The slope of [#sqrtSoftplus] where its value is `s`: sigmoid(x) / 2s, and sigmoid(x) = 1 − exp(−s²).
    static double sqrtSoftplusSlope(double s) {
        return s == 0 ? 0 : -StrictMath.expm1(-s * s) / (2 * s);
    }

    /// Leaves only the experts of the best groups to choose from.
    private void dropGroups() {
        int size = scores.length / rule.groups();
        for (int g = 0; g < rule.groups(); g++) {
            groupScores[g] = groupScore(g * size, size);
        }
        boolean[] kept = new boolean[rule.groups()];
        for (int i = 0; i < rule.groupsKept(); i++) {
            int best = indexOfLargest(groupScores);
            groupScores[best] = Double.NEGATIVE_INFINITY;
            kept[best] = true;
        }
        for (int e = 0; e < scores.length; e++) {
            if (!kept[e / size]) {
                selection[e] = Double.NEGATIVE_INFINITY;
            }
        }
    }

    private double groupScore(int from, int size) {
        double first = Double.NEGATIVE_INFINITY;
        double second = Double.NEGATIVE_INFINITY;
        for (int e = from; e < from + size; e++) {
            if (selection[e] > first) {
                second = first;
                first = selection[e];
            } else if (selection[e] > second) {
                second = selection[e];
            }
        }
        return switch (rule.groupScore()) {
            case BEST -> first;
            case SUM_OF_BEST_TWO -> size > 1 ? first + second : first;
        };
    }

    /// The first of the largest.
    private static int indexOfLargest(double[] values) {
        int best = 0;
        for (int i = 1; i < values.length; i++) {
            if (values[i] > values[best]) {
                best = i;
            }
        }
        return best;
    }
}
