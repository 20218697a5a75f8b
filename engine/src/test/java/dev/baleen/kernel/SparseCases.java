package dev.baleen.kernel;

import dev.baleen.dtype.DType;
import dev.baleen.kernel.KernelCases.Call;
import dev.baleen.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Calls of every sparse kernel over awkward shapes.
final class SparseCases {
    private static final int PAGE = 8;
    /// One row and several, at the start and far on, over pages in no order.
    static final Span[] SPANS = {
        new Span(0, 1, 20, new int[] {9, 2, 4}),
        new Span(1, 7, 0, new int[] {0}),
        new Span(8, 19, 63, new int[] {7, 1, 10, 5, 6, 8, 11, 12, 13, 14, 15}),
        new Span(27, 1, 0, new int[] {3})
    };
    private static final int ROWS = 28;
    private static final Span[] PLACED = {
        new Span(0, 1, 20, new int[0], 4),
        new Span(1, 7, 0, new int[0], 0),
        new Span(8, 19, 63, new int[0], 3),
        new Span(27, 1, 2, new int[0], 1)
    };
    private static final int PAGES = 16;
    private static final Span[] DOCUMENTS = {Span.document(0, 5), Span.document(5, 1), Span.document(6, 80)};

    private SparseCases() {}

    static void add(Map<String, Call> calls) {
        for (Ties ties : Ties.values()) {
            for (int ratio : new int[] {1, 3, 4}) {
                topRows(calls, DType.F32, ratio, 4, 33, 5, ties);
                topRows(calls, DType.F16, ratio, 3, 16, 1, ties);
            }
            topRows(calls, DType.BF16, 1, 70, 17, 200, ties);
            topRowsOfDocuments(calls, 1, ties);
            topRowsOfDocuments(calls, 4, ties);
            topRowsAmongEquals(calls, ties);
        }
        for (boolean sinks : new boolean[] {false, true}) {
            selectedAttention(calls, 1, 5, 3, sinks, DType.F32);
            selectedAttention(calls, 5, 17, 17, sinks, DType.F16);
            selectedAttention(calls, 66, 72, 64, sinks, DType.BF16);
        }
        for (int positions : new int[] {1, 4, 30}) {
            recall(calls, positions);
        }
        for (boolean overlap : new boolean[] {false, true}) {
            for (int columns : new int[] {1, 16, 33}) {
                pool(calls, 1, columns, overlap);
                pool(calls, 3, columns, overlap);
            }
        }
        for (DType type : List.of(DType.F32, DType.F16, DType.BF16, DType.F64)) {
            calls.put("storeRows " + type, (kernels, source) -> {
                Tensor cache = source.tensor(type, 5, 3, 33);
                kernels.sparse().storeRows(source.floats(4, 33), new int[] {14, 0, 7, 3}, cache);
                return List.of(cache);
            });
        }
    }

    /// More rows than the places hold, and fewer.
    private static void recall(Map<String, Call> calls, int positions) {
        calls.put("recall of " + positions, (kernels, source) -> {
            RecentRows recent = RecentRows.behind(PLACED, positions);
            Tensor memory = source.floats(5, positions, 17);
            Tensor out = KernelCases.empty(recent.rows(), 17);
            kernels.sparse().recall(source.floats(ROWS, 17), recent, memory, out);
            return List.of(memory, out);
        });
    }

    private static void pool(Map<String, Call> calls, int ratio, int columns, boolean overlap) {
        calls.put("pool of %d by %d, overlap %s".formatted(ratio, columns, overlap), (kernels, source) -> {
            RecentRows recent = RecentRows.behind(PLACED, 2 * ratio);
            Windows windows = Windows.completed(recent, ratio, overlap);
            int width = windows.parts() * columns;
            Tensor out = KernelCases.empty(windows.count(), columns);
            kernels.sparse()
                    .pool(
                            source.floats(recent.rows(), width),
                            source.floats(recent.rows(), width),
                            source.floats(ratio, width),
                            windows,
                            out);
            return List.of(out);
        });
    }

