package dev.baleen.chat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;

/// What a template lays out: a conversation, and how its next turn is to be.
///
/// @param tools what the assistant may call; empty for nothing
/// @param thinking whether it is to think before it answers
/// @param effort how long, where it thinks and its family knows degrees
/// @param templateArguments further variables for templates that take them, by name
public record ChatRequest(
        List<Message> messages,
        List<Tool> tools,
        ToolChoice toolChoice,
        boolean thinking,
        Effort effort,
        ResponseFormat responseFormat,
        Map<String, JsonNode> templateArguments) {
    public ChatRequest {
        messages = List.copyOf(messages);
        tools = List.copyOf(tools);
        templateArguments = Map.copyOf(templateArguments);
    }

    /// A conversation without tools.
    public static ChatRequest of(List<Message> messages, boolean thinking) {
        return new ChatRequest(
                messages, List.of(), new ToolChoice.Auto(), thinking, Effort.HIGH, new ResponseFormat.Text(), Map.of());
    }

    /// The tools that the assistant may really call: none where the choice is none.
    public List<Tool> offeredTools() {
        return switch (toolChoice) {
            case ToolChoice.None _ -> List.of();
            case ToolChoice.Named(String name) ->
                tools.stream().filter(tool -> tool.name().equals(name)).toList();
            case ToolChoice.Auto _, ToolChoice.Required _ -> tools;
        };
    }

    /// Whether the assistant must call a tool.
    boolean forcesCall() {
        return switch (toolChoice) {
            case ToolChoice.Required _, ToolChoice.Named _ -> !offeredTools().isEmpty();
            case ToolChoice.Auto _, ToolChoice.None _ -> false;
        };
    }

    public ChatRequest withTools(List<Tool> value) {
        return new ChatRequest(messages, value, toolChoice, thinking, effort, responseFormat, templateArguments);
    }

    public ChatRequest withToolChoice(ToolChoice value) {
        return new ChatRequest(messages, tools, value, thinking, effort, responseFormat, templateArguments);
    }
}
