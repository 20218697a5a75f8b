package dev.baleen.kernel;

/// The rows that one sequence has in a batch.
///
/// Batch rows `firstRow .. firstRow + rows` are the sequence's positions `position .. position + rows`. A row attends
/// to its own sequence only, from position 0 up to itself.
///
/// @param firstRow the first row of the batch that belongs to the sequence
/// @param rows how many rows, at least 1
/// @param position the position in the sequence of the first row, from 0
/// @param pages the cache pages that hold the sequence, in order; empty where there is no cache
/// @param slot the sequence's own place in the cache, for what it keeps of its last positions; -1 for none
public record Span(int firstRow, int rows, int position, int[] pages, int slot) {
    private static final int[] NO_PAGES = {};

    public Span {
        if (firstRow < 0 || rows < 1 || position < 0) {
            throw new IllegalArgumentException(
                    "No span of %d rows from row %d at position %d".formatted(rows, firstRow, position));
        }
    }

    /// A sequence without a place of its own: most models need none.
    public Span(int firstRow, int rows, int position, int[] pages) {
        this(firstRow, rows, position, pages, -1);
    }

    /// A whole document that begins at position 0 and needs no cache.
    public static Span document(int firstRow, int rows) {
        return new Span(firstRow, rows, 0, NO_PAGES);
    }

    /// The position after the last row: how many positions the last row sees.
    public int end() {
        return position + rows;
    }
}
