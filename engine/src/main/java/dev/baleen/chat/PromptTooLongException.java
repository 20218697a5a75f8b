package dev.baleen.chat;

/// A conversation that leaves no room in the context for an answer.
public final class PromptTooLongException extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    PromptTooLongException(int promptTokens, int contextTokensMax) {
        super(
                ("The maximum context length is %,d tokens, but the conversation alone has %,d; shorten it, or begin a new one")
                        .formatted(contextTokensMax, promptTokens));
    }
}
