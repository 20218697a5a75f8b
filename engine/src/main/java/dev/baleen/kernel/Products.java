package dev.baleen.kernel;

import dev.baleen.dtype.DType;
import dev.baleen.kernel.Gemm.Matrix;
import dev.baleen.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/// Products of single-precision inputs with weights of any type, on one thread, for a range of output columns.
///
/// F32 goes to [Gemm]. Other types are read by [WeightRows]: with few inputs each row of weights is multiplied as it is
/// decoded, which memory bounds; with more, a block of rows is decoded into the second-level cache once and multiplied
/// with tile after tile of inputs, which arithmetic bounds. Both give the same bits.
final class Products {
    /// From so many inputs on, weights are decoded first.
    private static final int TILED_INPUTS_MIN = 4;
    // What is worked on at once: decoded weights, inputs and partial sums of 128 + 256 + 128 KiB.
    private static final int BLOCK_COLUMNS = 1024;
    private static final int BLOCK_ROWS = 32;
    private static final int BLOCK_INPUTS = 64;
    /// Rows of weights that are decoded at once for a transposed product.
    private static final int TRANSPOSED_ROWS = 64;

    private Products() {}

    static Matrix matrix(Tensor x) {
        return Matrix.rows(x.data(), x.columns());
    }

    /// The rows of one head of x[T, H, D].
    static Matrix head(Tensor x, int head) {
        long columns = x.columns();
        return new Matrix(x.data(), head * columns, columns * x.axis(1), 1);
    }

    /// out[:, from..to) = x[inputs, K] · w[from..to)ᵀ.
    static void byRows(Matrix x, int inputs, Tensor w, int from, int to, Matrix out) {
        if (inputs == 0 || from == to) {
            return;
        }
        if (w.type() == DType.F32) {
            Matrix rows = matrix(w).from(from, 0).transposed();
            Scratch.mine().gemm.multiply(inputs, to - from, w.columns(), x, rows, out.from(0, from), false);
            return;
        }
        if (inputs < TILED_INPUTS_MIN) {
            multiplyRowByRow(x, inputs, w, from, to, out);
            return;
        }
        for (int first = 0; first < inputs; first += BLOCK_INPUTS) {
            int count = Math.min(BLOCK_INPUTS, inputs - first);
            multiplyTiles(x.from(first, 0), count, w, from, to, out.from(first, 0));
        }
    }

    /// Two rows of weights at a time, from the two halves of the range: two far-apart streams of memory are
    /// fetched ahead better than one, or than two neighbours.
    private static void multiplyRowByRow(Matrix x, int inputs, Tensor w, int from, int to, Matrix out) {
        WeightRows rows = WeightRows.of(w);
        Scratch scratch = Scratch.mine();
        float[] sums = scratch.sums;
        int length = SixteenSums.padded(w.columns());
        float[] copied = scratch.inputs(inputs * length);
        for (int i = 0; i < inputs; i++) {
            Memory.read(x.from(i, 0).address(), copied, i * length, w.columns());
            Arrays.fill(copied, i * length + w.columns(), (i + 1) * length, 0);
        }
        int half = (to - from + 1) / 2;
        long address = Memory.address(w);
        long rowBytes = w.rowBytes();
        long target = out.address();
        long outRow = out.rowStride() * Float.BYTES;
        for (int n = from; n < from + half; n++) {
            int other = Math.min(n + half, to - 1);
            for (int i = 0; i < inputs; i++) {
                rows.products(
                        address + n * rowBytes, address + other * rowBytes, w.columns(), copied, i * length, sums);
                Memory.putFloat(target + i * outRow + (long) n * Float.BYTES, SixteenSums.total(sums, 0));
                Memory.putFloat(
                        target + i * outRow + (long) other * Float.BYTES, SixteenSums.total(sums, SixteenSums.PARTS));
            }
        }
    }

