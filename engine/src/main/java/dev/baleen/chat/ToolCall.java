package dev.baleen.chat;

/// A call of a tool that the assistant makes.
///
/// @param id what the tool's answer refers to
/// @param arguments a JSON object as text, as the model wrote it: it may not be valid
public record ToolCall(String id, String name, String arguments) {}