    private static void topRows(
            Map<String, Call> calls, DType type, int ratio, int heads, int columns, int most, Ties ties) {
        String name = "topRows %s, %d heads of %d, %d of entries of %d, %s";
        calls.put(name.formatted(type, heads, columns, most, ratio, ties), (kernels, source) -> {
            Entries entries = Entries.cached(SPANS, ratio, PAGE);
            Tensor keys = source.tensor(type, PAGES, Entries.rowsPerPage(ratio, PAGE), columns);
            return choose(kernels, source, keys, entries, heads, most, ties);
        });
    }

    private static void topRowsOfDocuments(Map<String, Call> calls, int ratio, Ties ties) {
        calls.put("topRows of documents, entries of %d, %s".formatted(ratio, ties), (kernels, source) -> {
            Tensor keys = source.floats(86, 20);
            return choose(kernels, source, keys, Entries.ofDocuments(DOCUMENTS, ratio), 2, 7, ties);
        });
    }

    /// Two different keys only, so that every choice ends among equals.
    private static void topRowsAmongEquals(Map<String, Call> calls, Ties ties) {
        calls.put("topRows among equals, " + ties, (kernels, source) -> {
            Tensor pair = source.floats(2, 20);
            Tensor keys = KernelCases.empty(86, 20);
            new ScalarKernels().gatherRows(pair, source.indexes(86, 2), keys);
            return choose(kernels, source, keys, Entries.ofDocuments(DOCUMENTS, 1), 2, 7, ties);
        });
    }

    private static List<Tensor> choose(
            Kernels kernels, KernelCases.Source source, Tensor keys, Entries entries, int heads, int most, Ties ties) {
        int queries = entries.queries();
        Selection selection = Selection.room(entries, most);
        Tensor q = source.floats(queries, heads, keys.columns());
        kernels.sparse().topRows(q, source.floats(queries, heads), keys, entries, ties, 300, selection);
        Tensor rows = KernelCases.empty(selection.rows().length);
        for (int i = 0; i < selection.rows().length; i++) {
            rows.set(i, selection.rows()[i]);
        }
        return List.of(rows);
    }

    private static void selectedAttention(
            Map<String, Call> calls, int heads, int a, int b, boolean sinks, DType cacheType) {
        String name = "selectedAttention %d heads of %d to %d, sinks %s, %s";
        calls.put(name.formatted(heads, a, b, sinks, cacheType), (kernels, source) -> {
            Tensor[] sources = {source.floats(40, a), source.tensor(cacheType, 9, 10, a)};
            Selection selection = selection(source, ROWS, 130);
            Optional<Tensor> sink = sinks ? Optional.of(source.floats(heads)) : Optional.empty();
            Tensor out = KernelCases.empty(ROWS, heads, b);
            kernels.sparse().selectedAttention(source.floats(ROWS, heads, a), sources, selection, sink, 0.3, out);
            return List.of(out);
        });
    }

    /// For each query some rows of `rows`, from one to all of them, in no order.
    static Selection selection(KernelCases.Source source, int queries, int rows) {
        int[] offsets = new int[queries + 1];
        for (int t = 0; t < queries; t++) {
            offsets[t + 1] = offsets[t] + (t == 0 ? rows : t == 1 ? 1 : 1 + source.indexes(1, rows)[0]);
        }
        int[] chosen = new int[offsets[queries]];
        for (int t = 0; t < queries; t++) {
            int first = source.indexes(1, rows)[0];
            for (int i = offsets[t]; i < offsets[t + 1]; i++) {
                // 7 has no divisor in common with the numbers of rows here.
                chosen[i] = (first + 7 * (i - offsets[t])) % rows;
            }
        }
        return new Selection(offsets, chosen);
    }
}
