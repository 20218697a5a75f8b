package dev.baleen.chat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;

/// A request as the variables that templates expect, under the names of the `transformers` library.
final class JinjaVariables {
    /// Names under which families ask whether to think: Qwen3, and DeepSeek-V3.1.
    static final List<String> SWITCHES = List.of("enable_thinking", "thinking");

    private final String source;
    private final Supplier<CallStyle> style;

    /// @param source the template, which may know some of the less usual roles and variables
    /// @param style  asked for where there are calls
    JinjaVariables(String source, Supplier<CallStyle> style) {
        this.source = source;
        this.style = style;
    }

    ObjectNode of(ChatRequest request) {
        ObjectNode variables = JsonNodeFactory.instance.objectNode();
        variables.set("messages", messages(request.messages()));
        variables.set("tools", tools(request.offeredTools()));
        variables.putNull("documents");
        variables.put("add_generation_prompt", !continues(request.messages()));
        SWITCHES.forEach(name -> variables.put(name, request.thinking()));
        variables.put("reasoning_effort", effort(request.effort()));
        switch (request.responseFormat()) {
            case ResponseFormat.Text _, ResponseFormat.Regex _ -> {}
            case ResponseFormat.JsonObject _ ->
                variables.putObject("response_format").put("type", "json_object");
            case ResponseFormat.JsonSchema(var schema) -> variables.set("response_format", schema);
        }
        variables.setAll(request.templateArguments());
        return variables;
    }

    /// Whether the answer goes on with the assistant's last turn.
    static boolean continues(List<Message> messages) {
        return !messages.isEmpty() && messages.getLast().prefix();
    }

    /// The degrees that templates know.
    private static String effort(Effort effort) {
        return switch (effort) {
            case LOW, HIGH, MAX -> effort.name().toLowerCase(Locale.ROOT);
            case XHIGH -> "max";
        };
    }

    private ArrayNode messages(List<Message> messages) {
        ArrayNode array = JsonNodeFactory.instance.arrayNode(messages.size());
        Map<String, String> namesById = new HashMap<>();
        for (Message message : messages) {
            message.toolCalls().forEach(call -> namesById.put(call.id(), call.name()));
            array.add(message(message, namesById.getOrDefault(message.toolCallId(), "")));
        }
        return array;
    }

    private ObjectNode message(Message message, String calledTool) {
        ObjectNode node = JsonNodeFactory.instance.objectNode().put("role", role(message.role()));
        if (message.toolCalls().isEmpty()) {
            node.put("content", message.content());
        } else {
            node.set("content", style.get().content(message.content()));
        }
        if (!message.reasoning().isEmpty()) {
            node.put("reasoning_content", message.reasoning());
        }
        if (!message.toolCalls().isEmpty()) {
            ArrayNode calls = node.putArray("tool_calls");
            message.toolCalls().forEach(call -> calls.add(call(call)));
        }
        if (!message.toolCallId().isEmpty()) {
            node.put("tool_call_id", message.toolCallId());
        }
        String name = message.name().isEmpty() ? calledTool : message.name();
        if (!name.isEmpty()) {
            node.put("name", name);
        }
        if (message.prefix()) {
            node.put("prefix", true);
        }
        return node;
    }

    private ObjectNode call(ToolCall call) {
        ObjectNode node =
                JsonNodeFactory.instance.objectNode().put("id", call.id()).put("type", "function");
        node.putObject("function")
                .put("name", call.name())
                .set("arguments", style.get().arguments(call.arguments()));
        return node;
    }

    /// A developer's word counts as the system's where a template does not know developers.
    private String role(Role role) {
        return switch (role) {
            case SYSTEM, USER, ASSISTANT, TOOL -> role.jsonName();
            case DEVELOPER -> source.contains(role.jsonName()) ? role.jsonName() : Role.SYSTEM.jsonName();
            case LATEST_REMINDER -> {
                if (!source.contains(role.jsonName())) {
                    throw new IllegalArgumentException("The model's template has no place for a message of the role "
                            + role.jsonName() + "; say it in a system message");
                }
                yield role.jsonName();
            }
        };
    }

    /// None where there are none: templates ask for that.
    private static JsonNode tools(List<Tool> tools) {
        if (tools.isEmpty()) {
            return JsonNodeFactory.instance.nullNode();
        }
        ArrayNode array = JsonNodeFactory.instance.arrayNode(tools.size());
        for (Tool tool : tools) {
            array.addObject().put("type", "function").set("function", tool.declaration());
        }
        return array;
    }
}
