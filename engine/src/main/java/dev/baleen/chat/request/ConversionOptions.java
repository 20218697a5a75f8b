package dev.baleen.chat.request;

import dev.baleen.chat.DeepSeekV4Template.Version;
import java.util.Optional;
import java.util.Set;

/// What a service decides for all its requests.
///
/// @param version for whose layout: V4 and V4.1 take some inputs differently
/// @param models the names that are served; empty if any name, or none, will do
/// @param thinkingByDefault whether to think where a request does not say
/// @param reasoningRequired whether a history of tool calls without its reasoning is refused, or taken for calls
///     without a thought
/// @param messagesDropWebSearch whether Messages leaves out the service's own web search instead of refusing it
/// @param responsesDropWebSearch whether Responses does
/// @param takesDevelopers whether a message of Chat Completions may be a developer's
/// @param thinkingTokensMax the most tokens that a request may ask for with thinking
/// @param plainTokensMax the most without
public record ConversionOptions(
        Version version,
        Optional<Set<String>> models,
        boolean thinkingByDefault,
        boolean reasoningRequired,
        boolean messagesDropWebSearch,
        boolean responsesDropWebSearch,
        boolean takesDevelopers,
        int thinkingTokensMax,
        int plainTokensMax) {
    private static final int TOKENS_MAX = 384 * 1024;

    public static ConversionOptions of(Version version) {
        return new ConversionOptions(
                version, Optional.empty(), true, false, false, true, false, TOKENS_MAX, TOKENS_MAX);
    }

    ConversionOptions withDevelopers() {
        return new ConversionOptions(
                version,
                models,
                thinkingByDefault,
                reasoningRequired,
                messagesDropWebSearch,
                responsesDropWebSearch,
                true,
                thinkingTokensMax,
                plainTokensMax);
    }

    int tokensMax(boolean thinking) {
        return thinking ? thinkingTokensMax : plainTokensMax;
    }
}
