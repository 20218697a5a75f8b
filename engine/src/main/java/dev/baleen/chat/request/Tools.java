package dev.baleen.chat.request;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.baleen.chat.JsonText;
import dev.baleen.chat.Tool;
import dev.baleen.chat.ToolChoice;
import dev.baleen.chat.request.ConvertedRequest.OutputConstraint;
import dev.baleen.chat.request.ConvertedRequest.OutputConstraint.Kind;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// What the protocols have in common about tools.
final class Tools {
    private static final int NAME_MAX = 128;
    private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9_-]+");

    /// Choices that are one word, in OpenAI's protocols.
    static final Map<String, ToolChoice> CHOICES = new LinkedHashMap<>();

    static {
        CHOICES.put("none", new ToolChoice.None());
        CHOICES.put("auto", new ToolChoice.Auto());
        CHOICES.put("required", new ToolChoice.Required());
    }

    /// A tool as a request declares it.
    ///
    /// @param parameters empty where there are none, which is no schema but allowed
    /// @param deferred whether the model learns of it later
    /// @param declaration the function as it was declared
    record Declared(
            String name,
            Optional<String> description,
            Optional<JsonNode> parameters,
            Optional<Boolean> strict,
            boolean deferred,
            JsonNode declaration) {
        boolean isStrict() {
            return strict.orElse(false);
        }

        Declared withParameters(JsonNode value) {
            return new Declared(name, description, Optional.of(value), strict, deferred, declaration);
        }

        Declared named(String value, Optional<String> description) {
            return new Declared(value, description, parameters, strict, deferred, declaration);
        }

        Declared deferredToo() {
            return new Declared(name, description, parameters, strict, true, declaration);
        }

        Declared withoutDeferral() {
            return new Declared(name, description, parameters, strict, false, declaration);
        }

        Tool toTool() {
            return new Tool(
                    name,
                    description.orElse(""),
                    parameters.orElseGet(JsonNodeFactory.instance::objectNode),
                    isStrict(),
                    deferred,
                    declaration);
        }
    }

    private Tools() {}

    /// @param path of the name, for the message
    static void checkName(String name, String path) {
        if (name.isEmpty()) {
            throw new RequestException(
                    "Invalid '%s': empty string. Expected a string with minimum length 1, but got an empty string instead."
                            .formatted(path));
        }
        int length = name.codePointCount(0, name.length());
        if (length > NAME_MAX) {
            throw new RequestException(
                    "Invalid '%s': string too long. Expected a string with maximum length %d, but got a string with length %d instead."
                            .formatted(path, NAME_MAX, length));
        }
        if (!NAME.matcher(name).matches()) {
            throw new RequestException(
                    "Invalid '%s': string does not match pattern. Expected a string that matches the pattern '^%s$'."
                            .formatted(path, NAME.pattern()));
        }
    }

    static void checkUnique(List<Declared> tools, String message) {
        Set<String> names = new HashSet<>();
        for (Declared tool : tools) {
            if (!names.add(tool.name())) {
                throw new RequestException(message);
            }
        }
    }

    /// Checks the schemas, and rewrites those that are to be followed strictly.
    static List<Declared> checkSchemas(List<Declared> tools) {
        List<Declared> checked = new ArrayList<>();
        for (Declared tool : tools) {
            tool.parameters().flatMap(SchemaCheck::problem).ifPresent(problem -> refuseSchema(tool, problem));
            Declared kept = tool.isStrict() ? strictly(tool) : tool;
            kept.parameters().ifPresent(schema -> checkIsObject(tool, schema));
            checked.add(kept);
        }
        if (tools.stream().anyMatch(Declared::isStrict) && !tools.stream().allMatch(Declared::isStrict)) {
            throw new RequestException("Cannot use strict tool with non-strict tool in the same request");
        }
        return checked;
    }

    private static Declared strictly(Declared tool) {
        JsonNode schema = tool.parameters()
                .orElseGet(() -> JsonNodeFactory.instance.objectNode().put("type", "object"));
        return tool.withParameters(StrictSchema.rewrite(schema, "Invalid tool parameters schema : "));
    }

    private static void checkIsObject(Declared tool, JsonNode schema) {
        JsonNode type = schema.path("type");
        if (!type.asText().equals("object")) {
            String given = type.isMissingNode() ? "null" : JsonText.writeCompact(type);
            refuseSchema(tool, "schema must be a JSON Schema of 'type: \"object\"', got 'type: %s'.".formatted(given));
        }
    }

    private static void refuseSchema(Declared tool, String problem) {
        throw new RequestException("Invalid schema for function '%s': %s".formatted(tool.name(), problem));
    }

    /// Refuses a choice that names no tool, and one that forces a call while the model thinks.
    static void checkChoice(ToolChoice choice, List<Declared> tools, boolean thinking) {
        if (tools.isEmpty()) {
            return;
        }
        switch (choice) {
            case ToolChoice.Named(String name) -> {
                if (tools.stream().noneMatch(tool -> tool.name().equals(name))) {
                    throw new RequestException(
                            "Invalid value for 'tool_call': no function named '%s' was specified in the 'tools' parameter."
                                    .formatted(name));
                }
                refuseForcing(thinking);
            }
            case ToolChoice.Required _ -> refuseForcing(thinking);
            case ToolChoice.Auto _, ToolChoice.None _ -> {}
        }
    }

    private static void refuseForcing(boolean thinking) {
        if (thinking) {
            throw new RequestException("Thinking mode does not support this tool_choice");
        }
    }

    /// What remains for the model to see.
    static List<Declared> chosen(ToolChoice choice, List<Declared> tools) {
        return switch (choice) {
            case ToolChoice.Named(String name) ->
                tools.stream().filter(tool -> tool.name().equals(name)).toList();
            case ToolChoice.None _ -> List.of();
            case ToolChoice.Auto _, ToolChoice.Required _ -> tools;
        };
    }

    /// Where there is nothing to choose from, nothing can be forced.
    static ToolChoice effective(ToolChoice choice, List<Declared> tools) {
        return tools.isEmpty() && !(choice instanceof ToolChoice.None) ? new ToolChoice.Auto() : choice;
    }

    static OutputConstraint constraint(ToolChoice choice, List<Declared> tools) {
        ArrayNode declarations = JsonNodeFactory.instance.arrayNode();
        for (Declared tool : tools) {
            ObjectNode declaration = declarations.addObject();
            declaration.put("type", "function").set("function", function(tool));
            if (tool.deferred()) {
                declaration.put("defer_loading", true);
            }
        }
        Kind kind = switch (choice) {
            case ToolChoice.Required _, ToolChoice.Named _ -> Kind.TOOL_CALL_REQUIRED;
            case ToolChoice.Auto _, ToolChoice.None _ -> Kind.TOOL_CALL;
        };
        return new OutputConstraint(kind, JsonText.writeCompact(declarations));
    }

    static ObjectNode function(Declared tool) {
        ObjectNode function = JsonNodeFactory.instance.objectNode();
        function.put("name", tool.name());
        function.put("description", tool.description().orElse(null));
        function.set("parameters", tool.parameters().orElseGet(JsonNodeFactory.instance::objectNode));
        return function.put("strict", tool.strict().orElse(null));
    }
}
