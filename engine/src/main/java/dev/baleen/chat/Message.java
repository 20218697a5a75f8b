package dev.baleen.chat;

/// One turn of a conversation.
///
/// @param reasoning what the assistant thought before it answered; empty for everybody else
public record Message(Role role, String content, String reasoning) {
    public Message {
        if (role != Role.ASSISTANT && !reasoning.isEmpty()) {
            throw new IllegalArgumentException(
                    "A message of role %s has reasoning; only the assistant's can".formatted(role.jsonName()));
        }
    }

    public static Message system(String content) {
        return new Message(Role.SYSTEM, content, "");
    }

    public static Message user(String content) {
        return new Message(Role.USER, content, "");
    }

    public static Message assistant(String content) {
        return new Message(Role.ASSISTANT, content, "");
    }

    public static Message assistant(String content, String reasoning) {
        return new Message(Role.ASSISTANT, content, reasoning);
    }

    public static Message tool(String content) {
        return new Message(Role.TOOL, content, "");
    }

    /// This message as history keeps it.
    public Message withoutReasoning() {
        return reasoning.isEmpty() ? this : new Message(role, content, "");
    }
}
