package dev.baleen.chat;

import dev.baleen.generation.FinishReason;
import dev.baleen.generation.GeneratedToken;
import java.util.List;
import java.util.Optional;

/// What a [ChatStream] tells: any number of pieces, thoughts first, then one end.
public sealed interface ChatEvent {
    /// A piece of thoughts or answer, and the tokens that were read with it. A token that spells a mark is in no
    /// piece.
    record Piece(Delta.Kind kind, String text, List<GeneratedToken> tokens) implements ChatEvent {
        public Piece {
            tokens = List.copyOf(tokens);
        }
    }

    /// The assistant calls a tool; its arguments follow in pieces.
    ///
    /// @param index of the call in the answer, from 0
    record ToolCallBegun(int index, String id, String name) implements ChatEvent {}

    /// A piece of a call's arguments, which are JSON.
    record ToolCallPiece(int index, String arguments) implements ChatEvent {}

    /// The last event.
    ///
    /// @param problem what went wrong, if the reason is [FinishReason#ERROR]
    record Finished(FinishReason reason, ChatUsage usage, Optional<Throwable> problem) implements ChatEvent {}
}
