package dev.baleen.kernel;

import static java.nio.ByteOrder.LITTLE_ENDIAN;

import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShuffle;

/// Sums over columns in sixteen parts: element `i` goes to part `i mod 16`, and the parts are added halves onto halves.
///
/// Sixteen is the widest vector's lanes, so that narrower ones can keep the same parts: they pass over the columns once
/// for each run of lanes. Rows are padded with zeros to a multiple of sixteen.
final class SixteenSums {
    /// Partial sums of one output.
    static final int PARTS = 16;
    /// Rows of the first side in a tile: all outputs of a tile stay in registers.
    static final int ROWS = Vectors.MANY_REGISTERS ? 4 : 2;
    /// Rows of the second side.
    static final int COLUMNS = 4;
    /// The parts of a tile's outputs.
    static final int TILE_FLOATS = ROWS * COLUMNS * PARTS;

    private static final int LANES = Vectors.FLOATS.length();
    private static final long STEP = PARTS * Float.BYTES;

    private static final VectorShuffle<Float> BY_8 = rotation(8);
    private static final VectorShuffle<Float> BY_4 = rotation(4);
    private static final VectorShuffle<Float> BY_2 = rotation(2);
    private static final VectorShuffle<Float> BY_1 = rotation(1);

    private SixteenSums() {}

    /// `length` rounded up to whole parts.
    static int padded(int length) {
        return (length + PARTS - 1) & -PARTS;
    }

    /// Bytes from a row of so many columns to the next, where they lie padded: whole lines of memory, and one more,
    /// so that not all rows begin at the same place of the cache where a row is a power of two (Zen 4: 76 % of the
    /// peak with it and 67 % without).
    static long rowBytes(int columns) {
        return (long) (padded(columns) + PARTS) * Float.BYTES;
    }

    /// Zeros behind the columns of the row at an address.
    static void pad(long row, int columns) {
        for (int k = columns; k < padded(columns); k++) {
            Memory.putFloat(row + (long) k * Float.BYTES, 0);
        }
    }

    /// out(i, j) = a[i] · b[j] for m rows of `a` and n rows of `b`, of padded `length`. `a` and `b` are addresses,
    /// best on whole lines of memory, and all strides count bytes; the result goes to `out + i * outRow + j *
    /// outColumn`. `sums` is room for a tile's parts.
    static void products(
            int m,
            int n,
            int length,
            long a,
            long aStride,
            long b,
            long bStride,
            long out,
            long outRow,
            long outColumn,
            float[] sums) {
        for (int j = 0; j < n; j += COLUMNS) {
            int columns = Math.min(COLUMNS, n - j);
            for (int i = 0; i < m; i += ROWS) {
                int rows = Math.min(ROWS, m - i);
                Arrays.fill(sums, 0, TILE_FLOATS, 0);
                tile(a + i * aStride, aStride, rows, b + j * bStride, bStride, columns, length, sums, 0);
                writeTotals(sums, 0, rows, columns, out + i * outRow + j * outColumn, outRow, outColumn);
            }
        }
    }

    /// How many tiles m × n outputs take.
    static int tiles(int m, int n) {
        return Math.ceilDiv(m, ROWS) * Math.ceilDiv(n, COLUMNS);
    }

    /// The first half of [#products]: adds to the parts of all tiles, so that it may be called for one run of
    /// columns after another.
    static void addProducts(int m, int n, int length, long a, long aStride, long b, long bStride, float[] parts) {
        int at = 0;
        for (int j = 0; j < n; j += COLUMNS) {
            int columns = Math.min(COLUMNS, n - j);
            for (int i = 0; i < m; i += ROWS, at += TILE_FLOATS) {
                int rows = Math.min(ROWS, m - i);
                tile(a + i * aStride, aStride, rows, b + j * bStride, bStride, columns, length, parts, at);
            }
        }
    }

    /// The other half: writes all outputs.
    static void writeTotals(int m, int n, float[] parts, long out, long outRow, long outColumn) {
        int at = 0;
        for (int j = 0; j < n; j += COLUMNS) {
            int columns = Math.min(COLUMNS, n - j);
            for (int i = 0; i < m; i += ROWS, at += TILE_FLOATS) {
                int rows = Math.min(ROWS, m - i);
                writeTotals(parts, at, rows, columns, out + i * outRow + j * outColumn, outRow, outColumn);
            }
        }
    }

    /// Writes the outputs of a tile whose parts begin at `sums[at]`.
    static void writeTotals(float[] sums, int at, int rows, int columns, long out, long outRow, long outColumn) {
        for (int r = 0; r < rows; r++) {
            for (int c = 0; c < columns; c++) {
                float sum = total(sums, at + (r * COLUMNS + c) * PARTS);
                Memory.putFloat(out + r * outRow + c * outColumn, sum);
            }
        }
    }

