package dev.baleen.generation;

import java.util.List;
import java.util.Optional;

/// What a [Generation] tells: any number of texts, then one end.
public sealed interface GenerationEvent {
    /// Whole characters that will not be taken back, and the tokens whose text ends in them. All texts one after
    /// another are the answer; text or tokens may be empty, not both.
    ///
    /// @param ends where in the text each token's own ends
    record Text(String text, List<GeneratedToken> tokens, List<Integer> ends) implements GenerationEvent {
        public Text {
            tokens = List.copyOf(tokens);
            ends = List.copyOf(ends);
        }
    }

    /// The last event.
    ///
    /// @param problem what went wrong, if the reason is [FinishReason#ERROR]
    record Finished(FinishReason reason, Usage usage, Optional<Throwable> problem) implements GenerationEvent {}
}
