package dev.baleen.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.baleen.dtype.DType;
import dev.baleen.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// What every implementation of [Kernels] is held to; a new one extends this and says how it is made.
abstract class KernelsContract {
    private static final long[] SEEDS = {1, 2};

    private final ComputePool pool = new ComputePool(3);
    private final Kernels kernels = make(pool);

    /// The kernels under test, on the threads of `pool`.
    abstract Kernels make(ComputePool pool);

    @AfterEach
    void closePool() {
        pool.close();
    }

    @TestFactory
    Stream<DynamicTest> agreesWithTheSpecification() {
        Kernels plain = new ScalarKernels();
        return KernelCases.all().entrySet().stream()
                .map(entry -> DynamicTest.dynamicTest(entry.getKey(), () -> {
                    for (long seed : SEEDS) {
                        List<Tensor> actual = entry.getValue().run(kernels, new KernelCases.Source(seed));
                        List<Tensor> expected = entry.getValue().run(plain, new KernelCases.Source(seed));
                        for (int i = 0; i < expected.size(); i++) {
                            assertClose(expected.get(i), actual.get(i), "seed %d, output %d".formatted(seed, i));
                        }
                    }
                }));
    }

    @Test
    void givesTheSameBitsOnAnyNumberOfThreads() {
        String expected = KernelDigest.of(kernels);
        for (int threads : new int[] {1, 2, 5}) {
            try (ComputePool other = new ComputePool(threads)) {
                assertEquals(expected, KernelDigest.of(make(other)), threads + " threads");
            }
        }
    }

    @TestFactory
    Stream<DynamicTest> aProductOfARowAloneHasTheBitsOfTheRowAmongMany() {
        return Stream.of(DType.values())
                .map(type -> DynamicTest.dynamicTest(type.name(), () -> {
                    KernelCases.Source source = new KernelCases.Source(3);
                    int k = KernelCases.whole(type, 300);
                    Tensor x = source.floats(37, k);
                    Tensor w = source.tensor(type, 75, k);
                    Tensor all = KernelCases.empty(37, 75);
                    kernels.matmul(x, w, all);
                    for (int rows : new int[] {1, 2, 3, 4, 7}) {
                        for (int from : new int[] {0, 11, 37 - rows}) {
                            Tensor some = KernelCases.empty(rows, 75);
                            kernels.matmul(x.slice(from, from + rows), w, some);
                            assertSame(all.slice(from, from + rows), some, "%d rows from %d".formatted(rows, from));
                        }
                    }
                    Tensor y = source.floats(37, 75);
                    Tensor transposed = KernelCases.empty(37, k);
                    kernels.matmulTransposed(y, w, transposed);
                    for (int rows : new int[] {1, 3, 9}) {
                        Tensor some = KernelCases.empty(rows, k);
                        kernels.matmulTransposed(y.slice(5, 5 + rows), w, some);
                        assertSame(transposed.slice(5, 5 + rows), some, "transposed, %d rows".formatted(rows));
                    }
                }));
    }

    @Test
    void attentionOfASpanAloneHasTheBitsOfTheSpanAmongOthers() {
        KernelCases.Source source = new KernelCases.Source(4);
        Span[] spans = {Span.document(0, 70), Span.document(70, 150)};
        Tensor q = source.floats(220, 4, 24);
        Tensor k = source.floats(220, 2, 24);
        Tensor v = source.floats(220, 2, 20);
        Tensor together = KernelCases.empty(220, 4, 20);
        kernels.attention(q, k, v, spans, 0.2, together);
        Tensor alone = KernelCases.empty(150, 4, 20);
        kernels.attention(
                q.slice(70, 220), k.slice(70, 220), v.slice(70, 220), new Span[] {Span.document(0, 150)}, 0.2, alone);
        assertSame(together.slice(70, 220), alone, "the second span");
        Tensor start = KernelCases.empty(33, 4, 20);
        kernels.attention(
                q.slice(70, 103), k.slice(70, 103), v.slice(70, 103), new Span[] {Span.document(0, 33)}, 0.2, start);
        assertSame(together.slice(70, 103), start, "the start of the second span");
    }

    @Test
    void cachedAttentionTokenByTokenHasTheBitsOfAllTokensAtOnce() {
        for (CachedHeads layout : List.of(CachedHeads.latent(40, 32), CachedHeads.grouped(2, 24, 20))) {
            KernelCases.Source source = new KernelCases.Source(5);
            int tokens = 150;
            int[] pages = {2, 0, 1};
            int width = layout.count() == 1 ? 40 : 88;
            Tensor cache = source.tensor(DType.F16, 3, 64, width);
            Tensor q = source.floats(tokens, 6, layout.keyWidth());
            Tensor together = KernelCases.empty(tokens, 6, layout.valueWidth());
            Span[] all = {new Span(0, tokens, 0, pages)};
            kernels.cachedAttention(q, cache, layout, all, 0.2, together);
            for (int t = 0; t < tokens; t++) {
                Tensor alone = KernelCases.empty(1, 6, layout.valueWidth());
                Span[] one = {new Span(0, 1, t, pages)};
                kernels.cachedAttention(q.slice(t, t + 1), cache, layout, one, 0.2, alone);
                assertSame(together.slice(t, t + 1), alone, "%s, position %d".formatted(layout, t));
            }
        }
    }

    @Test
    void attentionToChosenRowsHasTheBitsOfTheQueryAlone() {
        KernelCases.Source source = new KernelCases.Source(6);
        Tensor q = source.floats(20, 6, 40);
        Tensor[] sources = {source.floats(50, 40), source.tensor(DType.F16, 80, 40)};
        Selection selection = SparseCases.selection(source, 20, 130);
        Optional<Tensor> sinks = Optional.of(source.floats(6));
        Tensor together = KernelCases.empty(20, 6, 32);
        kernels.sparse().selectedAttention(q, sources, selection, sinks, 0.2, together);
        for (int t = 0; t < 20; t++) {
            int[] rows = Arrays.copyOfRange(
                    selection.rows(), selection.offsets()[t], selection.offsets()[t + 1]);
            Selection one = new Selection(new int[] {0, rows.length}, rows);
            Tensor alone = KernelCases.empty(1, 6, 32);
            kernels.sparse().selectedAttention(q.slice(t, t + 1), sources, one, sinks, 0.2, alone);
            assertSame(together.slice(t, t + 1), alone, "query " + t);
        }
    }

    @Test
    void saysWhatItIs() {
        assertTrue(kernels.description().length() > 10, kernels.description());
    }

    private static void assertSame(Tensor expected, Tensor actual, String where) {
        assertEquals(-1, expected.data().mismatch(actual.data()), where);
    }

    /// Within 1e-5 of the largest number that is expected, as sums of a few hundred products round.
    private static void assertClose(Tensor expected, Tensor actual, String where) {
        double largest = 1;
        for (long i = 0; i < expected.elements(); i++) {
            largest = Math.max(largest, Math.abs(expected.get(i)));
        }
        for (long i = 0; i < expected.elements(); i++) {
            assertEquals(expected.get(i), actual.get(i), 1e-5 * largest, where + ", element " + i);
        }
    }
}
