package dev.baleen.chat;

import com.fasterxml.jackson.databind.JsonNode;

/// A function that the assistant may call.
///
/// @param description what it does, for the model; empty for none
/// @param parameters a JSON schema of its arguments
/// @param strict whether arguments must follow the schema to the letter
public record Tool(String name, String description, JsonNode parameters, boolean strict) {}
