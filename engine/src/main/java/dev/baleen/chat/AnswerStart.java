package dev.baleen.chat;

/// Where in the assistant's turn a prompt ends, and so how its answer has to be read.
public enum AnswerStart {
    /// Inside the thoughts, which the prompt opened.
    THOUGHTS,
    /// In the middle of thoughts that the prompt began to tell.
    THOUGHTS_CONTINUED,
    /// Before the answer: thoughts are closed.
    CONTENT,
    /// In the middle of an answer that the prompt began.
    CONTENT_CONTINUED,
    /// Before the answer, which may begin with thoughts all the same if its first text is `<think>`.
    EITHER,
    /// Inside a block of tool calls, which the prompt opened.
    TOOL_CALLS;

    /// Whether thoughts come first.
    public boolean isThinking() {
        return this == THOUGHTS || this == THOUGHTS_CONTINUED;
    }
}
