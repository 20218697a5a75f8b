package dev.baleen.chat;

import java.util.List;

/// One turn of a conversation.
///
/// @param reasoning what the assistant thought before it answered; empty for everybody else
/// @param toolCalls the tools that the assistant called; empty for everybody else
/// @param toolCallId the call that a tool's message answers; empty for everybody else
/// @param name who speaks, where several share a role; empty for nobody in particular
/// @param prefix whether this is the beginning of the assistant's turn, to be gone on with
public record Message(
        Role role,
        String content,
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
        toolCalls = List.copyOf(toolCalls);
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

    /// This message as history keeps it.
    public Message withoutReasoning() {
        return reasoning.isEmpty() ? this : new Message(role, content, "", toolCalls, toolCallId, name, prefix);
    }
}
