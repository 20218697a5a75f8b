package dev.baleen.training;

import dev.baleen.model.Batch;
import java.util.List;

/// What one thread goes forward and back through at a time: whole documents laid end to end, each seeing only itself.
///
/// @param batch the rows; a document is a span from position 0
/// @param targets for each prediction depth the target of each row: depth 0 is the next token, depth 1 the one after
/// @param counted for each depth 1 where the target counts, 0 where it does not or lies past the document's end
public record MicroBatch(Batch batch, int[][] targets, float[][] counted) {
    /// Depths of prediction: the next token, and the one after for a multi-token prediction module.
    static final int DEPTHS = 2;

    static MicroBatch of(List<Document> documents, LossMask mask) {
        Batch batch = Batch.documents(documents.stream().map(Document::tokens).toList());
        int[][] targets = new int[DEPTHS][batch.tokens().length];
        float[][] counted = new float[DEPTHS][batch.tokens().length];
        int row = 0;
        for (Document document : documents) {
            for (int depth = 0; depth < DEPTHS; depth++) {
                for (int i = 0; i + depth + 1 < document.length(); i++) {
                    int target = i + depth + 1;
                    targets[depth][row + i] = document.tokens()[target];
                    counted[depth][row + i] = mask.counts(document, target) ? 1 : 0;
                }
            }
            row += document.length();
        }
        return new MicroBatch(batch, targets, counted);
    }

    public int tokens() {
        return batch.tokens().length;
    }

    /// How many rows count at a depth.
    public long counts(int depth) {
        long sum = 0;
        for (float one : counted[depth]) {
            sum += (long) one;
        }
        return sum;
    }
}
