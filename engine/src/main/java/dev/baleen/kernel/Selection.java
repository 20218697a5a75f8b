package dev.baleen.kernel;

import java.util.Arrays;

/// Which rows each of T queries attends to: query `t` to `rows[offsets[t]] .. rows[offsets[t + 1])`, in this order.
///
/// Where rows come from several sources, they are numbered as if the sources lay end to end.
///
/// @param offsets [T + 1], rising
/// @param rows numbers of rows; no query has one twice
public record Selection(int[] offsets, int[] rows) {
    /// Room for the best `most` entries of each query, or for as many as it sees.
    static Selection room(Entries entries, int most) {
        int[] visible = entries.visible();
        int[] offsets = new int[visible.length + 1];
        for (int t = 0; t < visible.length; t++) {
            offsets[t + 1] = Math.addExact(offsets[t], Math.min(most, visible[t]));
        }
        return new Selection(offsets, new int[offsets[visible.length]]);
    }

    /// Every entry that a query sees.
    public static Selection all(Entries entries) {
        Selection selection = room(entries, Integer.MAX_VALUE);
        entries.eachQuery((t, span) -> {
            int from = selection.offsets[t];
            entries.rows(span, 0, selection.count(t), selection.rows, from);
        });
        return selection;
    }

    public int queries() {
        return offsets.length - 1;
    }

    /// How many rows query `t` attends to.
    public int count(int t) {
        return offsets[t + 1] - offsets[t];
    }

    /// For each query its rows here, then its rows there, those of `other` lying behind `rowsHere` others.
    public Selection and(Selection other, int rowsHere) {
        int queries = queries();
        int[] joined = new int[queries + 1];
        for (int t = 0; t <= queries; t++) {
            joined[t] = offsets[t] + other.offsets[t];
        }
        int[] both = new int[joined[queries]];
        for (int t = 0; t < queries; t++) {
            System.arraycopy(rows, offsets[t], both, joined[t], count(t));
            int at = joined[t] + count(t);
            for (int i = other.offsets[t]; i < other.offsets[t + 1]; i++) {
                both[at++] = rowsHere + other.rows[i];
            }
        }
        return new Selection(joined, both);
    }

    /// The most rows of any query.
    int countMax() {
        int most = 0;
        for (int t = 0; t < queries(); t++) {
            most = Math.max(most, count(t));
        }
        return most;
    }

    @Override
    public String toString() {
        return "%d rows for %d queries".formatted(rows.length, queries());
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Selection(int[] theirOffsets, int[] theirRows)
                && Arrays.equals(offsets, theirOffsets)
                && Arrays.equals(rows, theirRows);
    }

    @Override
    public int hashCode() {
        return 31 * Arrays.hashCode(offsets) + Arrays.hashCode(rows);
    }
}
