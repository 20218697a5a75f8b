package dev.baleen.dtype;

/// Finds the scale, or the scale and the minimum, with which small whole numbers stand for given numbers best: the
/// least sum of `weight * error²`.
///
/// For given whole numbers the best scale is a linear regression, and for a given scale the best whole numbers are
/// the nearest ones. So a range of scales around the obvious one is tried: each rounds the numbers, the regression
/// gives the scale and the error that this rounding can reach, and the best of them wins. The range is wide enough to
/// let the largest number be cut off where that serves the others.
///
/// The inner loops run over the tries, not over the numbers: so no sum depends on the one before, and the compiler
/// turns them into vector instructions.
final class ScaleSearch {
    private static final int TRIES = 24;
    /// The first try stretches the range of whole numbers by this much, the next ones by a tenth more each.
    private static final float STRETCH_MIN = -1.2f;

    private static final float STRETCH_STEP = 0.1f;
    /// Adding and taking away 1.5 × 2^23 rounds a float to a whole number, ties to even.
    private static final float ROUNDER = 0x1.8p23f;
    /// Numbers below this cannot be told from zero by any scale in half precision, and their reciprocals overflow.
    private static final float TINY = 0x1p-60f;

    private final float[] inverses = new float[TRIES];
    private final float[] sumQ = new float[TRIES];
    private final float[] sumQq = new float[TRIES];
    private final float[] sumXq = new float[TRIES];

    /// What the best rounding so far explains of the sum of `weight * x²`, and its regression.
    private double explained;

    private float scale;
    private float minimum;

    /// The scale for which `scale * q` with `low <= q <= high` comes nearest to the numbers. It is negative where
    /// the range is wider below zero and the largest number is positive, or the other way round.
    float symmetric(float[] x, int from, int count, float[] weights, int weightsFrom, int low, int high) {
        float largest = 0;
        for (int i = from; i < from + count; i++) {
            largest = Math.abs(x[i]) > Math.abs(largest) ? x[i] : largest;
        }
        if (Math.abs(largest) < TINY) {
            return 0;
        }
        start(-low > high ? low : high, largest);
        for (int i = 0; i < count; i++) {
            addSymmetric(x[from + i], weights[weightsFrom + i], low, high);
        }
        explained = 0;
        scale = 0;
        for (int c = 0; c < TRIES; c++) {
            considerScale(sumQq[c], sumXq[c]);
        }
        return scale;
    }

    /// The scale for which `scale * q - minimum()` with `0 <= q <= high` and a minimum that is not negative comes
    /// nearest to the numbers; call [#minimum()] after it.
    float affine(float[] x, int from, int count, float[] weights, int weightsFrom, int high) {
        float least = 0;
        float most = Float.NEGATIVE_INFINITY;
        double sumW = 0;
        double sumX = 0;
        for (int i = 0; i < count; i++) {
            float value = x[from + i];
            least = Math.min(least, value);
            most = Math.max(most, value);
            sumW += weights[weightsFrom + i];
            sumX += (double) weights[weightsFrom + i] * value;
        }
        explained = Double.NEGATIVE_INFINITY;
        scale = 0;
        minimum = -least;
        if (most - least < TINY) {
            return 0;
        }
        start(high, most - least);
        for (int i = 0; i < count; i++) {
            addAffine(x[from + i], least, weights[weightsFrom + i], high);
        }
        for (int c = 0; c < TRIES; c++) {
            considerLines(1 / inverses[c], least, sumW, sumX, sumQ[c], sumQq[c], sumXq[c]);
        }
        refine(x, from, count, weights, weightsFrom, high, sumW, sumX);
        return scale;
    }

    /// What the last [#affine] found besides the scale.
    float minimum() {
        return minimum;
    }

    /// The whole number nearest to `x`, of magnitude below 2^22, within bounds.
    static int round(float x, int low, int high) {
        return (int) (Math.max(low, Math.min(high, x)) + ROUNDER - ROUNDER);
    }

    private void considerScale(double qq, double xq) {
        if (qq > 0 && xq * xq / qq > explained) {
            explained = xq * xq / qq;
            scale = (float) (xq / qq);
        }
    }

    /// What a rounding with these sums explains on the line by which it was rounded and on its regression line.
    private void considerLines(double step, double least, double sumW, double sumX, double q, double qq, double xq) {
        considerLine(step, least, sumW, sumX, q, qq, xq);
        double determinant = sumW * qq - q * q;
        double slope = (sumW * xq - sumX * q) / determinant;
        double offset = (qq * sumX - q * xq) / determinant;
        if (offset > 0) {
            considerLine(xq / qq, 0, sumW, sumX, q, qq, xq);
        } else {
            // A determinant of about zero makes a wild line, which explains less than nothing.
            considerLine(slope, offset, sumW, sumX, q, qq, xq);
        }
    }

    private void considerLine(double slope, double offset, double sumW, double sumX, double q, double qq, double xq) {
        double explains = slope * (2 * xq - slope * qq - 2 * offset * q) + offset * (2 * sumX - offset * sumW);
        if (slope > 0 && explains > explained) {
            explained = explains;
            scale = (float) slope;
            minimum = (float) -offset;
        }
    }

    /// Rounds with the best line so far, which no try did, and considers the regression of that: 0.3 to 0.6 % less
    /// error in four bits. Doing so again gains a tenth of that.
    private void refine(
            float[] x, int from, int count, float[] weights, int weightsFrom, int high, double sumW, double sumX) {
        double q1 = 0;
        double qq = 0;
        double xq = 0;
        for (int i = 0; i < count; i++) {
            float q = round((x[from + i] + minimum) / scale, 0, high);
            float wq = weights[weightsFrom + i] * q;
            q1 += wq;
            qq += wq * q;
            xq += wq * x[from + i];
        }
        considerLines(scale, -minimum, sumW, sumX, q1, qq, xq);
    }

    private void start(int wholeRange, float range) {
        float direction = Math.signum(wholeRange);
        for (int c = 0; c < TRIES; c++) {
            inverses[c] = (wholeRange + direction * (STRETCH_MIN + STRETCH_STEP * c)) / range;
            sumQ[c] = 0;
            sumQq[c] = 0;
            sumXq[c] = 0;
        }
    }

    private void addSymmetric(float x, float weight, float low, float high) {
        for (int c = 0; c < TRIES; c++) {
            float q = Math.max(low, Math.min(high, inverses[c] * x)) + ROUNDER - ROUNDER;
            float wq = weight * q;
            sumQq[c] += wq * q;
            sumXq[c] += wq * x;
        }
    }

    private void addAffine(float x, float least, float weight, float high) {
        for (int c = 0; c < TRIES; c++) {
            float q = Math.min(high, inverses[c] * (x - least)) + ROUNDER - ROUNDER;
            float wq = weight * q;
            sumQ[c] += wq;
            sumQq[c] += wq * q;
            sumXq[c] += wq * x;
        }
    }
}
