package dev.baleen.kernel;

import dev.baleen.dtype.DType;
import dev.baleen.kernel.KernelCases.Source;
import dev.baleen.tensor.BlockScales;
import dev.baleen.tensor.Tensor;
import java.lang.foreign.Arena;
import java.util.List;
import java.util.Map;

/// Calls with weights whose scales lie beside them: whole matrices, and slices that begin in the middle of a block.
final class ScaledCases {
    /// T, K, N, and the row of the whole matrix that the weights begin at.
    private static final int[][] SHAPES = {{1, 96, 33, 0}, {3, 300, 140, 100}, {7, 128, 40, 128}, {33, 288, 70, 60}};

    private ScaledCases() {}

    static void add(Map<String, KernelCases.Call> calls) {
        for (int[] s : SHAPES) {
            add(calls, DType.F8_E4M3, DType.F32, 128, 128, s);
            add(calls, DType.F8_E4M3, DType.F8_E8M0, 128, 128, s);
            add(calls, DType.F8_E4M3, DType.BF16, 7, 10, s);
            add(calls, DType.F4_E2M1, DType.F8_E8M0, 1, 32, s);
        }
    }

    private static void add(
            Map<String, KernelCases.Call> calls, DType type, DType scale, int rows, int columns, int[] shape) {
        int t = shape[0];
        int k = shape[1];
        int n = shape[2];
        int first = shape[3];
        String name = " %s in %s of %d × %d, T %d K %d N %d from row %d"
                .formatted(type, scale, rows, columns, t, k, n, first);
        calls.put("matmul" + name, (kernels, source) -> {
            Tensor out = KernelCases.empty(t, n);
            kernels.matmul(source.floats(t, k), weights(source, type, scale, rows, columns, k, n, first), out);
            return List.of(out);
        });
        calls.put("matmulTransposed" + name, (kernels, source) -> {
            Tensor out = KernelCases.empty(t, k);
            Tensor x = source.floats(t, n);
            kernels.matmulTransposed(x, weights(source, type, scale, rows, columns, k, n, first), out);
            return List.of(out);
        });
        calls.put("headMatmul" + name, (kernels, source) -> {
            Tensor[] heads = weights(source, type, scale, rows, columns, k, n, first, 2);
            Tensor out = KernelCases.empty(t, 2, n);
            kernels.headMatmul(source.floats(t, 2, k), heads, out);
            Tensor transposed = KernelCases.empty(t, 2, k);
            kernels.headMatmulTransposed(source.floats(t, 2, n), heads, transposed);
            return List.of(out, transposed);
        });
        calls.put("groupedMatmul" + name, (kernels, source) -> {
            Tensor out = KernelCases.empty(t, n);
            Tensor[] experts = weights(source, type, scale, rows, columns, k, n, first, 3);
            kernels.groupedMatmul(source.floats(t, k), new int[] {0, t / 2, t / 2, t}, experts, out);
            return List.of(out);
        });
        calls.put("embedding" + name, (kernels, source) -> {
            Tensor out = KernelCases.empty(5, k);
            Tensor table = weights(source, type, scale, rows, columns, k, n, first);
            kernels.embedding(table, source.indexes(5, n), out);
            return List.of(out);
        });
    }

    private static Tensor[] weights(
            Source source, DType type, DType scale, int rows, int columns, int k, int n, int first, int count) {
        Tensor[] weights = new Tensor[count];
        for (int i = 0; i < count; i++) {
            weights[i] = weights(source, type, scale, rows, columns, k, n, first);
        }
        return weights;
    }

    /// Rows `first` to `first + n` of a larger matrix.
    private static Tensor weights(
            Source source, DType type, DType scale, int rows, int columns, int k, int n, int first) {
        int all = first + n + 5;
        Tensor scales = source.floats(Math.ceilDiv(all, rows), Math.ceilDiv(k, columns));
        for (long i = 0; i < scales.elements(); i++) {
            scales.set(i, 0.1 + Math.abs(scales.get(i)));
        }
        Tensor encoded = Tensor.allocate(Arena.ofAuto(), scale, scales.rows(), scales.columns());
        encoded.setFloats(scales.toFloats());
        BlockScales blocks = new BlockScales(encoded, rows, columns, 0);
        return source.tensor(type, all, k).scaled(blocks).slice(first, first + n);
    }
}
