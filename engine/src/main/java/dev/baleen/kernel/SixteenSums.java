package dev.baleen.kernel;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShuffle;

/// Sums over columns in sixteen parts: element `i` goes to part `i mod 16`, and the parts are added halves onto halves.
///
/// Sixteen is the widest vector's lanes, so that narrower ones can keep the same parts: they pass over the columns once
/// for each run of lanes. Rows lie in arrays, padded with zeros to a multiple of sixteen.
final class SixteenSums {
    /// Partial sums of one output.
    static final int PARTS = 16;
    /// Outputs of a tile: rows of one side by rows of the other.
    static final int TILE_OUTPUTS = 16;

    private static final int LANES = Vectors.FLOATS.length();
    /// Rows of the first side in a tile: all outputs of a tile stay in registers.
    private static final int ROWS = Vectors.MANY_REGISTERS ? 4 : 2;

    private static final int COLUMNS = 4;

    private static final VectorShuffle<Float> BY_8 = rotation(8);
    private static final VectorShuffle<Float> BY_4 = rotation(4);
    private static final VectorShuffle<Float> BY_2 = rotation(2);
    private static final VectorShuffle<Float> BY_1 = rotation(1);

    private SixteenSums() {}

    /// `length` rounded up to whole parts.
    static int padded(int length) {
        return (length + PARTS - 1) & -PARTS;
    }

    /// out(i, j) = a[i] · b[j] for m rows of `a` and n rows of `b`, of padded `length`; the result goes to address
    /// `out + i * outRow + j * outColumn`, in bytes. `sums` is room for a tile's parts.
    static void products(
            int m,
            int n,
            int length,
            float[] a,
            int aStride,
            float[] b,
            int bStride,
            long out,
            long outRow,
            long outColumn,
            float[] sums) {
        for (int j = 0; j < n; j += COLUMNS) {
            int columns = Math.min(COLUMNS, n - j);
            for (int i = 0; i < m; i += ROWS) {
                int rows = Math.min(ROWS, m - i);
                tile(a, i * aStride, aStride, rows, b, j * bStride, bStride, columns, length, sums);
                for (int r = 0; r < rows; r++) {
                    for (int c = 0; c < columns; c++) {
                        float sum = total(sums, (r * COLUMNS + c) * PARTS);
                        Memory.putFloat(out + (i + r) * outRow + (j + c) * outColumn, sum);
                    }
                }
            }
        }
    }

