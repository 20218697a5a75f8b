package dev.baleen.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.baleen.dtype.DType;
import dev.baleen.kernel.EagerOps;
import dev.baleen.kernel.IdleKernels;
import dev.baleen.kernel.OperationCounter;
import dev.baleen.kernel.ScalarKernels;
import dev.baleen.kernel.Span;
import dev.baleen.tensor.BlockScales;
import dev.baleen.tensor.Tensor;
import dev.baleen.tensor.Workspace;
import java.lang.foreign.Arena;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// What a step takes, against sums by hand.
class OperationCounterTest {
    private static final int[] PAGES = {0};

    @Test
    void countsAWeightOnceAProductAndTwoOperationsForEachOfItsNumbersAndRows() {
        try (Workspace workspace = Workspace.imaginary()) {
            OperationCounter counter = new OperationCounter(new EagerOps(new IdleKernels(), workspace));
            counter.matmul(rows(3, 8), rows(5, 8));
            assertEquals(2.0 * 3 * 8 * 5, counter.operations());
            assertEquals(5 * 8 * 4, counter.weightBytes());
            assertEquals(0, counter.cacheBytes());
        }
    }

    @Test
    void countsScalesThatLieBesideAWeight() {
        Tensor scales = Tensor.allocate(Arena.ofAuto(), DType.F8_E8M0, 5, 2);
        Tensor weight = Tensor.allocate(Arena.ofAuto(), DType.F4_E2M1, 5, 64).scaled(new BlockScales(scales, 1, 32, 0));
        try (Workspace workspace = Workspace.imaginary()) {
            OperationCounter counter = new OperationCounter(new EagerOps(new IdleKernels(), workspace));
            counter.matmul(rows(1, 64), weight);
            assertEquals(5 * 64 / 2 + 5 * 64 / 32, counter.weightBytes());
        }
    }

    @Test
    void aTokenReadsItsOwnExpertsOnly() {
        Model model = RandomModel.of(RandomModel.v3(), DType.F32, 11);
        long all = model.parameters().values().stream()
                .mapToLong(weight -> weight.data().byteSize())
                .sum();
        OperationCounter one = count(model, 1, 0);
        OperationCounter many = count(model, 40, 0);
        assertTrue(one.weightBytes() < many.weightBytes(), one.weightBytes() + " and " + many.weightBytes());
        assertTrue(one.weightBytes() < all, one.weightBytes() + " of " + all);
        assertTrue(one.operations() * 30 < many.operations(), one.operations() + " and " + many.operations());
    }

    @Test
    void aTokenReadsTheCacheUpToItself() {
        Model model = RandomModel.of(RandomModel.v3(), DType.F32, 11);
        long token = model.cacheLayout().bytesPerToken(DType.F32);
        assertEquals(token, count(model, 1, 0).cacheBytes());
        assertEquals(token * 8, count(model, 1, 7).cacheBytes());
    }

    private static OperationCounter count(Model model, int rows, int position) {
        try (Workspace workspace = new Workspace(StepMemory.bytes(model, rows, rows));
                KvCache cache = KvCache.allocate(model.cacheLayout(), PAGES.length, DType.F32)) {
            OperationCounter counter = new OperationCounter(new EagerOps(new ScalarKernels(), workspace));
            int[] tokens = IntStream.range(0, rows).toArray();
            Span[] spans = {new Span(0, rows, position, PAGES)};
            model.forward(counter, new Batch(tokens, spans, new int[] {rows - 1}), cache);
            return counter;
        }
    }

    private static Tensor rows(int rows, int columns) {
        return Tensor.ofFloats(new float[rows * columns], rows, columns);
    }
}
