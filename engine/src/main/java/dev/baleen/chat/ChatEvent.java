package dev.baleen.chat;

import dev.baleen.generation.FinishReason;
import dev.baleen.generation.GeneratedToken;
import java.util.List;
import java.util.Optional;

/// What a [ChatStream] tells: any number of pieces, thoughts first, then one end.
public sealed interface ChatEvent {
    /// A piece of thoughts or answer, and the tokens whose text it shows. A token that spells a mark is in no
    /// piece.
    record Piece(Delta.Kind kind, String text, List<GeneratedToken> tokens) implements ChatEvent {
        public Piece {
            tokens = List.copyOf(tokens);
        }
    }

    /// The last event.
    ///
    /// @param problem what went wrong, if the reason is [FinishReason#ERROR]
    record Finished(FinishReason reason, ChatUsage usage, Optional<Throwable> problem) implements ChatEvent {}
}
