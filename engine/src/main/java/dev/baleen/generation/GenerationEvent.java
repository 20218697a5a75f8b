package dev.baleen.generation;

import java.util.List;
import java.util.Optional;

/// What a [Generation] tells: any number of texts, then one end.
public sealed interface GenerationEvent {
    /// Whole characters that will not be taken back, and the tokens whose text ends in them. All texts one after
    /// another are the answer; either part may be empty, not both.
    record Text(String text, List<GeneratedToken> tokens) implements GenerationEvent {
        public Text {
            tokens = List.copyOf(tokens);
        }
    }

    /// The last event.
    ///
    /// @param problem what went wrong, if the reason is [FinishReason#ERROR]
    record Finished(FinishReason reason, Usage usage, Optional<Throwable> problem) implements GenerationEvent {}
}