    /// The parts of all of a tile's outputs. Rows and columns past the last repeat it, for nothing.
    private static void tile(
            float[] a,
            int aFrom,
            int aStride,
            int rows,
            float[] b,
            int bFrom,
            int bStride,
            int columns,
            int length,
            float[] sums) {
        int a1 = aFrom + Math.min(1, rows - 1) * aStride;
        int a2 = aFrom + Math.min(2, rows - 1) * aStride;
        int a3 = aFrom + Math.min(3, rows - 1) * aStride;
        int b1 = bFrom + Math.min(1, columns - 1) * bStride;
        int b2 = bFrom + Math.min(2, columns - 1) * bStride;
        int b3 = bFrom + Math.min(3, columns - 1) * bStride;
        for (int part = 0; part < PARTS; part += LANES) {
            FloatVector s00 = FloatVector.zero(Vectors.FLOATS);
            FloatVector s01 = FloatVector.zero(Vectors.FLOATS);
            FloatVector s02 = FloatVector.zero(Vectors.FLOATS);
            FloatVector s03 = FloatVector.zero(Vectors.FLOATS);
            FloatVector s10 = FloatVector.zero(Vectors.FLOATS);
            FloatVector s11 = FloatVector.zero(Vectors.FLOATS);
            FloatVector s12 = FloatVector.zero(Vectors.FLOATS);
            FloatVector s13 = FloatVector.zero(Vectors.FLOATS);
            FloatVector s20 = FloatVector.zero(Vectors.FLOATS);
            FloatVector s21 = FloatVector.zero(Vectors.FLOATS);
            FloatVector s22 = FloatVector.zero(Vectors.FLOATS);
            FloatVector s23 = FloatVector.zero(Vectors.FLOATS);
            FloatVector s30 = FloatVector.zero(Vectors.FLOATS);
            FloatVector s31 = FloatVector.zero(Vectors.FLOATS);
            FloatVector s32 = FloatVector.zero(Vectors.FLOATS);
            FloatVector s33 = FloatVector.zero(Vectors.FLOATS);
            for (int k = part; k < length; k += PARTS) {
                FloatVector y0 = load(b, bFrom + k);
                FloatVector y1 = load(b, b1 + k);
                FloatVector y2 = load(b, b2 + k);
                FloatVector y3 = load(b, b3 + k);
                FloatVector x0 = load(a, aFrom + k);
                s00 = x0.fma(y0, s00);
                s01 = x0.fma(y1, s01);
                s02 = x0.fma(y2, s02);
                s03 = x0.fma(y3, s03);
                FloatVector x1 = load(a, a1 + k);
                s10 = x1.fma(y0, s10);
                s11 = x1.fma(y1, s11);
                s12 = x1.fma(y2, s12);
                s13 = x1.fma(y3, s13);
                if (ROWS == 4) {
                    FloatVector x2 = load(a, a2 + k);
                    s20 = x2.fma(y0, s20);
                    s21 = x2.fma(y1, s21);
                    s22 = x2.fma(y2, s22);
                    s23 = x2.fma(y3, s23);
                    FloatVector x3 = load(a, a3 + k);
                    s30 = x3.fma(y0, s30);
                    s31 = x3.fma(y1, s31);
                    s32 = x3.fma(y2, s32);
                    s33 = x3.fma(y3, s33);
                }
            }
            s00.intoArray(sums, part);
            s01.intoArray(sums, part + PARTS);
            s02.intoArray(sums, part + 2 * PARTS);
            s03.intoArray(sums, part + 3 * PARTS);
            s10.intoArray(sums, part + 4 * PARTS);
            s11.intoArray(sums, part + 5 * PARTS);
            s12.intoArray(sums, part + 6 * PARTS);
            s13.intoArray(sums, part + 7 * PARTS);
            if (ROWS == 4) {
                s20.intoArray(sums, part + 8 * PARTS);
                s21.intoArray(sums, part + 9 * PARTS);
                s22.intoArray(sums, part + 10 * PARTS);
                s23.intoArray(sums, part + 11 * PARTS);
                s30.intoArray(sums, part + 12 * PARTS);
                s31.intoArray(sums, part + 13 * PARTS);
                s32.intoArray(sums, part + 14 * PARTS);
                s33.intoArray(sums, part + 15 * PARTS);
            }
        }
    }

    /// The sixteen parts of the product of a row with `b[from..]`, to `sums[at..]`.
    static void parts(float[] a, float[] b, int from, int length, float[] sums, int at) {
        for (int part = 0; part < PARTS; part += LANES) {
            FloatVector sum = FloatVector.zero(Vectors.FLOATS);
            for (int k = part; k < length; k += PARTS) {
                sum = load(a, k).fma(load(b, from + k), sum);
            }
            sum.intoArray(sums, at + part);
        }
    }

    /// The sixteen parts at `at`, added halves onto halves.
    static float total(float[] parts, int at) {
        FloatVector sum = load(parts, at);
        if (LANES == 16) {
            sum = sum.add(sum.rearrange(BY_8));
        } else if (LANES == 8) {
            sum = sum.add(load(parts, at + 8));
        } else if (LANES == 4) {
            sum = sum.add(load(parts, at + 8)).add(load(parts, at + 4).add(load(parts, at + 12)));
        } else {
            FloatVector even =
                    sum.add(load(parts, at + 8)).add(load(parts, at + 4).add(load(parts, at + 12)));
            FloatVector odd = load(parts, at + 2).add(load(parts, at + 10));
            sum = even.add(odd.add(load(parts, at + 6).add(load(parts, at + 14))));
        }
        if (LANES >= 8) {
            sum = sum.add(sum.rearrange(BY_4));
        }
        if (LANES >= 4) {
            sum = sum.add(sum.rearrange(BY_2));
        }
        return sum.add(sum.rearrange(BY_1)).lane(0);
    }

    private static FloatVector load(float[] array, int index) {
        return FloatVector.fromArray(Vectors.FLOATS, array, index);
    }

    private static VectorShuffle<Float> rotation(int distance) {
        return VectorShuffle.fromOp(Vectors.FLOATS, lane -> (lane + distance) & (LANES - 1));
    }
}
