package dev.baleen.kernel;

import dev.baleen.dtype.DType;
import dev.baleen.kernel.BenchmarkResult.Unit;
import dev.baleen.tensor.Tensor;

/// Measures attention: of prompts, which arithmetic bounds, and of one token over a cache, which memory does where each
/// key and value serves few query heads.
final class AttentionBenchmark {
    private static final int PAGE = 64;
    private static final int CACHED = 4096;

    private final KernelBenchmark benchmark;
    private final Kernels kernels;
    private final Bounds bounds;

    AttentionBenchmark(KernelBenchmark benchmark, Bounds bounds) {
        this.benchmark = benchmark;
        this.bounds = bounds;
        kernels = benchmark.kernels();
    }

    void measure() {
        documents();
        CachedHeads qwen = CachedHeads.grouped(2, 128, 128);
        CachedHeads llama = CachedHeads.grouped(8, 128, 128);
        CachedHeads latent = CachedHeads.latent(576, 512);
        for (int rows : new int[] {1, 512}) {
            for (DType type : new DType[] {DType.F32, DType.F16}) {
                cached(qwen, 512, 12, rows, type, "12 heads of 128, 2 key-value heads");
                cached(llama, 2048, 32, rows, type, "32 heads of 128, 8 key-value heads");
                cached(latent, 576, 16, rows, type, "16 heads of one latent");
            }
        }
        cached(latent, 576, 128, 1, DType.F16, "128 heads of one latent");
    }

    private void documents() {
        int rows = 256;
        int heads = 4;
        int count = 8;
        Tensor q = benchmark.tensor(count * rows, heads, 48);
        Tensor k = benchmark.tensor(count * rows, heads, 48);
        Tensor v = benchmark.tensor(count * rows, heads, 32);
        Tensor result = benchmark.tensor(count * rows, heads, 32);
        Span[] documents = new Span[count];
        for (int i = 0; i < count; i++) {
            documents[i] = Span.document(i * rows, rows);
        }
        double operations = (double) count * heads * rows * (rows + 1) / 2 * 2 * (48 + 32);
        benchmark.kernel(
                "Attention of training",
                "8 × 256 rows, 4 heads of 48 and 32",
                Unit.OPERATIONS,
                operations,
                bounds.operationsPerSecond(),
                () -> kernels.attention(q, k, v, documents, 0.1, result));
    }

    /// `rows` tokens that end at position [#CACHED].
    private void cached(CachedHeads layout, int width, int heads, int rows, DType type, String name) {
        int pages = CACHED / PAGE;
        Tensor cache = benchmark.tensor(type, pages, PAGE, width);
        int[] order = new int[pages];
        for (int i = 0; i < pages; i++) {
            order[i] = i;
        }
        Span[] spans = {new Span(0, rows, CACHED - rows, order)};
        Tensor q = benchmark.tensor(rows, heads, layout.keyWidth());
        Tensor result = benchmark.tensor(rows, heads, layout.valueWidth());
        double pairs = rows * (CACHED - (rows - 1) / 2.0);
        double operations = 2 * heads * pairs * (layout.keyWidth() + layout.valueWidth());
        double bytes = cache.data().byteSize();
        boolean memory = bytes / bounds.bytesPerSecond() > operations / bounds.operationsPerSecond();
        benchmark.kernel(
                rows == 1
                        ? "Attention of 1 token after " + (CACHED - 1)
                        : "Attention of the last %d of %d tokens".formatted(rows, CACHED),
                name + ", " + type,
                memory ? Unit.BYTES : Unit.OPERATIONS,
                memory ? bytes : operations,
                memory ? bounds.bytesPerSecond() : bounds.operationsPerSecond(),
                () -> kernels.cachedAttention(q, cache, layout, spans, 0.1, result));
    }
}
