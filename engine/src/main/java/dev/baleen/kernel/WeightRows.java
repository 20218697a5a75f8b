package dev.baleen.kernel;

import dev.baleen.dtype.BlockFormat;
import dev.baleen.dtype.DType;
import dev.baleen.tensor.BlockScales;
import dev.baleen.tensor.Tensor;
import java.util.Arrays;
import java.util.Map;

/// How the rows of a weight matrix are read for a product with single-precision inputs.
///
/// Whatever the format, a product is the sum in sixteen parts ([SixteenSums]) over the decoded weights; how early they
/// are decoded, in memory or in registers, changes no bit. A format is right without a line here, by [Decoded]; it
/// becomes fast with a second file that implements this, and an entry in [#FAST].
interface WeightRows {
    /// The formats that have a file of their own.
    Map<DType, WeightRows> FAST =
            Map.of(DType.Q8_0, new Q8Rows(), DType.BF16, new Bf16Rows(), DType.F16, new F16Rows());

    /// Decodes `count` weights, whole blocks, from `address` to `target[at..]`.
    void decode(long address, float[] target, int at, int count);

    /// The sixteen parts of two rows' products with one input: those of the row at address `first` go to
    /// `sums[0..16]`, those of `second` to `sums[16..32]`.
    ///
    /// @param x the input at `x[from..]`, padded with zeros to a multiple of sixteen
    /// @param columns weights in a row
    default void products(long first, long second, int columns, float[] x, int from, float[] sums) {
        int length = SixteenSums.padded(columns);
        float[] row = Scratch.mine().weights(length);
        Arrays.fill(row, columns, length, 0);
        decode(first, row, 0, columns);
        SixteenSums.parts(row, x, from, length, sums, 0);
        decode(second, row, 0, columns);
        SixteenSums.parts(row, x, from, length, sums, SixteenSums.PARTS);
    }

    /// The fastest there is for the rows of a matrix.
    static WeightRows of(Tensor w) {
        WeightRows rows = of(w.type());
        return w.scales().isPresent() ? new Scaled(rows, w, w.scales().get()) : rows;
    }

    /// The fastest there is for a type without scales of its own.
    static WeightRows of(DType type) {
        WeightRows fast = Vectors.FLOATS.length() >= 4 ? FAST.get(type) : null;
        return fast != null ? fast : new Decoded(type.format());
    }

    /// Any format, decoded by its specification: right, and slow.
    record Decoded(BlockFormat format) implements WeightRows {
        @Override
        public void decode(long address, float[] target, int at, int count) {
            format.decode(Memory.ALL, address, target, at, count);
        }
    }

    /// Any format whose scales lie beside the matrix. Addresses tell row and column.
    record Scaled(WeightRows rows, Tensor w, BlockScales scales) implements WeightRows {
        @Override
        public void decode(long address, float[] target, int at, int count) {
            rows.decode(address, target, at, count);
            long offset = address - w.data().address();
            long row = offset / w.rowBytes();
            int column = (int) (offset % w.rowBytes() / w.type().blockBytes())
                    * w.type().blockElements();
            for (int i = 0; i < count; ) {
                int run = Math.min(count - i, scales.columns() - (column + i) % scales.columns());
                float scale = scales.at(row, column + i);
                for (int k = at + i; k < at + i + run; k++) {
                    target[k] *= scale;
                }
                i += run;
            }
        }
    }
}
