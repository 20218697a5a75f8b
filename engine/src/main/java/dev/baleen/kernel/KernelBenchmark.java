package dev.baleen.kernel;

import dev.baleen.dtype.DType;
import dev.baleen.kernel.BenchmarkResult.Unit;
import dev.baleen.kernel.Gemm.Matrix;
import dev.baleen.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.function.Consumer;
import java.util.function.Predicate;

/// Measures what this machine can do, then each kernel as a fraction of it.
///
/// Two bounds, from the same run: reading memory, and multiply-adds on registers. A figure is the best of several runs,
/// after enough of them for the compiler; other work on the machine makes both bounds and kernels look worse.
public final class KernelBenchmark {
    private static final int ROWS_COLUMNS = 2048;

    private final ComputePool pool;
    private final Kernels kernels;
    private final Arena arena;
    private final Predicate<String> wanted;
    private final Consumer<BenchmarkResult> found;
    private float unused;

    private KernelBenchmark(ComputePool pool, Arena arena, Predicate<String> wanted, Consumer<BenchmarkResult> found) {
        this.pool = pool;
        this.arena = arena;
        this.wanted = wanted;
        this.found = found;
        kernels = Backends.best(pool);
    }

    /// Measures the bounds and every kernel that is wanted, and hands over each result as it comes.
    ///
    /// @param wanted by group and name, as `1 token × weights from memory: Q4_K`
    public static void run(ComputePool pool, Predicate<String> wanted, Consumer<BenchmarkResult> found) {
        if (!(Backends.best(pool) instanceof VectorKernels)) {
            throw new IllegalStateException("Without vectors there are no bounds to measure against");
        }
        try (Arena arena = Arena.ofShared()) {
            new KernelBenchmark(pool, arena, wanted, found).measure();
        }
    }

    private void measure() {
        MemorySegment memory = Bounds.memory(arena);
        Bounds bounds = Bounds.measure(pool, memory);
        int threads = pool.threads();
        bound("reading memory", Unit.BYTES, bounds.bytesPerSecond());
        bound("multiply-adds on registers", Unit.OPERATIONS, bounds.operationsPerSecond());
        double onePeak = bounds.operationsPerSecond();
        if (threads > 1) {
            onePeak = MachineBounds.peakOperations(1) / Timing.seconds(() -> unused += MachineBounds.peak());
            bound("multiply-adds on registers, one thread", Unit.OPERATIONS, onePeak);
            bound("handing work to all threads and back", Unit.CALLS, 1 / Timing.seconds(this::handOver));
        }
        new WeightBenchmark(this, bounds, memory).measure();
        products(bounds.operationsPerSecond());
        smallProducts(onePeak);
        new AttentionBenchmark(this, bounds).measure();
        rows(memory, bounds.bytesPerSecond());
    }

    private void handOver() {
        pool.run(pool.threads(), 1, (_, _) -> {});
    }

    private void products(double peak) {
        String group = "F32 product, inputs × K × N";
        int[][] shapes = {{512, 512, 512}, {2048, 256, 1024}, {2048, 1024, 256}, {1024, 2048, 256}};
        for (int[] s : shapes) {
            Tensor x = tensor(s[0], s[1]);
            Tensor w = tensor(s[2], s[1]);
            Tensor result = tensor(s[0], s[2]);
            double count = 2.0 * s[0] * s[1] * s[2];
            String name = "%d × %d × %d".formatted(s[0], s[1], s[2]);
            kernel(group, name, Unit.OPERATIONS, count, peak, () -> kernels.matmul(x, w, result));
        }
        Tensor x = tensor(512, 512);
        Tensor w = tensor(512, 512);
        Tensor result = tensor(512, 512);
        double count = 2.0 * 512 * 512 * 512;
        kernel(
                group,
                "512 × 512 × 512, transposed",
                Unit.OPERATIONS,
                count,
                peak,
                () -> kernels.matmulTransposed(x, w, result));
    }

    /// Forward, and the two gradients.
    private void smallProducts(double peak) {
        String group = "F32 product of training, one thread";
        int[][] shapes = {{512, 64, 64}, {512, 48, 64}, {512, 64, 16}, {1024, 96, 256}, {100, 64, 48}};
        for (int[] s : shapes) {
            int inputs = s[0];
            int k = s[1];
            int n = s[2];
            Gemm gemm = new Gemm();
            Matrix x = Matrix.rows(tensor(inputs, k).data(), k);
            Matrix w = Matrix.rows(tensor(n, k).data(), k);
            Matrix y = Matrix.rows(tensor(inputs, n).data(), n);
            double count = 2.0 * inputs * k * n;
            String name = "%d × %d × %d".formatted(inputs, k, n);
            Unit unit = Unit.OPERATIONS;
            kernel(group, name, unit, count, peak, () -> gemm.multiply(inputs, n, k, x, w.transposed(), y, false));
            kernel(
                    group,
                    name + ", gradient of inputs",
                    unit,
                    count,
                    peak,
                    () -> gemm.multiply(inputs, k, n, y, w, x, false));
            kernel(
                    group,
                    name + ", gradient of weights",
                    unit,
                    count,
                    peak,
                    () -> gemm.multiply(n, k, inputs, y.transposed(), x, w, false));
        }
    }

    private void rows(MemorySegment memory, double bandwidth) {
        String group = "Rows from memory and back";
        Tensor all = WeightBenchmark.weights(DType.F32, ROWS_COLUMNS, memory);
        int half = all.rows() / 2;
        Tensor x = all.slice(0, half);
        Tensor result = all.slice(half, 2L * half);
        Tensor weight = tensor(1, ROWS_COLUMNS).reshape(ROWS_COLUMNS);
        double bytes = all.data().byteSize();
        kernel(group, "rmsNorm", Unit.BYTES, bytes, bandwidth, () -> kernels.rmsNorm(x, weight, 1e-6, result));
        kernel(group, "swiGlu", Unit.BYTES, bytes, bandwidth, () -> kernels.swiGlu(x, x, result));
    }

    Kernels kernels() {
        return kernels;
    }

    /// A tensor of numbers from -0.5 to 0.5.
    Tensor tensor(long... lengths) {
        return tensor(DType.F32, lengths);
    }

    /// The same of another type.
    Tensor tensor(DType type, long... lengths) {
        Tensor tensor = Tensor.allocate(arena, type, lengths);
        float[] values = new float[Math.toIntExact(tensor.elements())];
        for (int i = 0; i < values.length; i++) {
            values[i] = i % 17 / 17f - 0.5f;
        }
        tensor.setFloats(values);
        return tensor;
    }

    private void bound(String name, Unit unit, double perSecond) {
        found.accept(new BenchmarkResult("Bound", name, unit, perSecond, 0, 0));
    }

    /// Measures a call that does `count` of the unit, if it is wanted.
    void kernel(String group, String name, Unit unit, double count, double bound, Runnable call) {
        if (wanted.test(group + ": " + name)) {
            double seconds = Timing.seconds(call);
            found.accept(new BenchmarkResult(group, name, unit, count / seconds, bound, seconds));
        }
    }
}
