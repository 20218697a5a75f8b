package dev.baleen.model;

import dev.baleen.kernel.Span;
import java.util.List;

/// One step's work: the rows of one or more sequences, laid end to end.
///
/// @param tokens [T] token ids
/// @param spans which rows belong to which sequence; they cover the rows in order without gaps
/// @param outputs the rows whose logits are wanted, ascending
public record Batch(int[] tokens, Span[] spans, int[] outputs) {
    public Batch {
        int row = 0;
        for (Span span : spans) {
            if (span.firstRow() != row) {
                throw new IllegalArgumentException("Spans must lie end to end, but one begins at row %d instead of %d"
                        .formatted(span.firstRow(), row));
            }
            row += span.rows();
        }
        if (row != tokens.length) {
            throw new IllegalArgumentException("Spans cover %d rows of %d tokens".formatted(row, tokens.length));
        }
    }

    /// Whole documents without a cache, with logits for every row.
    public static Batch documents(List<int[]> documents) {
        int rows = documents.stream().mapToInt(d -> d.length).sum();
        int[] tokens = new int[rows];
        int[] outputs = new int[rows];
        Span[] spans = new Span[documents.size()];
        int row = 0;
        for (int i = 0; i < spans.length; i++) {
            int[] document = documents.get(i);
            System.arraycopy(document, 0, tokens, row, document.length);
            spans[i] = Span.document(row, document.length);
            row += document.length;
        }
        for (int i = 0; i < rows; i++) {
            outputs[i] = i;
        }
        return new Batch(tokens, spans, outputs);
    }

    /// The position of each row in its sequence.
    public int[] positions() {
        int[] positions = new int[tokens.length];
        for (Span span : spans) {
            for (int i = 0; i < span.rows(); i++) {
                positions[span.firstRow() + i] = span.position() + i;
            }
        }
        return positions;
    }

    /// The token after each row; the last row of a document has none and repeats its own, which no loss counts.
    int[] nextTokens() {
        int[] next = tokens.clone();
        for (Span span : spans) {
            System.arraycopy(tokens, span.firstRow() + 1, next, span.firstRow(), span.rows() - 1);
        }
        return next;
    }

    /// Whether every row's logits are wanted.
    public boolean wantsAllRows() {
        return outputs.length == tokens.length;
    }
}