    /// Blocks of rows of weights, and of these blocks of columns: decoded once, they stay in the second-level cache
    /// with the same columns of the inputs. Partial sums wait, unrounded, for the next columns.
    private static void multiplyTiles(Matrix x, int inputs, Tensor w, int from, int to, Matrix out) {
        Scratch scratch = Scratch.mine();
        int columns = w.columns();
        long inputBytes = SixteenSums.rowBytes(columns);
        long copied = scratch.floats(Scratch.Use.INPUTS, inputs * inputBytes / Float.BYTES)
                .address();
        for (int i = 0; i < inputs; i++) {
            copyPadded(x.from(i, 0).address(), copied + i * inputBytes, columns);
        }
        WeightRows rows = WeightRows.of(w);
        long weightBytes = SixteenSums.rowBytes(Math.min(columns, BLOCK_COLUMNS));
        long decoded = scratch.floats(Scratch.Use.WEIGHTS, BLOCK_ROWS * weightBytes / Float.BYTES)
                .address();
        float[] row = scratch.weights(BLOCK_COLUMNS);
        float[] parts = scratch.parts(SixteenSums.tiles(BLOCK_ROWS, inputs) * SixteenSums.TILE_FLOATS);
        for (int n = from; n < to; n += BLOCK_ROWS) {
            int count = Math.min(BLOCK_ROWS, to - n);
            Arrays.fill(parts, 0, SixteenSums.tiles(count, inputs) * SixteenSums.TILE_FLOATS, 0);
            for (int k = 0; k < columns; k += BLOCK_COLUMNS) {
                int depth = Math.min(BLOCK_COLUMNS, columns - k);
                long source = Memory.address(w) + n * w.rowBytes() + w.type().bytes(k);
                decode(rows, source, w.rowBytes(), count, depth, row, decoded, weightBytes);
                long input = copied + (long) k * Float.BYTES;
                int length = SixteenSums.padded(depth);
                SixteenSums.addProducts(count, inputs, length, decoded, weightBytes, input, inputBytes, parts);
            }
            long target = out.address() + (long) n * Float.BYTES;
            SixteenSums.writeTotals(count, inputs, parts, target, Float.BYTES, out.rowStride() * Float.BYTES);
        }
    }

    private static void copyPadded(long source, long target, int columns) {
        Memory.copy(source, target, (long) columns * Float.BYTES);
        SixteenSums.pad(target, columns);
    }

    private static void decode(
            WeightRows rows,
            long source,
            long sourceStride,
            int count,
            int columns,
            float[] row,
            long target,
            long targetStride) {
        for (int r = 0; r < count; r++) {
            rows.decode(source + r * sourceStride, row, 0, columns);
            Memory.write(row, 0, target + r * targetStride, columns);
            SixteenSums.pad(target + r * targetStride, columns);
        }
    }

    /// out[:, from..to) = x[inputs, N] · w[:, from..to); `from` and `to` lie on whole blocks of the type.
    static void byColumns(Matrix x, int inputs, Tensor w, int from, int to, Matrix out) {
        if (inputs == 0 || from == to) {
            return;
        }
        Scratch scratch = Scratch.mine();
        int width = to - from;
        Matrix target = out.from(0, from);
        if (w.type() == DType.F32) {
            scratch.gemm.multiply(inputs, width, w.rows(), x, matrix(w).from(0, from), target, false);
            return;
        }
        WeightRows rows = WeightRows.of(w);
        long address = Memory.address(w) + w.type().bytes(from);
        float[] row = scratch.weights(width);
        MemorySegment decoded = scratch.floats(Scratch.Use.WEIGHTS, (long) TRANSPOSED_ROWS * width);
        for (int n = 0; n < w.rows(); n += TRANSPOSED_ROWS) {
            int count = Math.min(TRANSPOSED_ROWS, w.rows() - n);
            for (int r = 0; r < count; r++) {
                rows.decode(address + (n + r) * w.rowBytes(), row, 0, width);
                Memory.write(row, 0, decoded.address() + (long) r * width * Float.BYTES, width);
            }
            scratch.gemm.multiply(inputs, width, count, x.from(0, n), Matrix.rows(decoded, width), target, n > 0);
        }
    }
}
