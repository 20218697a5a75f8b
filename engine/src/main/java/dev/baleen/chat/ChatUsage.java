package dev.baleen.chat;

import dev.baleen.generation.Usage;

/// What an answer took.
///
/// @param generation tokens and times of the whole
/// @param reasoningTokens tokens of the thoughts, without the mark that ends them
/// @param thinkingNanos from the first token until the thoughts ended, as the reader saw it; 0 without thoughts
public record ChatUsage(Usage generation, int reasoningTokens, long thinkingNanos) {
    public int promptTokens() {
        return generation.promptTokens();
    }

    public int completionTokens() {
        return generation.completionTokens();
    }
}
