package dev.baleen.chat;

import dev.baleen.generation.FinishReason;
import java.util.List;

/// A whole answer, thoughts and calls of tools included.
public record ChatReply(Message message, FinishReason reason, ChatUsage usage) {
    public String content() {
        return message.content();
    }

    public String reasoning() {
        return message.reasoning();
    }

    /// The tools that it calls. Calls are complete unless the answer was cut ([FinishReason#LENGTH]).
    public List<ToolCall> toolCalls() {
        return message.toolCalls();
    }
}
