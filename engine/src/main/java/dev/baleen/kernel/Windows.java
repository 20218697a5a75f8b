package dev.baleen.kernel;

/// The windows of positions whose rows a step pools into entries (DeepSeek-V4's compressed attention): those whose last
/// position is in the batch.
///
/// An entry pools the `ratio` rows of its window; where windows overlap, also those of the window before, if there is
/// one, from other columns of the same rows.
///
/// @param ratio rows of a window
/// @param overlap whether the window before counts too
/// @param first for each entry, the row where its window begins
/// @param before for each entry, the row where the window before begins, or -1
public record Windows(int ratio, boolean overlap, int[] first, int[] before) {
    /// The windows that a batch completes, as rows among the recent ones.
    public static Windows completed(RecentRows recent, int ratio, boolean overlap) {
        int count = 0;
        for (Span span : recent.spans()) {
            count += span.end() / ratio - span.position() / ratio;
        }
        int[] first = new int[count];
        int[] before = new int[count];
        int at = 0;
        for (int i = 0; i < recent.spans().length; i++) {
            Span span = recent.spans()[i];
            for (int entry = span.position() / ratio; entry < span.end() / ratio; entry++) {
                first[at] = recent.row(i, entry * ratio);
                before[at++] = overlap && entry > 0 ? recent.row(i, (entry - 1) * ratio) : -1;
            }
        }
        return new Windows(ratio, overlap, first, before);
    }

    public int count() {
        return first.length;
    }

    /// Columns of pooled rows for each column of an entry.
    public int parts() {
        return overlap ? 2 : 1;
    }

    @Override
    public String toString() {
        return "%d windows of %d%s".formatted(count(), ratio, overlap ? " that overlap" : "");
    }
}
