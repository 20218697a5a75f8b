package dev.baleen.kernel;

import dev.baleen.dtype.DType;
import dev.baleen.kernel.Gemm.Matrix;
import dev.baleen.tensor.Shape;
import dev.baleen.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.function.Consumer;

/// Measures what this machine can do, then each kernel as a fraction of it.
///
/// Two bounds, from the same run: reading memory, and multiply-adds on registers. A figure is the best of several runs,
/// after enough of them for the compiler; other work on the machine makes both bounds and kernels look worse.
public final class KernelBenchmark {
    private static final int COLUMNS = 2048;
    /// Before the figures count, each kernel runs so long, and so often, for the compiler.
    private static final long WARM_NANOS = 1_000_000_000;

    private static final int WARM_CALLS = 10;
    private static final long MEASURE_NANOS = 700_000_000;
    private static final int RUNS_MIN = 5;
    private static final long RUN_NANOS_MIN = 2_000_000;

    private final ComputePool pool;
    private final Consumer<String> out;
    private final Kernels kernels;
    private final Arena arena;
    private float unused;

    private KernelBenchmark(ComputePool pool, Consumer<String> out, Arena arena) {
        this.pool = pool;
        this.out = out;
        this.arena = arena;
        kernels = Backends.best(pool);
    }

    /// Prints a line for each bound and each kernel, in about a minute.
    public static void run(ComputePool pool, Consumer<String> out) {
        try (Arena arena = Arena.ofShared()) {
            new KernelBenchmark(pool, out, arena).measure();
        }
    }

    private void measure() {
        out.accept("Kernels: " + kernels.description());
        if (!(kernels instanceof VectorKernels)) {
            out.accept("Without vectors there are no bounds to measure against.");
            return;
        }
        MemorySegment weights = Bounds.memory(arena);
        int threads = pool.threads();
        Bounds bounds = Bounds.measure(pool, weights);
        double bandwidth = bounds.bytesPerSecond();
        double peak = bounds.operationsPerSecond();
        double onePeak = best(() -> unused += MachineBounds.peak()) * MachineBounds.peakOperations(1);
        bound("reading %,d MiB of memory".formatted(weights.byteSize() >> 20), bandwidth, "GB/s");
        bound("multiply-adds on registers", peak, "GFLOP/s");
        bound("the same, one thread", onePeak, "GFLOP/s");
        if (threads > 1) {
            double handOver = 1 / best(() -> pool.run(threads, 1, (from, to) -> {}));
            out.accept("%-46s %9.1f µs".formatted("handing work to all threads and back", handOver * 1e6));
        }

        out.accept("");
        out.accept("Products in F32, inputs × K × N, of the peak");
        int[][] shapes = {{512, 512, 512}, {2048, 256, 1024}, {2048, 1024, 256}, {1024, 2048, 256}};
        for (int[] s : shapes) {
            product(s[0], s[1], s[2], peak);
        }
        transposedProduct(512, 512, 512, peak);
        out.accept("Products of a small model's training, one thread, of its peak");
        int[][] small = {{512, 64, 64}, {512, 48, 64}, {512, 64, 16}, {1024, 96, 256}, {100, 64, 48}};
        for (int[] s : small) {
            smallProducts(s[0], s[1], s[2], onePeak);
        }
        attention(peak);
        latentAttention(peak);

        out.accept("");
        out.accept("One token times weights from memory, of the bandwidth");
        for (DType type : new DType[] {DType.Q8_0, DType.BF16, DType.F16, DType.F32}) {
            matrixVector(type, weights, bandwidth);
        }
        out.accept("64 tokens times Q8_0 weights, of the peak");
        blockProduct(weights, peak);
        out.accept("Rows from memory and back, of the bandwidth");
        rows(weights, bandwidth);
    }

    private void product(int inputs, int k, int n, double peak) {
        Tensor x = tensor(inputs, k);
        Tensor w = tensor(n, k);
        Tensor result = tensor(inputs, n);
        double calls = best(() -> kernels.matmul(x, w, result));
        operations("matmul %d × %d × %d".formatted(inputs, k, n), calls, 2.0 * inputs * k * n, peak);
    }

    private void transposedProduct(int inputs, int n, int k, double peak) {
        Tensor x = tensor(inputs, n);
        Tensor w = tensor(n, k);
        Tensor result = tensor(inputs, k);
        double calls = best(() -> kernels.matmulTransposed(x, w, result));
        operations("matmulTransposed %d × %d × %d".formatted(inputs, n, k), calls, 2.0 * inputs * k * n, peak);
    }

    /// Forward, and the two gradients.
    private void smallProducts(int inputs, int k, int n, double peak) {
        Gemm gemm = new Gemm();
        Matrix x = Matrix.rows(tensor(inputs, k).data(), k);
        Matrix w = Matrix.rows(tensor(n, k).data(), k);
        Matrix y = Matrix.rows(tensor(inputs, n).data(), n);
        double count = 2.0 * inputs * k * n;
        String shape = "%d × %d × %d".formatted(inputs, k, n);
        operations(shape, best(() -> gemm.multiply(inputs, n, k, x, w.transposed(), y, false)), count, peak);
        operations(
                shape + ", gradient of the inputs",
                best(() -> gemm.multiply(inputs, k, n, y, w, x, false)),
                count,
                peak);
        operations(
                shape + ", gradient of the weights",
                best(() -> gemm.multiply(n, k, inputs, y.transposed(), x, w, false)),
                count,
                peak);
    }

