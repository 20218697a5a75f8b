package dev.baleen.generation;

import dev.baleen.kernel.Span;
import dev.baleen.model.Batch;
import java.util.List;

/// What the next step does: which sequences compute how many tokens, who gives its pages back first, and who comes
/// in.
///
/// @param shares in the order of admission
/// @param preempted running sequences that give all pages back and wait again, youngest first
/// @param admitted how many waiting sequences begin to run, from the head of the queue; their shares are the last
///     ones
record StepPlan(List<Share> shares, List<Sequence> preempted, int admitted) {
    /// The next `tokens` uncomputed tokens of a sequence.
    record Share(Sequence sequence, int tokens) {
        /// Whether a token is drawn after this step: every known one is computed then.
        boolean draws() {
            return tokens == sequence.remaining();
        }
    }

    StepPlan {
        shares = List.copyOf(shares);
        preempted = List.copyOf(preempted);
    }

    boolean isEmpty() {
        return shares.isEmpty();
    }

    /// Tokens of all shares.
    int tokens() {
        return shares.stream().mapToInt(Share::tokens).sum();
    }

    /// The shares laid end to end, once their pages are there. Logits are wanted of the last row of each that
    /// draws.
    Batch batch() {
        int[] tokens = new int[tokens()];
        Span[] spans = new Span[shares.size()];
        int[] outputs = new int[(int) shares.stream().filter(Share::draws).count()];
        int row = 0;
        int output = 0;
        for (int i = 0; i < spans.length; i++) {
            Share share = shares.get(i);
            Sequence sequence = share.sequence();
            sequence.copyTokens(share.tokens(), tokens, row);
            spans[i] = new Span(row, share.tokens(), sequence.computed(), sequence.pages(), sequence.slot());
            row += share.tokens();
            if (share.draws()) {
                outputs[output++] = row - 1;
            }
        }
        return new Batch(tokens, spans, outputs);
    }
}
