package dev.baleen.chat;

/// A piece of an answer.
public record Delta(Kind kind, String text) {
    /// What a piece belongs to.
    public enum Kind {
        /// What the model thinks.
        REASONING,
        /// What it answers.
        CONTENT
    }
}
