package dev.baleen.kernel;

import static jdk.incubator.vector.VectorOperators.B2F;

import java.util.Arrays;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/// Products of one input with two rows of weights whose numbers lie in the first-level cache as bytes, [#COLUMNS] of a
/// row at a time.
///
/// Formats of five and six bits have their numbers in two places. Putting them together takes one operation for 32
/// bytes where it takes one for sixteen integers, and as bytes they are read like those of [Q8Rows]. Against decoding
/// them to singles it is half of the arithmetic: 14 against 5 GB/s of Q6_K from memory (Zen 4, two threads).
final class UnpackedSums {
    /// Columns that are unpacked at once, whole blocks of every format.
    static final int COLUMNS = 1024;
    /// Room for two rows, and for what a load reads past its lanes.
    static final int BYTES = 2 * COLUMNS + 16;
    /// Room for a scale and a minimum of each sixteen columns of two rows.
    static final int SCALES = 2 * COLUMNS / 8;
    /// Where the second row's scales begin.
    static final int SECOND = COLUMNS / 8;

    private static final int LANES = Vectors.FLOATS.length();
    private static final int PARTS = SixteenSums.PARTS;
    private static final VectorSpecies<Byte> LOADED = LANES == 16 ? ByteVector.SPECIES_128 : ByteVector.SPECIES_64;

    private UnpackedSums() {}

    static void clear(float[] sums) {
        Arrays.fill(sums, 0, 2 * PARTS, 0);
    }

    /// Adds the products of weights that are a number times a scale: column `k` has scale `k >> shift` of its row.
    static void add(byte[] numbers, float[] scales, int shift, int count, float[] x, int from, float[] sums) {
        for (int part = 0; part < PARTS; part += LANES) {
            FloatVector a = FloatVector.fromArray(Vectors.FLOATS, sums, part);
            FloatVector b = FloatVector.fromArray(Vectors.FLOATS, sums, PARTS + part);
            for (int k = part; k < count; k += PARTS) {
                int scale = k >> shift;
                FloatVector input = FloatVector.fromArray(Vectors.FLOATS, x, from + k);
                a = floats(numbers, k).mul(scales[scale]).fma(input, a);
                b = floats(numbers, COLUMNS + k).mul(scales[SECOND + scale]).fma(input, b);
            }
            a.intoArray(sums, part);
            b.intoArray(sums, PARTS + part);
        }
    }

    /// Adds the products of weights that are a number times a scale and a minimum more, in groups of 32, of which
    /// eight are a block with its scales and then its minimums as [KScales] has them.
    static void addAboveMinimums(byte[] numbers, float[] scales, int count, float[] x, int from, float[] sums) {
        for (int part = 0; part < PARTS; part += LANES) {
            FloatVector a = FloatVector.fromArray(Vectors.FLOATS, sums, part);
            FloatVector b = FloatVector.fromArray(Vectors.FLOATS, sums, PARTS + part);
            for (int k = part; k < count; k += PARTS) {
                int scale = (k >> 8) * KScales.COUNT + (k >> 5 & 7);
                int other = SECOND + scale;
                FloatVector aMinimum = FloatVector.broadcast(Vectors.FLOATS, scales[scale + KScales.MINIMUMS]);
                FloatVector bMinimum = FloatVector.broadcast(Vectors.FLOATS, scales[other + KScales.MINIMUMS]);
                FloatVector input = FloatVector.fromArray(Vectors.FLOATS, x, from + k);
                a = floats(numbers, k)
                        .fma(FloatVector.broadcast(Vectors.FLOATS, scales[scale]), aMinimum)
                        .fma(input, a);
                b = floats(numbers, COLUMNS + k)
                        .fma(FloatVector.broadcast(Vectors.FLOATS, scales[other]), bMinimum)
                        .fma(input, b);
            }
            a.intoArray(sums, part);
            b.intoArray(sums, PARTS + part);
        }
    }

    private static FloatVector floats(byte[] numbers, int at) {
        return (FloatVector) ByteVector.fromArray(LOADED, numbers, at).convertShape(B2F, Vectors.FLOATS, 0);
    }
}
