package dev.baleen.kernel;

/// A step's rows together with the last ones before them: for each span its past rows, then its rows in the batch.
///
/// Where only the last positions count, as in a sliding window, those before the batch come from a place of the
/// sequence's own; without a cache a document has none.
public final class RecentRows {
    private final Span[] spans;
    private final int[] firsts;
    private final int[] pasts;
    private final int rows;

    private RecentRows(Span[] spans, int positions) {
        this.spans = spans;
        firsts = new int[spans.length];
        pasts = new int[spans.length];
        int row = 0;
        for (int i = 0; i < spans.length; i++) {
            firsts[i] = row;
            pasts[i] = Math.min(positions, spans[i].position());
            row += pasts[i] + spans[i].rows();
        }
        rows = row;
    }

    /// The rows of the spans behind up to `positions` of each one's past.
    public static RecentRows behind(Span[] spans, int positions) {
        return new RecentRows(spans, positions);
    }

    /// The rows of whole documents, which have no past.
    public static RecentRows ofDocuments(Span[] spans) {
        return new RecentRows(spans, 0);
    }

    /// Past rows and rows of the batch.
    public int rows() {
        return rows;
    }

    Span[] spans() {
        return spans;
    }

    /// Past rows of a span.
    int past(int span) {
        return pasts[span];
    }

    /// The first row of a span, its oldest.
    int first(int span) {
        return firsts[span];
    }

    /// The row of a span's position.
    int row(int span, int position) {
        return firsts[span] + pasts[span] + position - spans[span].position();
    }

    /// For each row of the batch, the rows of the last `positions` positions up to its own.
    public Selection window(int positions) {
        int queries = 0;
        for (Span span : spans) {
            queries += span.rows();
        }
        int[] offsets = new int[queries + 1];
        for (Span span : spans) {
            for (int i = 0; i < span.rows(); i++) {
                int t = span.firstRow() + i;
                offsets[t + 1] = offsets[t] + Math.min(positions, span.position() + i + 1);
            }
        }
        int[] chosen = new int[offsets[queries]];
        for (int s = 0; s < spans.length; s++) {
            for (int i = 0; i < spans[s].rows(); i++) {
                int t = spans[s].firstRow() + i;
                int last = row(s, spans[s].position() + i);
                for (int at = offsets[t]; at < offsets[t + 1]; at++) {
                    chosen[at] = last + 1 - (offsets[t + 1] - at);
                }
            }
        }
        return new Selection(offsets, chosen);
    }

    @Override
    public String toString() {
        return "%d recent rows of %d sequences".formatted(rows, spans.length);
    }
}
