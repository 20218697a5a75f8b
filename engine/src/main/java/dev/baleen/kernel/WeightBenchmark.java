package dev.baleen.kernel;

import dev.baleen.dtype.DType;
import dev.baleen.kernel.BenchmarkResult.Unit;
import dev.baleen.tensor.BlockScales;
import dev.baleen.tensor.Shape;
import dev.baleen.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.stream.Stream;

/// Measures products with weights of every format: of one token, which memory bounds, and of many and of grouped
/// experts, which arithmetic does.
final class WeightBenchmark {
    private static final int COLUMNS = 2048;
    private static final int TOKENS = 64;
    private static final int ROWS = 4096;
    // An expert of DeepSeek-V2-Lite, and how 512 tokens may choose six of sixteen each.
    private static final int EXPERT_ROWS = 1408;
    private static final int[] EXPERT_TOKENS = {
        64, 8, 48, 16, 32, 24, 40, 56, 12, 60, 20, 52, 28, 44, 36, 68,
    };

    private final KernelBenchmark benchmark;
    private final Kernels kernels;
    private final Bounds bounds;
    private final MemorySegment memory;

    WeightBenchmark(KernelBenchmark benchmark, Bounds bounds, MemorySegment memory) {
        this.benchmark = benchmark;
        this.bounds = bounds;
        this.memory = memory;
        kernels = benchmark.kernels();
    }

    void measure() {
        List<DType> types = Stream.of(DType.values())
                .filter(type -> type != DType.F64 && type != DType.F8_E8M0)
                .toList();
        types.forEach(this::oneToken);
        types.forEach(this::manyTokens);
        types.forEach(this::experts);
    }

    /// Each call takes another window of the memory, so that no cache holds the weights.
    private void oneToken(DType type) {
        Tensor x = benchmark.tensor(1, COLUMNS);
        Tensor[] windows = windows(type);
        Tensor result = benchmark.tensor(1, windows[0].rows());
        double bytes = windows[0].data().byteSize();
        int[] next = {0};
        kernel("1 token × weights from memory", type, Unit.BYTES, bytes, bounds.bytesPerSecond(), () -> {
            kernels.matmul(x, windows[next[0]], result);
            next[0] = (next[0] + 1) % windows.length;
        });
    }

    private Tensor[] windows(DType type) {
        Tensor[] windows = new Tensor[(int) (memory.byteSize() / Bounds.WINDOW_BYTES)];
        for (int i = 0; i < windows.length; i++) {
            windows[i] = weights(type, COLUMNS, memory.asSlice(i * Bounds.WINDOW_BYTES, Bounds.WINDOW_BYTES));
        }
        return windows;
    }

    private void manyTokens(DType type) {
        Tensor w = weights(type, COLUMNS, memory).slice(0, ROWS);
        Tensor x = benchmark.tensor(TOKENS, COLUMNS);
        Tensor result = benchmark.tensor(TOKENS, ROWS);
        double operations = 2.0 * TOKENS * w.elements();
        kernel(
                TOKENS + " tokens × weights",
                type,
                Unit.OPERATIONS,
                operations,
                bounds.operationsPerSecond(),
                () -> kernels.matmul(x, w, result));
    }

    private void experts(DType type) {
        Tensor all = weights(type, COLUMNS, memory);
        int[] offsets = new int[EXPERT_TOKENS.length + 1];
        Tensor[] w = new Tensor[EXPERT_TOKENS.length];
        for (int e = 0; e < w.length; e++) {
            offsets[e + 1] = offsets[e] + EXPERT_TOKENS[e];
            long place = e % (all.rows() / EXPERT_ROWS); // Where memory is short, some share their weights.
            w[e] = all.slice(place * EXPERT_ROWS, (place + 1) * EXPERT_ROWS);
        }
        int tokens = offsets[w.length];
        Tensor x = benchmark.tensor(tokens, COLUMNS);
        Tensor result = benchmark.tensor(tokens, EXPERT_ROWS);
        kernel(
                "%d rows shared out among %d experts".formatted(tokens, w.length),
                type,
                Unit.OPERATIONS,
                2.0 * tokens * COLUMNS * EXPERT_ROWS,
                bounds.operationsPerSecond(),
                () -> kernels.groupedMatmul(x, offsets, w, result));
    }

    private void kernel(String group, DType type, Unit unit, double count, double bound, Runnable call) {
        benchmark.kernel(group, name(type), unit, count, bound, call);
    }

    private static String name(DType type) {
        return switch (type) {
            case F8_E4M3 -> type + " scaled by 128 × 128";
            case F4_E2M1 -> type + " scaled by 1 × 32";
            default -> type.toString();
        };
    }

    /// As many rows as fit the memory, with scales where the type has them apart.
    static Tensor weights(DType type, int columns, MemorySegment memory) {
        long rowBytes = type.bytes(columns);
        long rows = memory.byteSize() / rowBytes;
        Tensor weights = Tensor.of(type, Shape.of(rows, columns), memory.asSlice(0, rows * rowBytes));
        return switch (type) {
            case F8_E4M3 -> weights.scaled(scales(DType.F32, weights, 128, 128, memory));
            case F4_E2M1 -> weights.scaled(scales(DType.F8_E8M0, weights, 1, 32, memory));
            default -> weights;
        };
    }

    private static BlockScales scales(DType type, Tensor weights, int rows, int columns, MemorySegment memory) {
        Shape shape = Shape.of(Math.ceilDiv(weights.rows(), rows), Math.ceilDiv(weights.columns(), columns));
        Tensor values = Tensor.of(type, shape, memory.asSlice(0, type.bytes(shape.elements())));
        return new BlockScales(values, rows, columns, 0);
    }
}
