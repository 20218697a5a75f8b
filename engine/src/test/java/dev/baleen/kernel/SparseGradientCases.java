package dev.baleen.kernel;

import dev.baleen.kernel.GradientCases.Call;
import dev.baleen.tensor.Tensor;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Calls of every sparse gradient kernel over awkward shapes.
final class SparseGradientCases {
    private SparseGradientCases() {}

    static void add(Map<String, Call> calls) {
        for (boolean sinks : new boolean[] {false, true}) {
            selectedAttention(calls, 1, 3, 2, sinks);
            selectedAttention(calls, 2, 17, 17, sinks);
            selectedAttention(calls, 9, 48, 33, sinks);
        }
        for (boolean overlap : new boolean[] {false, true}) {
            pool(calls, 1, 17, overlap);
            pool(calls, 4, 33, overlap);
        }
    }

    private static void pool(Map<String, Call> calls, int ratio, int columns, boolean overlap) {
        calls.put("pool of %d by %d, overlap %s".formatted(ratio, columns, overlap), (kernels, s) -> {
            Span[] spans = {Span.document(0, 9), Span.document(9, 2), Span.document(11, 13)};
            Windows windows = Windows.completed(RecentRows.ofDocuments(spans), ratio, overlap);
            int width = windows.parts() * columns;
            Tensor values = s.tensor(24, width);
            Tensor gates = s.tensor(24, width);
            Tensor bias = s.tensor(ratio, width);
            Tensor out = Tensor.allocate(Arena.ofAuto(), values.type(), windows.count(), columns);
            new ScalarKernels().sparse().pool(values, gates, bias, windows, out);
            Tensor dvalues = s.tensor(24, width);
            Tensor dgates = s.tensor(24, width);
            Tensor dbias = s.tensor(ratio, width);
            Tensor dout = s.tensor(windows.count(), columns);
            kernels.sparse().pool(dout, values, gates, bias, windows, out, dvalues, dgates, dbias);
            return List.of(dvalues, dgates, dbias);
        });
    }

    private static void selectedAttention(Map<String, Call> calls, int heads, int a, int b, boolean withSinks) {
        String name = "selectedAttention of %d heads of %d to %d, sinks %s";
        calls.put(name.formatted(heads, a, b, withSinks), (kernels, s) -> {
            Tensor q = s.tensor(7, heads, a);
            Tensor[] sources = {s.tensor(20, a), s.tensor(45, a)};
            Tensor[] dsources = {s.tensor(20, a), s.tensor(45, a)};
            Optional<Tensor> sinks = withSinks ? Optional.of(s.tensor(heads)) : Optional.empty();
            Optional<Tensor> dsinks = withSinks ? Optional.of(s.tensor(heads)) : Optional.empty();
            Selection selection = selection(s);
            Tensor out = Tensor.allocate(Arena.ofAuto(), q.type(), 7, heads, b);
            new ScalarKernels().sparse().selectedAttention(q, sources, selection, sinks, 0.3, out);
            Tensor dq = s.tensor(7, heads, a);
            kernels.sparse()
                    .selectedAttention(
                            s.tensor(7, heads, b), q, sources, selection, sinks, out, 0.3, dq, dsources, dsinks);
            List<Tensor> written = new ArrayList<>(List.of(dq, dsources[0], dsources[1]));
            dsinks.ifPresent(written::add);
            return written;
        });
    }

    /// Seven queries over 65 rows of two sources.
    private static Selection selection(GradientCases.Source s) {
        int[] counts = {1, 65, 2, 16, 33, 7, 1};
        int[] offsets = new int[8];
        for (int t = 0; t < 7; t++) {
            offsets[t + 1] = offsets[t] + counts[t];
        }
        int[] rows = new int[offsets[7]];
        for (int t = 0; t < 7; t++) {
            int first = s.indexes(1, 65)[0];
            for (int i = 0; i < counts[t]; i++) {
                rows[offsets[t] + i] = (first + 7 * i) % 65;
            }
        }
        return new Selection(offsets, rows);
    }
}
