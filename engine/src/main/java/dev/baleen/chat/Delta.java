package dev.baleen.chat;

import dev.baleen.generation.GeneratedToken;
import java.util.List;

/// A piece of an answer.
public sealed interface Delta {
    /// What a text belongs to.
    enum Kind {
        /// What the model thinks.
        REASONING,
        /// What it answers.
        CONTENT
    }

    /// Some text, and the tokens that were read with it.
    record Text(Kind kind, String text, List<GeneratedToken> tokens) implements Delta {
        public Text {
            tokens = List.copyOf(tokens);
        }
    }

    /// A call of a tool begins.
    ///
    /// @param index of the call in the answer, from 0
    /// @param thought whether some thought was told before it
    record CallBegin(int index, String name, boolean thought) implements Delta {}

    /// A piece of a call's arguments.
    record CallArguments(int index, String text) implements Delta {}
}
