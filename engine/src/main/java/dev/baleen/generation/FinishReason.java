package dev.baleen.generation;

/// Why a generation ended.
public enum FinishReason {
    /// The model ended it, or a stop text appeared.
    STOP,
    /// The most tokens were generated.
    LENGTH,
    /// Someone cancelled it, or the engine was closed.
    CANCELLED,
    /// Something went wrong.
    ERROR
}
