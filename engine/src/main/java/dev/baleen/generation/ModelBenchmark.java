package dev.baleen.generation;

import dev.baleen.dtype.DType;
import dev.baleen.kernel.Bounds;
import dev.baleen.kernel.EagerOps;
import dev.baleen.kernel.Kernels;
import dev.baleen.kernel.OperationCounter;
import dev.baleen.kernel.Span;
import dev.baleen.model.Batch;
import dev.baleen.model.KvCache;
import dev.baleen.model.Model;
import dev.baleen.model.StepMemory;
import dev.baleen.tensor.Workspace;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;

/// Measures one sequence's passes through a model, and what they would take if only memory or only arithmetic did.
///
/// The tokens are random, so that experts are chosen as widely as in text or more so. The network alone: no drawing of
/// tokens, no text.
public final class ModelBenchmark {
    private static final int STEP_TOKENS_MAX = EngineOptions.defaults().batchTokensMax();
    private static final long WARM_UP_NANOS_MIN = 1_500_000_000;
    private static final long WARM_UP_NANOS_MAX = 15_000_000_000L;
    /// Warm is what so many passes in a row did not make faster than this part of the fastest before.
    private static final int WARM_UP_IDLE = 8;

    private static final double WARM_UP_GAIN = 0.98;
    private static final long SEED = 20_260_101;
    private static final DType CACHE_TYPE = DType.F32;

    private final Model model;
    private final Kernels kernels;
    private final int repetitions;

    /// What was measured.
    ///
    /// @param seconds of the fastest repetition: other work can only make one slower
    /// @param operations floating-point operations of matrix products and attention
    /// @param bytes of weights and cache that had to be read
    public record Measurement(int tokens, double seconds, double operations, double bytes) {
        public double tokensPerSecond() {
            return tokens / seconds;
        }

        /// Whether reading takes longer than computing, each at its bound.
        public boolean isBoundByMemory(Bounds bounds) {
            return bytes / bounds.bytesPerSecond() > operations / bounds.operationsPerSecond();
        }

        /// No program on this machine does more tokens a second with these weights, unless its caches hold
        /// them.
        public double boundTokensPerSecond(Bounds bounds) {
            double reading = bytes / bounds.bytesPerSecond();
            double computing = operations / bounds.operationsPerSecond();
            return tokens / Math.max(reading, computing);
        }
    }

    public ModelBenchmark(Model model, Kernels kernels, int repetitions) {
        if (repetitions < 1) {
            throw new IllegalArgumentException(
                    "The number of repetitions is " + repetitions + "; it has to be at least 1");
        }
        this.model = model;
        this.kernels = kernels;
        this.repetitions = repetitions;
    }

    /// A prompt, in steps as long as the engine's, with the logits of the last token of each.
    public Measurement prompt(int tokens) {
        return measure(tokens, Math.min(tokens, STEP_TOKENS_MAX));
    }

    /// An answer, token by token.
    public Measurement answer(int tokens) {
        return measure(tokens, 1);
    }

    private Measurement measure(int tokens, int stepTokens) {
        if (tokens < 1 || tokens > model.contextLength()) {
            throw new IllegalArgumentException("%,d tokens cannot be measured: this model was made for 1 to %,d"
                    .formatted(tokens, model.contextLength()));
        }
        try (Pass pass = new Pass(model, kernels, tokens, stepTokens)) {
            OperationCounter counter = pass.run();
            warmUp(pass);
            long fastest = Long.MAX_VALUE;
            for (int i = 0; i < repetitions; i++) {
                fastest = Math.min(fastest, nanos(pass));
            }
            double bytes = (double) counter.weightBytes() + counter.cacheBytes();
            return new Measurement(tokens, fastest / 1e9, counter.operations(), bytes);
        }
    }

    /// Until passes do not get faster any more: the compiler needs longer where other work keeps the processor
    /// busy.
    private static void warmUp(Pass pass) {
        long start = System.nanoTime();
        long fastest = Long.MAX_VALUE;
        for (int idle = 0; idle < WARM_UP_IDLE && System.nanoTime() - start < WARM_UP_NANOS_MAX; ) {
            long nanos = nanos(pass);
            boolean early = System.nanoTime() - start < WARM_UP_NANOS_MIN;
            idle = early || nanos < WARM_UP_GAIN * fastest ? 0 : idle + 1;
            fastest = Math.min(fastest, nanos);
        }
    }

    private static long nanos(Pass pass) {
        long from = System.nanoTime();
        pass.run();
        return System.nanoTime() - from;
    }

    /// All steps of one sequence, as often as wanted: each time the cache is written anew.
    private static final class Pass implements AutoCloseable {
        private final Model model;
        private final Kernels kernels;
        private final int[] tokens;
        private final int stepTokens;
        private final Workspace workspace;
        private final KvCache cache;
        private final int[] pages;

        Pass(Model model, Kernels kernels, int tokens, int stepTokens) {
            this.model = model;
            this.kernels = kernels;
            this.tokens =
                    new Random(SEED).ints(tokens, 0, model.vocabularySize()).toArray();
            this.stepTokens = stepTokens;
            workspace = new Workspace(StepMemory.bytes(model, stepTokens, 1));
            pages = IntStream.range(0, KvCache.pagesFor(tokens)).toArray();
            cache = KvCache.allocate(model.cacheLayout(), pages.length, CACHE_TYPE);
        }

        OperationCounter run() {
            OperationCounter counter = new OperationCounter(new EagerOps(kernels, workspace));
            for (int from = 0; from < tokens.length; from += stepTokens) {
                int to = Math.min(tokens.length, from + stepTokens);
                Span[] spans = {new Span(0, to - from, from, pages, 0)};
                Batch batch = new Batch(Arrays.copyOfRange(tokens, from, to), spans, new int[] {to - from - 1});
                workspace.reset();
                model.forward(counter, batch, cache);
            }
            return counter;
        }

        @Override
        public void close() {
            cache.close();
            workspace.close();
        }
    }
}
