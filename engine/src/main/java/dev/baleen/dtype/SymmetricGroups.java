package dev.baleen.dtype;

/// The scales of a block of groups, each number being `d * s * q`: `s` is a small whole number of the group, `d` is the
/// block's, and both may be negative, so that the side with one more level can be either.
final class SymmetricGroups {
    private final ScaleSearch search = new ScaleSearch();
    private final float[] x;
    private final int index;
    private final int size;
    private final int levels;
    private final float[] scales;
    private final float[] sums;

    /// @param levels `q` is from `-levels` to `levels - 1`
    SymmetricGroups(float[] x, int index, float[] weights, int weightIndex, int groups, int size, int levels) {
        this.x = x;
        this.index = index;
        this.size = size;
        this.levels = levels;
        this.scales = new float[groups];
        this.sums = new float[groups];
        for (int g = 0; g < groups; g++) {
            int w = weightIndex + g * size;
            scales[g] = search.symmetric(x, index + g * size, size, weights, w, -levels, levels - 1);
            for (int i = 0; i < size; i++) {
                sums[g] += weights[w + i];
            }
        }
    }

    /// The best `d` for whole numbers from `-max` to `max - 1`.
    float step(int max) {
        return search.symmetric(scales, 0, scales.length, sums, 0, -max, max - 1);
    }

    int scale(int group, float d, int max) {
        return d == 0 ? 0 : ScaleSearch.round(scales[group] / d, -max, max - 1);
    }

    /// The `q` of number `i` of a group with this scale, from 0 to `2 * levels - 1`.
    int level(int group, int i, float scale) {
        return scale == 0
                ? levels
                : levels + ScaleSearch.round(x[index + group * size + i] / scale, -levels, levels - 1);
    }
}
