package dev.baleen.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.baleen.dtype.DType;
import dev.baleen.kernel.Backends;
import dev.baleen.kernel.ComputePool;
import dev.baleen.kernel.EagerOps;
import dev.baleen.kernel.Kernels;
import dev.baleen.kernel.ScalarKernels;
import dev.baleen.kernel.Span;
import dev.baleen.tensor.Tensor;
import dev.baleen.tensor.Workspace;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What every architecture promises, over random models of awkward sizes.
class EveryArchitectureTest {
    private static final int ROWS = 70;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void howThePromptIsCutAndWhoElseRunsChangesNoBit(long seed) {
        try (ComputePool pool = new ComputePool(3)) {
            Kernels kernels = Backends.best(pool);
            for (Model model : RandomModel.ofEveryArchitecture(DType.F32, seed)) {
                check(model, kernels, seed);
            }
        }
    }

    private static void check(Model model, Kernels kernels, long seed) {
        Random random = new Random(seed);
        int[] prompt = random.ints(ROWS, 0, model.vocabularySize()).toArray();
        String where = "%s, seed %d, %s".formatted(model.architecture(), seed, kernels.description());
        float[][] whole;
        try (Decoding decoding = new Decoding(model, kernels, 1)) {
            whole = decoding.feed(prompt);
        }
        try (Decoding decoding = new Decoding(model, kernels, 3)) {
            float[][] parts = new float[ROWS][];
            for (int from = 0; from < ROWS; ) {
                int count = Math.min(ROWS - from, 1 + random.nextInt(3) * random.nextInt(20));
                int[] stranger = random.ints(random.nextInt(6), 0, model.vocabularySize())
                        .toArray();
                float[][] rows = decoding.feed(stranger, Arrays.copyOfRange(prompt, from, from + count), stranger);
                System.arraycopy(rows, stranger.length, parts, from, count);
                from += count;
            }
            assertArrayEquals(whole, parts, where);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void theCacheChangesNothingInDoublePrecision(long seed) {
        for (Model model : RandomModel.ofEveryArchitecture(DType.F64, seed)) {
            int[] tokens =
                    new Random(seed).ints(ROWS, 0, model.vocabularySize()).toArray();
            try (Workspace workspace = new Workspace(64 << 20);
                    KvCache cache = KvCache.allocate(model.cacheLayout(), 3, DType.F64)) {
                EagerOps ops = new EagerOps(new ScalarKernels(), workspace);
                double[] without = values(model.forward(ops, Batch.documents(List.of(tokens)), KvCache.none()));
                Span[] spans = {new Span(0, ROWS, 0, new int[] {2, 0}, 0)};
                int[] all = IntStream.range(0, ROWS).toArray();
                double[] with = values(model.forward(ops, new Batch(tokens, spans, all), cache));
                assertArrayEquals(without, with, 1e-10, "%s, seed %d".formatted(model.architecture(), seed));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2})
    void oneMoreTokenChangesNoEarlierRowAndAnotherTokenDoes(long seed) {
        for (Model model : RandomModel.ofEveryArchitecture(DType.F32, seed)) {
            int[] tokens = new Random(seed).ints(20, 0, model.vocabularySize()).toArray();
            int[] changed = tokens.clone();
            changed[10] = (tokens[10] + 1) % model.vocabularySize();
            try (Decoding decoding = new Decoding(model, new ScalarKernels(), 1)) {
                float[][] before = decoding.documents(tokens);
                float[][] after = decoding.documents(changed);
                for (int row = 0; row < tokens.length; row++) {
                    assertEquals(
                            row < 10,
                            Arrays.equals(before[row], after[row]),
                            "%s, seed %d, row %d".formatted(model.architecture(), seed, row));
                }
            }
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {1})
    void aStepTakesTheMemoryThatWasMeasured(long seed) {
        for (Model model : RandomModel.ofEveryArchitecture(DType.F32, seed)) {
            int rows = 33;
            int[] tokens =
                    new Random(seed).ints(rows, 0, model.vocabularySize()).toArray();
            int[] outputs = {rows - 1};
            Span[] spans = {new Span(0, rows, 0, new int[] {0}, 0)};
            long bytes = StepMemory.bytes(model, rows, 1);
            try (Workspace workspace = new Workspace(bytes);
                    KvCache cache = KvCache.allocate(model.cacheLayout(), 1, DType.F32)) {
                model.forward(new EagerOps(new ScalarKernels(), workspace), new Batch(tokens, spans, outputs), cache);
                assertTrue(workspace.usedMax() > bytes / 2, model.architecture());
            }
        }
    }

    private static double[] values(Tensor tensor) {
        return IntStream.range(0, Math.toIntExact(tensor.elements()))
                .mapToDouble(tensor::get)
                .toArray();
    }
}
