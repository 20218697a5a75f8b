package dev.baleen.kernel;

import static dev.baleen.kernel.Shapes.require;
import static dev.baleen.kernel.Shapes.requireActivations;
import static dev.baleen.kernel.Shapes.requireIndex;

import dev.baleen.tensor.Tensor;
import java.util.Optional;

/// The checks at the head of every sparse kernel: afterwards the loops trust their indexes.
final class SparseShapes {
    private SparseShapes() {}

    static void topRows(Tensor q, Tensor weights, Tensor keys, Entries entries, Selection selection) {
        requireActivations("topRows", q, weights);
        require(
                q.shape().axes() == 3
                        && weights.rows() == q.axis(0)
                        && weights.columns() == q.axis(1)
                        && keys.columns() == q.columns()
                        && entries.queries() == q.axis(0)
                        && selection.queries() == q.axis(0),
                "topRows q[T, J, A], weights[T, J], keys[..., A] over %s, %s".formatted(entries, selection),
                q,
                weights,
                keys);
        plain("topRows", keys);
        entries.check("topRows", keys);
        int[] visible = entries.visible();
        for (int t = 0; t < visible.length; t++) {
            requireIndex(selection.count(t), visible[t] + 1, "topRows", "room");
        }
    }

    static void selectedAttention(Tensor q, Tensor[] sources, Selection selection, Optional<Tensor> sinks, Tensor out) {
        requireActivations("selectedAttention", q, out);
        sinks.ifPresent(s -> require(s.elements() == q.axis(1), "selectedAttention with sinks[H]", q, s));
        int rows = 0;
        for (Tensor source : sources) {
            require(
                    source.columns() == q.columns() && out.columns() <= source.columns(),
                    "selectedAttention q[T, H, A], source[..., A], out[T, H, B]",
                    q,
                    source,
                    out);
            plain("selectedAttention", source);
            rows = Math.addExact(rows, source.rows());
        }
        require(
                q.shape().axes() == 3
                        && out.shape().axes() == 3
                        && out.axis(0) == q.axis(0)
                        && out.axis(1) == q.axis(1)
                        && selection.queries() == q.axis(0)
                        && selection.offsets()[q.axis(0)] <= selection.rows().length,
                "selectedAttention q[T, H, A], out[T, H, B] of " + selection,
                q,
                out);
        for (int t = 0; t < selection.queries(); t++) {
            requireIndex(selection.count(t) - 1, Integer.MAX_VALUE, "selectedAttention", "last row of a query,");
        }
        for (int row : selection.rows()) {
            requireIndex(row, rows, "selectedAttention", "row");
        }
    }

    static void storeRows(Tensor rows, int[] targets, Tensor cache) {
        requireActivations("storeRows", rows);
        require(
                rows.rows() == targets.length && rows.columns() == cache.columns(),
                "storeRows to " + targets.length + " rows",
                rows,
                cache);
        plain("storeRows", cache);
        for (int target : targets) {
            requireIndex(target, cache.rows(), "storeRows", "row");
        }
    }

    private static void plain(String kernel, Tensor tensor) {
        require(tensor.type().isPlain(), kernel + " reads F32, F16, BF16 or F64 only", tensor);
    }

    static void recall(Tensor rows, RecentRows recent, Tensor memory, Tensor out) {
        requireActivations("recall", rows, memory, out);
        require(
                memory.shape().axes() == 3
                        && memory.columns() == rows.columns()
                        && out.columns() == rows.columns()
                        && out.rows() == recent.rows(),
                "recall rows[T, W], memory[sequences, positions, W], out[R, W] of " + recent,
                rows,
                memory,
                out);
        boolean[] taken = new boolean[memory.axis(0)];
        for (int i = 0; i < recent.spans().length; i++) {
            Span span = recent.spans()[i];
            requireIndex(span.slot(), taken.length, "recall", "place");
            if (taken[span.slot()]) {
                throw new IllegalArgumentException("recall: two spans have place " + span.slot());
            }
            taken[span.slot()] = true;
            require(
                    span.firstRow() + span.rows() <= rows.rows() && recent.past(i) <= memory.axis(1),
                    "recall of %s behind %d rows".formatted(span, recent.past(i)),
                    rows,
                    memory);
        }
    }

    static void pool(Tensor values, Tensor gates, Tensor bias, Windows windows, Tensor out) {
        requireActivations("pool", values, gates, bias, out);
        require(
                values.columns() == windows.parts() * out.columns()
                        && gates.columns() == values.columns()
                        && gates.rows() == values.rows()
                        && bias.columns() == values.columns()
                        && bias.rows() == windows.ratio()
                        && out.rows() == windows.count(),
                "pool values[R, W], gates[R, W], bias[ratio, W] of " + windows,
                values,
                gates,
                bias,
                out);
        int last = values.rows() - windows.ratio() + 1;
        for (int e = 0; e < windows.count(); e++) {
            requireIndex(windows.first()[e], last, "pool", "window");
            requireIndex(Math.max(0, windows.before()[e]), last, "pool", "window");
        }
    }
}