    private void attention(double peak) {
        int rows = 256;
        int heads = 4;
        int spans = 8;
        Tensor q = tensor(spans * rows, heads, 48);
        Tensor k = tensor(spans * rows, heads, 48);
        Tensor v = tensor(spans * rows, heads, 32);
        Tensor result = tensor(spans * rows, heads, 32);
        Span[] documents = new Span[spans];
        for (int i = 0; i < spans; i++) {
            documents[i] = Span.document(i * rows, rows);
        }
        double calls = best(() -> kernels.attention(q, k, v, documents, 0.1, result));
        double count = (double) spans * heads * rows * (rows + 1) / 2 * 2 * (48 + 32);
        operations("attention, 8 × 256 rows, 4 heads of 48 and 32", calls, count, peak);
    }

    private void latentAttention(double peak) {
        int pages = 64;
        int heads = 16;
        CachedHeads layout = CachedHeads.latent(576, 512);
        Tensor cache = Tensor.allocate(arena, DType.F16, pages, 64, 576);
        int[] order = new int[pages];
        for (int i = 0; i < pages; i++) {
            order[i] = i;
        }
        Span[] spans = {new Span(0, 1, 64 * pages - 1, order)};
        Tensor q = tensor(1, heads, 576);
        Tensor result = tensor(1, heads, 512);
        double calls = best(() -> kernels.cachedAttention(q, cache, layout, spans, 0.1, result));
        double count = 2.0 * heads * 64 * pages * (576 + 512);
        operations("latent attention, 1 token after 4095, 16 heads", calls, count, peak);
    }

    private void matrixVector(DType type, MemorySegment memory, double bandwidth) {
        Tensor w = weights(type, memory);
        Tensor x = tensor(1, COLUMNS);
        Tensor result = tensor(1, w.rows());
        double calls = best(() -> kernels.matmul(x, w, result));
        bytes(
                "matmul 1 × %d × %d %s".formatted(COLUMNS, w.rows(), type),
                calls,
                w.data().byteSize(),
                bandwidth);
    }

    private void blockProduct(MemorySegment memory, double peak) {
        Tensor w = weights(DType.Q8_0, memory).slice(0, 8192);
        Tensor x = tensor(64, COLUMNS);
        Tensor result = tensor(64, w.rows());
        double calls = best(() -> kernels.matmul(x, w, result));
        operations("matmul 64 × 2048 × 8192 Q8_0", calls, 2.0 * 64 * w.elements(), peak);
    }

    private static Tensor weights(DType type, MemorySegment memory) {
        long rowBytes = type.bytes(COLUMNS);
        long rows = memory.byteSize() / rowBytes;
        return Tensor.of(type, Shape.of(rows, COLUMNS), memory.asSlice(0, rows * rowBytes));
    }

    private void rows(MemorySegment memory, double bandwidth) {
        Tensor all = weights(DType.F32, memory);
        int half = all.rows() / 2;
        Tensor x = all.slice(0, half);
        Tensor result = all.slice(half, 2L * half);
        Tensor weight = tensor(1, COLUMNS).reshape(COLUMNS);
        double calls = best(() -> kernels.rmsNorm(x, weight, 1e-6, result));
        bytes("rmsNorm %d × %d".formatted(half, COLUMNS), calls, all.data().byteSize(), bandwidth);
        double silu = best(() -> kernels.swiGlu(x, x, result));
        bytes("swiGlu %d × %d".formatted(half, COLUMNS), silu, all.data().byteSize(), bandwidth);
    }

    private Tensor tensor(long... lengths) {
        Tensor tensor = Tensor.allocate(arena, DType.F32, lengths);
        for (long i = 0; i < tensor.elements(); i++) {
            tensor.set(i, i % 17 / 17f - 0.5f);
        }
        return tensor;
    }

    private void bound(String what, double perSecond, String unit) {
        out.accept("%-46s %9.1f %s".formatted(what, perSecond / 1e9, unit));
    }

    private void operations(String what, double calls, double operations, double bound) {
        line(what, calls, calls * operations, "GFLOP/s", bound);
    }

    private void bytes(String what, double calls, double bytes, double bound) {
        line(what, calls, calls * bytes, "GB/s", bound);
    }

    private void line(String what, double calls, double perSecond, String unit, double bound) {
        out.accept("%-46s %9.1f %-7s %5.0f %%  %10.3f ms"
                .formatted(what, perSecond / 1e9, unit, 100 * perSecond / bound, 1e3 / calls));
    }

    /// Calls per second in the fastest of many runs, each long enough for the clock.
    private static double best(Runnable call) {
        long warming = System.nanoTime();
        for (int i = 0; i < WARM_CALLS || System.nanoTime() - warming < WARM_NANOS; i++) {
            call.run();
        }
        long start = System.nanoTime();
        long fastest = Long.MAX_VALUE;
        int calls = 1;
        for (int run = 0; run < RUNS_MIN || System.nanoTime() - start < MEASURE_NANOS; ) {
            long from = System.nanoTime();
            for (int i = 0; i < calls; i++) {
                call.run();
            }
            long nanos = System.nanoTime() - from;
            if (nanos < RUN_NANOS_MIN) {
                calls *= 2;
                fastest = Long.MAX_VALUE;
            } else {
                fastest = Math.min(fastest, nanos);
                run++;
            }
        }
        return calls * 1e9 / fastest;
    }
}
