package dev.baleen.dtype;

/// The scales and minimums of a block of groups, each number being `d * s * q - dmin * m`: `s` and `m` are small whole
/// numbers of the group, `d` and `dmin` are the block's.
///
/// First every group gets the scale and the minimum that suit it best; then the block's steps are chosen so that their
/// multiples come near to these; then each group takes the nearest multiples, and its numbers are rounded with them.
final class AffineGroups {
    private final ScaleSearch search = new ScaleSearch();
    private final float[] x;
    private final int index;
    private final float[] weights;
    private final int weightIndex;
    private final int size;
    private final int levelMax;
    private final float[] scales;
    private final float[] minimums;
    private final float[] sums;

    /// @param levelMax the greatest `q`
    AffineGroups(float[] x, int index, float[] weights, int weightIndex, int groups, int size, int levelMax) {
        this.x = x;
        this.index = index;
        this.weights = weights;
        this.weightIndex = weightIndex;
        this.size = size;
        this.levelMax = levelMax;
        this.scales = new float[groups];
        this.minimums = new float[groups];
        this.sums = new float[groups];
        for (int g = 0; g < groups; g++) {
            scales[g] = search.affine(x, index + g * size, size, weights, weightIndex + g * size, levelMax);
            minimums[g] = search.minimum();
            for (int i = 0; i < size; i++) {
                sums[g] += weights[weightIndex + g * size + i];
            }
        }
    }

    /// The best `d` for whole numbers up to `max`.
    float scaleStep(int max) {
        return search.symmetric(scales, 0, scales.length, sums, 0, 0, max);
    }

    /// The best `dmin` for whole numbers up to `max`.
    float minimumStep(int max) {
        return search.symmetric(minimums, 0, minimums.length, sums, 0, 0, max);
    }

    int scale(int group, float d, int max) {
        return d == 0 ? 0 : ScaleSearch.round(scales[group] / d, 0, max);
    }

    int minimum(int group, float dmin, int max) {
        return dmin == 0 ? 0 : ScaleSearch.round(minimums[group] / dmin, 0, max);
    }

    /// The `q` of number `i` of a group with these.
    int level(int group, int i, float scale, float minimum) {
        return scale == 0 ? 0 : ScaleSearch.round((x[index + group * size + i] + minimum) / scale, 0, levelMax);
    }
}
