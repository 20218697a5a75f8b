package dev.baleen.chat;

import dev.baleen.chat.Content.Image;
import dev.baleen.chat.Content.Text;
import dev.baleen.chat.Content.ToolSchemas;
import java.util.ArrayList;
import java.util.List;

/// One turn of a conversation.
///
/// @param parts what is said, in order
/// @param reasoning what the assistant thought before it answered; empty for everybody else
/// @param toolCalls the tools that the assistant called; empty for everybody else
/// @param toolCallId the call that a tool's message answers; empty for everybody else
/// @param name who speaks, where several share a role; empty for nobody in particular
/// @param prefix whether this is the beginning of the assistant's turn, to be gone on with
public record Message(
        Role role,
        List<Content> parts,
        String reasoning,
        List<ToolCall> toolCalls,
        String toolCallId,
        String name,
        boolean prefix) {
    public Message {
        if (role != Role.ASSISTANT && !reasoning.isEmpty()) {
            throw new IllegalArgumentException(
                    "A message of role %s has reasoning; only the assistant's can".formatted(role.jsonName()));
        }
        if (role != Role.ASSISTANT && !toolCalls.isEmpty()) {
            throw new IllegalArgumentException(
                    "A message of role %s calls tools; only the assistant can".formatted(role.jsonName()));
        }
        parts = List.copyOf(parts);
        toolCalls = List.copyOf(toolCalls);
    }

    /// A message that says text alone.
    public Message(
            Role role,
            String content,
            String reasoning,
            List<ToolCall> toolCalls,
            String toolCallId,
            String name,
            boolean prefix) {
        this(
                role,
                content.isEmpty() ? List.<Content>of() : List.<Content>of(new Text(content)),
                reasoning,
                toolCalls,
                toolCallId,
                name,
                prefix);
    }

    public static Message system(String content) {
        return of(Role.SYSTEM, content);
    }

    public static Message user(String content) {
        return of(Role.USER, content);
    }

    public static Message assistant(String content) {
        return of(Role.ASSISTANT, content);
    }

    public static Message assistant(String content, String reasoning) {
        return assistant(content, reasoning, List.of());
    }

    public static Message assistant(String content, String reasoning, List<ToolCall> toolCalls) {
        return new Message(Role.ASSISTANT, content, reasoning, toolCalls, "", "", false);
    }

    public static Message tool(String content) {
        return tool(content, "");
    }

    /// What a tool answers to the call of that id.
    public static Message tool(String content, String toolCallId) {
        return new Message(Role.TOOL, content, "", List.of(), toolCallId, "", false);
    }

    /// Text alone.
    public static Message of(Role role, String content) {
        return new Message(role, content, "", List.of(), "", "", false);
    }

    /// What is said as one text: parts are joined by a blank line, and a picture is a note that there was one.
    public String content() {
        List<String> texts = new ArrayList<>();
        for (Content part : parts) {
            switch (part) {
                case Text(String text) -> texts.add(text);
                case Image _ -> texts.add("[Unsupported Image]");
                case ToolSchemas _ -> {}
            }
        }
        return String.join("\n\n", texts);
    }

    /// This message as history keeps it.
    public Message withoutReasoning() {
        return reasoning.isEmpty() ? this : new Message(role, parts, "", toolCalls, toolCallId, name, prefix);
    }
}
