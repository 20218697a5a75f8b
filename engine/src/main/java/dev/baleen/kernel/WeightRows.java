package dev.baleen.kernel;

import dev.baleen.dtype.BlockFormat;
import dev.baleen.dtype.DType;
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
    void products(long first, long second, int columns, float[] x, int from, float[] sums);

    /// The fastest there is for a type.
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

        @Override
        public void products(long first, long second, int columns, float[] x, int from, float[] sums) {
            float[] row = Scratch.mine().weights(SixteenSums.padded(columns));
            decodePadded(first, columns, row);
            SixteenSums.parts(row, x, from, SixteenSums.padded(columns), sums, 0);
            decodePadded(second, columns, row);
            SixteenSums.parts(row, x, from, SixteenSums.padded(columns), sums, SixteenSums.PARTS);
        }

        private void decodePadded(long address, int columns, float[] row) {
            decode(address, row, 0, columns);
            Arrays.fill(row, columns, SixteenSums.padded(columns), 0);
        }
    }
}
