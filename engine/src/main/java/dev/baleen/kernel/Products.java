package dev.baleen.kernel;

import dev.baleen.dtype.DType;
import dev.baleen.kernel.Gemm.Matrix;
import dev.baleen.tensor.Tensor;
import java.lang.foreign.MemorySegment;

/// Products of single-precision inputs with weights of any type, on one thread, for a range of output columns.
///
/// F32 goes to [Gemm]. Other types are read by [WeightRows]: with few inputs each row of weights is multiplied as it is
/// decoded, which memory bounds; with more, a block of rows is decoded into the second-level cache once and multiplied
/// with tile after tile of inputs, which arithmetic bounds. Both give the same bits.
final class Products {
    /// From so many inputs on, weights are decoded first.
    private static final int TILED_INPUTS_MIN = 4;
    /// Decoded weights of a block: 256 KiB.
    private static final int BLOCK_FLOATS = 1 << 16;

    private static final int BLOCK_ROWS_MAX = 64;
    /// Copied inputs of a block: 4 MiB.
    private static final int INPUT_FLOATS = 1 << 20;
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
        int length = SixteenSums.padded(w.columns());
        int block = Math.clamp(INPUT_FLOATS / length, TILED_INPUTS_MIN, Math.max(TILED_INPUTS_MIN, inputs));
        for (int first = 0; first < inputs; first += block) {
            int count = Math.min(block, inputs - first);
            Matrix part = x.from(first, 0);
            float[] copied = copyInputs(part, count, w.columns(), length);
            Matrix target = out.from(first, 0);
            if (count < TILED_INPUTS_MIN) {
                multiplyRowByRow(copied, count, length, w, from, to, target);
            } else {
                multiplyTiles(copied, count, length, w, from, to, target);
            }
        }
    }

    /// Rows in an array, each padded with zeros to `length`.
    private static float[] copyInputs(Matrix x, int inputs, int columns, int length) {
        float[] copied = Scratch.mine().inputs(inputs * length);
        long address = x.address();
        for (int i = 0; i < inputs; i++) {
            Memory.read(address + i * x.rowStride() * Float.BYTES, copied, i * length, columns);
            for (int k = columns; k < length; k++) {
                copied[i * length + k] = 0;
            }
        }
        return copied;
    }

    /// Two rows of weights at a time, from the two halves of the range: two far-apart streams of memory are
    /// fetched ahead better than one, or than two neighbours.
    private static void multiplyRowByRow(float[] x, int inputs, int length, Tensor w, int from, int to, Matrix out) {
        WeightRows rows = WeightRows.of(w);
        float[] sums = Scratch.mine().sums;
        int half = (to - from + 1) / 2;
        long address = Memory.address(w);
        long rowBytes = w.rowBytes();
        long target = out.address();
        long outRow = out.rowStride() * Float.BYTES;
        for (int n = from; n < from + half; n++) {
            int other = Math.min(n + half, to - 1);
            for (int i = 0; i < inputs; i++) {
                rows.products(address + n * rowBytes, address + other * rowBytes, w.columns(), x, i * length, sums);
                Memory.putFloat(target + i * outRow + (long) n * Float.BYTES, SixteenSums.total(sums, 0));
                Memory.putFloat(
                        target + i * outRow + (long) other * Float.BYTES, SixteenSums.total(sums, SixteenSums.PARTS));
            }
        }
    }

    private static void multiplyTiles(float[] x, int inputs, int length, Tensor w, int from, int to, Matrix out) {
        WeightRows rows = WeightRows.of(w);
        Scratch scratch = Scratch.mine();
        int block = Math.clamp(BLOCK_FLOATS / length, 4, BLOCK_ROWS_MAX);
        float[] decoded = scratch.weights(block * length);
        long address = Memory.address(w);
        for (int n = from; n < to; n += block) {
            int count = Math.min(block, to - n);
            for (int r = 0; r < count; r++) {
                rows.decode(address + (n + r) * w.rowBytes(), decoded, r * length, w.columns());
                for (int k = w.columns(); k < length; k++) {
                    decoded[r * length + k] = 0;
                }
            }
            long outRow = out.rowStride() * Float.BYTES;
            long target = out.address() + (long) n * Float.BYTES;
            SixteenSums.products(
                    count, inputs, length, decoded, length, x, length, target, Float.BYTES, outRow, scratch.sums);
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
