package dev.baleen.kernel;

import dev.baleen.tensor.Tensor;
import java.util.Arrays;

/// Where the entries of each sequence lie, an entry standing for `ratio` consecutive positions.
///
/// Entry `e` is there once position `(e + 1) · ratio − 1` is, so the query at position `p` sees the first `(p + 1)
/// / ratio` of its sequence. With ratio 1 an entry is a position.
///
/// In a cache an entry lies in the page that holds its last position: of pages of P positions, each has ⌈P / ratio⌉
/// rows for entries. Without a cache, the entries of the batch's documents lie end to end in a tensor.
public final class Entries {
    private final Span[] spans;
    private final int ratio;
    private final int pagePositions;
    private final int pageRows;
    private final int[] firsts;

    private Entries(Span[] spans, int ratio, int pagePositions) {
        if (ratio < 1 || pagePositions < 0) {
            throw new IllegalArgumentException(
                    "No entries of %d positions in pages of %d".formatted(ratio, pagePositions));
        }
        this.spans = spans;
        this.ratio = ratio;
        this.pagePositions = pagePositions;
        pageRows = Math.ceilDiv(pagePositions, ratio);
        firsts = new int[spans.length];
        for (int i = 1; i < spans.length; i++) {
            firsts[i] = firsts[i - 1] + spans[i - 1].end() / ratio;
        }
    }

    /// Entries in the cache pages of the spans.
    public static Entries cached(Span[] spans, int ratio, int pagePositions) {
        return new Entries(spans, ratio, pagePositions);
    }

    /// Entries of whole documents, laid end to end.
    public static Entries ofDocuments(Span[] spans, int ratio) {
        return new Entries(spans, ratio, 0);
    }

    /// Rows that a page has for entries of this ratio.
    public static int rowsPerPage(int ratio, int pagePositions) {
        return Math.ceilDiv(pagePositions, ratio);
    }

    public int ratio() {
        return ratio;
    }

    Span[] spans() {
        return spans;
    }

    /// The entries that the query at a position sees.
    int visible(int position) {
        return (position + 1) / ratio;
    }

    /// The entries that each row of the batch sees.
    int[] visible() {
        int[] visible = new int[queries()];
        eachQuery((t, span) -> visible[t] = visible(spans[span].position() + t - spans[span].firstRow()));
        return visible;
    }

    int queries() {
        return Arrays.stream(spans).mapToInt(Span::rows).sum();
    }

    interface Query {
        void visit(int row, int span);
    }

    /// Visits each row of the batch with the number of its span.
    void eachQuery(Query query) {
        for (int i = 0; i < spans.length; i++) {
            for (int row = 0; row < spans[i].rows(); row++) {
                query.visit(spans[i].firstRow() + row, i);
            }
        }
    }

    /// The row where an entry of a span lies.
    int row(int span, int entry) {
        if (pagePositions == 0) {
            return firsts[span] + entry;
        }
        int page = ((entry + 1) * ratio - 1) / pagePositions;
        int firstOfPage = page * pagePositions / ratio;
        return spans[span].pages()[page] * pageRows + entry - firstOfPage;
    }

    /// Writes the rows of entries `from` to `to` of a span to `target[at..]`.
    void rows(int span, int from, int to, int[] target, int at) {
        for (int entry = from; entry < to; entry++) {
            target[at + entry - from] = row(span, entry);
        }
    }

    /// The rows of the entries that the batch completes, span by span.
    public int[] completedRows() {
        int[] rows = new int[completed()];
        int at = 0;
        for (int i = 0; i < spans.length; i++) {
            int from = spans[i].position() / ratio;
            int to = spans[i].end() / ratio;
            rows(i, from, to, rows, at);
            at += to - from;
        }
        return rows;
    }

    /// How many entries the batch completes.
    public int completed() {
        int count = 0;
        for (Span span : spans) {
            count += span.end() / ratio - span.position() / ratio;
        }
        return count;
    }

    /// The first `count` scores, and the lowest for each further entry that `positions` positions have, or the span
    /// if it has more.
    double[] padded(double[] scores, int count, int span, int positions) {
        double[] all = Arrays.copyOf(scores, Math.max(positions, spans[span].end()) / ratio);
        Arrays.fill(all, count, all.length, Double.NEGATIVE_INFINITY);
        return all;
    }

    /// Refuses pages that are missing, and rows that `tensor` does not have.
    void check(String kernel, Tensor tensor) {
        int most = 0;
        for (int i = 0; i < spans.length; i++) {
            int count = spans[i].end() / ratio;
            if (count > 0 && pagePositions > 0) {
                int needed = Math.ceilDiv(count * ratio, pagePositions);
                int[] pages = spans[i].pages();
                if (pages.length < needed) {
                    throw new IllegalArgumentException("%s: %d positions need %d pages of %d, but the span has %d"
                            .formatted(kernel, spans[i].end(), needed, pagePositions, pages.length));
                }
                for (int page = 0; page < needed; page++) {
                    Shapes.requireIndex(pages[page], tensor.rows() / pageRows, kernel, "page");
                }
            } else {
                most = Math.max(most, firsts[i] + count);
            }
        }
        Shapes.require(most <= tensor.rows(), kernel + " over " + this, tensor);
    }

    @Override
    public String toString() {
        return "entries of %d positions of %d rows".formatted(ratio, queries());
    }
}
