package dev.baleen.generation;

/// What a generation took.
///
/// @param promptTokens tokens of the prompt
/// @param completionTokens tokens that were generated, those that ended it or are not shown included
/// @param cachedTokens tokens of the prompt that were remembered from before and not computed
/// @param queueNanos from submission until the first step that computes it
/// @param prefillNanos from then until the first token
/// @param decodeNanos from then until the last token
public record Usage(
        int promptTokens,
        int completionTokens,
        int cachedTokens,
        long queueNanos,
        long prefillNanos,
        long decodeNanos) {
    /// Tokens of prompt and answer.
    public int totalTokens() {
        return promptTokens + completionTokens;
    }

    /// Tokens of the prompt in a second; 0 where nothing was measured.
    public double prefillTokensPerSecond() {
        return prefillNanos == 0 ? 0 : (promptTokens - cachedTokens) * 1e9 / prefillNanos;
    }

    /// Tokens after the first in a second; 0 where there was one only.
    public double decodeTokensPerSecond() {
        return decodeNanos == 0 ? 0 : (completionTokens - 1) * 1e9 / decodeNanos;
    }
}
