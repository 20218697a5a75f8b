package dev.baleen.kernel;

import dev.baleen.dtype.BlockFormat;
import dev.baleen.dtype.DType;
import dev.baleen.tensor.Tensor;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/// How the rows of a weight matrix are read for a product with single-precision inputs.
///
/// Whatever the format, a product is the sum in sixteen parts ([SixteenSums]) over the decoded weights; how early they
/// are decoded, in memory or in registers, changes no bit. A format is right without a line here, by [Decoded]; it
/// becomes fast with a second file that implements this, and an entry in [#FAST].
///
/// The compiler inlines helpers of ours into a method only while that is small (18,000 of its nodes; a vector's load is
/// 500 of them, a conversion 800), and a vector that is handed to a method that it did not inline becomes an object. So
/// loops over several rows call helpers first and after them the Vector API itself, or are cut in two.
interface WeightRows {
    /// The formats that have a file of their own.
    Map<DType, WeightRows> FAST = byType(List.of(
            new Q8Rows(),
            new Q4Rows(),
            new Q5Rows(),
            new Q4KRows(),
            new Q5KRows(),
            new Q6KRows(),
            new Fp8Rows(),
            new Bf16Rows(),
            new F16Rows()));

    private static Map<DType, WeightRows> byType(List<WeightRows> all) {
        Map<DType, WeightRows> map = new EnumMap<>(DType.class);
        all.forEach(rows -> map.put(rows.type(), rows));
        return map;
    }

    DType type();

    /// Decodes `count` weights, whole blocks, from `address` to `target[at..]`.
    void decode(long address, float[] target, int at, int count);

    /// The sixteen parts of two rows' products with one input: those of the row at address `first` go to
    /// `sums[0..16]`, those of `second` to `sums[16..32]`.
    ///
    /// Where a format has no way of its own, some columns of both rows are decoded to the first-level cache and
    /// multiplied from there, and then the next.
    ///
    /// @param x the input at `x[from..]`, padded with zeros to a multiple of sixteen
    /// @param columns weights in a row
    default void products(long first, long second, int columns, float[] x, int from, float[] sums) {
        float[] rows = Scratch.mine().weights(2 * DecodedSums.COLUMNS);
        DecodedSums.clear(sums);
        for (int k = 0; k < columns; k += DecodedSums.COLUMNS) {
            int count = Math.min(DecodedSums.COLUMNS, columns - k);
            long offset = type().bytes(k);
            // One place that calls: the compiler may inline it, and what it inlines twice may be too much.
            for (int row = 0; row < 2; row++) {
                decode((row == 0 ? first : second) + offset, rows, row * DecodedSums.COLUMNS, count);
            }
            DecodedSums.add(rows, count, x, from + k, sums);
        }
    }

    /// The fastest there is for the rows of a matrix; for one thread, as it may remember where it was.
    static WeightRows of(Tensor w) {
        WeightRows rows = of(w.type());
        return w.scales().isPresent() ? new ScaledRows(rows, w, w.scales().get()) : rows;
    }

    /// The fastest there is for a type without scales of its own.
    static WeightRows of(DType type) {
        WeightRows fast = Vectors.FLOATS.length() >= 4 ? FAST.get(type) : null;
        return fast != null ? fast : new Decoded(type, type.format());
    }

    /// Any format, decoded by its specification: right, and slow.
    record Decoded(DType type, BlockFormat format) implements WeightRows {
        @Override
        public void decode(long address, float[] target, int at, int count) {
            format.decode(Memory.ALL, address, target, at, count);
        }
    }
}