    /// Adds to the parts of all of a tile's outputs, at `sums[at..]`. Rows and columns past the last repeat it, for
    /// nothing.
    static void tile(
            long a, long aStride, int rows, long b, long bStride, int columns, int length, float[] sums, int at) {
        long a1 = a + Math.min(1, rows - 1) * aStride;
        long a2 = a + Math.min(2, rows - 1) * aStride;
        long a3 = a + Math.min(3, rows - 1) * aStride;
        long b1 = b + Math.min(1, columns - 1) * bStride;
        long b2 = b + Math.min(2, columns - 1) * bStride;
        long b3 = b + Math.min(3, columns - 1) * bStride;
        for (int part = 0; part < PARTS; part += LANES) {
            long from = (long) part * Float.BYTES;
            long end = from + (long) length * Float.BYTES;
            FloatVector s00 = FloatVector.fromArray(Vectors.FLOATS, sums, at + part);
            FloatVector s01 = FloatVector.fromArray(Vectors.FLOATS, sums, at + part + PARTS);
            FloatVector s02 = FloatVector.fromArray(Vectors.FLOATS, sums, at + part + 2 * PARTS);
            FloatVector s03 = FloatVector.fromArray(Vectors.FLOATS, sums, at + part + 3 * PARTS);
            FloatVector s10 = FloatVector.fromArray(Vectors.FLOATS, sums, at + part + 4 * PARTS);
            FloatVector s11 = FloatVector.fromArray(Vectors.FLOATS, sums, at + part + 5 * PARTS);
            FloatVector s12 = FloatVector.fromArray(Vectors.FLOATS, sums, at + part + 6 * PARTS);
            FloatVector s13 = FloatVector.fromArray(Vectors.FLOATS, sums, at + part + 7 * PARTS);
            FloatVector s20 = FloatVector.fromArray(Vectors.FLOATS, sums, at + part + 8 * PARTS);
            FloatVector s21 = FloatVector.fromArray(Vectors.FLOATS, sums, at + part + 9 * PARTS);
            FloatVector s22 = FloatVector.fromArray(Vectors.FLOATS, sums, at + part + 10 * PARTS);
            FloatVector s23 = FloatVector.fromArray(Vectors.FLOATS, sums, at + part + 11 * PARTS);
            FloatVector s30 = FloatVector.fromArray(Vectors.FLOATS, sums, at + part + 12 * PARTS);
            FloatVector s31 = FloatVector.fromArray(Vectors.FLOATS, sums, at + part + 13 * PARTS);
            FloatVector s32 = FloatVector.fromArray(Vectors.FLOATS, sums, at + part + 14 * PARTS);
            FloatVector s33 = FloatVector.fromArray(Vectors.FLOATS, sums, at + part + 15 * PARTS);
            // Not counted, or the compiler does eight rounds at once, for which there are not the registers (41 % of
            // the peak, and 87 as it is).
            for (long k = from; k != end; k += STEP) {
                FloatVector y0 = load(b + k);
                FloatVector y1 = load(b1 + k);
                FloatVector y2 = load(b2 + k);
                FloatVector y3 = load(b3 + k);
                FloatVector x0 = load(a + k);
                s00 = x0.fma(y0, s00);
                s01 = x0.fma(y1, s01);
                s02 = x0.fma(y2, s02);
                s03 = x0.fma(y3, s03);
                FloatVector x1 = load(a1 + k);
                s10 = x1.fma(y0, s10);
                s11 = x1.fma(y1, s11);
                s12 = x1.fma(y2, s12);
                s13 = x1.fma(y3, s13);
                if (ROWS == 4) {
                    FloatVector x2 = load(a2 + k);
                    s20 = x2.fma(y0, s20);
                    s21 = x2.fma(y1, s21);
                    s22 = x2.fma(y2, s22);
                    s23 = x2.fma(y3, s23);
                    FloatVector x3 = load(a3 + k);
                    s30 = x3.fma(y0, s30);
                    s31 = x3.fma(y1, s31);
                    s32 = x3.fma(y2, s32);
                    s33 = x3.fma(y3, s33);
                }
            }
            s00.intoArray(sums, at + part);
            s01.intoArray(sums, at + part + PARTS);
            s02.intoArray(sums, at + part + 2 * PARTS);
            s03.intoArray(sums, at + part + 3 * PARTS);
            s10.intoArray(sums, at + part + 4 * PARTS);
            s11.intoArray(sums, at + part + 5 * PARTS);
            s12.intoArray(sums, at + part + 6 * PARTS);
            s13.intoArray(sums, at + part + 7 * PARTS);
            if (ROWS == 4) {
                s20.intoArray(sums, at + part + 8 * PARTS);
                s21.intoArray(sums, at + part + 9 * PARTS);
                s22.intoArray(sums, at + part + 10 * PARTS);
                s23.intoArray(sums, at + part + 11 * PARTS);
                s30.intoArray(sums, at + part + 12 * PARTS);
                s31.intoArray(sums, at + part + 13 * PARTS);
                s32.intoArray(sums, at + part + 14 * PARTS);
                s33.intoArray(sums, at + part + 15 * PARTS);
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

    private static FloatVector load(long address) {
        return FloatVector.fromMemorySegment(Vectors.FLOATS, Memory.ALL, address, LITTLE_ENDIAN);
    }

    private static FloatVector load(float[] array, int index) {
        return FloatVector.fromArray(Vectors.FLOATS, array, index);
    }

    private static VectorShuffle<Float> rotation(int distance) {
        return VectorShuffle.fromOp(Vectors.FLOATS, lane -> (lane + distance) & (LANES - 1));
    }
}
