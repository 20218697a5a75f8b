package dev.baleen.chat;

import java.util.List;

/// How a family of models lays out a conversation. Stateless; used by any number of threads.
public interface ChatTemplate {
    /// The conversation, and the beginning of the assistant's next turn.
    ///
    /// @throws IllegalArgumentException if the layout has no place for a message
    Prompt render(ChatRequest request);

    /// A conversation without tools.
    ///
    /// @param thinking whether the model is to think before it answers
    default Prompt render(List<Message> messages, boolean thinking) {
        return render(ChatRequest.of(messages, thinking));
    }

    /// How models of this family call tools.
    default ToolCallFormat toolCalls() {
        return ToolCallFormat.NONE;
    }
}
