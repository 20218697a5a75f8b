package dev.baleen.dtype;

/// How much the error of each number counts when scales are chosen.
///
/// Large weights of a network matter more than their number: rounding all of them equally well gives a lower error in
/// the weights and a worse model. So an error counts by the size of the number too, which llama.cpp's k-quants
/// found by experiment (pull request 1684 there), and much less steeply than by its square.
final class Weighting {
    /// No column counts for less than a thousandth of the mean: one that the calibration text never met may be met
    /// yet.
    private static final double LEAST = 1e-3;

    private Weighting() {}

    /// For a block of which nothing is known but its numbers: root mean square plus magnitude.
    static float[] byMagnitude(float[] x, int from, int count) {
        float typical = (float) Math.sqrt(meanSquare(x, from, count));
        float[] weights = new float[count];
        for (int i = 0; i < count; i++) {
            weights[i] = typical + Math.abs(x[from + i]);
        }
        return weights;
    }

    /// For a row whose columns' importance is known: that, times the magnitude, below the root mean square evened
    /// out. Only proportions count; a row without any importance has the weights of the other rule.
    static float[] byImportance(float[] x, int from, int count, float[] importance, int importanceFrom) {
        double total = 0;
        for (int i = importanceFrom; i < importanceFrom + count; i++) {
            total += importance[i];
        }
        if (total == 0) {
            return byMagnitude(x, from, count);
        }
        double meanSquare = meanSquare(x, from, count);
        float[] weights = new float[count];
        for (int i = 0; i < count; i++) {
            double size = Math.sqrt(meanSquare + (double) x[from + i] * x[from + i]);
            double ofMean = importance[importanceFrom + i] / total * count;
            weights[i] = (float) (Math.max(ofMean, LEAST) * size);
        }
        return weights;
    }

    private static double meanSquare(float[] x, int from, int count) {
        double sum = 0;
        for (int i = from; i < from + count; i++) {
            sum += (double) x[i] * x[i];
        }
        return sum / count;
    }
}
