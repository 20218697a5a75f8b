package dev.baleen.chat;

import com.fasterxml.jackson.databind.JsonNode;

/// What the answer has to be.
public sealed interface ResponseFormat {
    /// Anything.
    record Text() implements ResponseFormat {}

    /// A JSON object.
    record JsonObject() implements ResponseFormat {}

    /// JSON that follows a schema.
    record JsonSchema(JsonNode schema) implements ResponseFormat {}

    /// Text that matches a regular expression.
    record Regex(String pattern) implements ResponseFormat {}
}
