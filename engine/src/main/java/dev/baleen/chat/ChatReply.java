package dev.baleen.chat;

import dev.baleen.generation.FinishReason;

/// A whole answer, thoughts included.
public record ChatReply(Message message, FinishReason reason, ChatUsage usage) {
    public String content() {
        return message.content();
    }

    public String reasoning() {
        return message.reasoning();
    }
}
