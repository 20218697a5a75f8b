package dev.baleen.chat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;

/// A function that the assistant may call.
///
/// @param description what it does, for the model; empty for none
/// @param parameters a JSON schema of its arguments
/// @param strict whether arguments must follow the schema to the letter
/// @param deferred whether the model learns of it only when a message brings it ([Content.ToolSchemas])
/// @param declaration the function as it was declared, for layouts that print it as it is
public record Tool(
        String name, String description, JsonNode parameters, boolean strict, boolean deferred, JsonNode declaration) {
    public Tool(String name, String description, JsonNode parameters, boolean strict) {
        this(name, description, parameters, strict, false, declaration(name, description, parameters));
    }

    private static JsonNode declaration(String name, String description, JsonNode parameters) {
        ObjectNode function = JsonNodeFactory.instance.objectNode().put("name", name);
        if (!description.isEmpty()) {
            function.put("description", description);
        }
        return function.set("parameters", parameters);
    }
}
