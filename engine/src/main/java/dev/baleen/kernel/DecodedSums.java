package dev.baleen.kernel;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;

/// Products of one input with two rows of weights that lie decoded in the first-level cache, [#COLUMNS] at a time.
final class DecodedSums {
    /// Columns that are decoded at once: with the input's, three times 2 KiB. Whole blocks of every format.
    static final int COLUMNS = 512;

    private static final int LANES = Vectors.FLOATS.length();
    private static final int PARTS = SixteenSums.PARTS;

    private DecodedSums() {}

    static void clear(float[] sums) {
        Arrays.fill(sums, 0, 2 * PARTS, 0);
    }

    /// Adds the products of `x[from..from + count]` with the rows at `rows[0..]` and `rows[COLUMNS..]` to the sums'
    /// sixteen parts each.
    static void add(float[] rows, int count, float[] x, int from, float[] sums) {
        int length = SixteenSums.padded(count);
        Arrays.fill(rows, count, length, 0);
        Arrays.fill(rows, COLUMNS + count, COLUMNS + length, 0);
        for (int part = 0; part < PARTS; part += LANES) {
            FloatVector a = FloatVector.fromArray(Vectors.FLOATS, sums, part);
            FloatVector b = FloatVector.fromArray(Vectors.FLOATS, sums, PARTS + part);
            for (int k = part; k < length; k += PARTS) {
                FloatVector input = FloatVector.fromArray(Vectors.FLOATS, x, from + k);
                a = FloatVector.fromArray(Vectors.FLOATS, rows, k).fma(input, a);
                b = FloatVector.fromArray(Vectors.FLOATS, rows, COLUMNS + k).fma(input, b);
            }
            a.intoArray(sums, part);
            b.intoArray(sums, PARTS + part);
        }
    }
}
