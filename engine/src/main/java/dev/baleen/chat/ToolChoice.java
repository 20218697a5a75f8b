package dev.baleen.chat;

/// Whether the assistant may call tools.
public sealed interface ToolChoice {
    /// If it wants to.
    record Auto() implements ToolChoice {}

    /// Never; tools that are offered count as none.
    record None() implements ToolChoice {}

    /// It must call one.
    record Required() implements ToolChoice {}

    /// It must call this one.
    record Named(String tool) implements ToolChoice {}
}
