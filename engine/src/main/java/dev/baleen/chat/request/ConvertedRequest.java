package dev.baleen.chat.request;

import dev.baleen.chat.ChatRequest;
import dev.baleen.chat.Effort;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/// A request of any protocol, checked.
///
/// @param model whom it asks
/// @param chat the conversation and what may come next in it
/// @param images the pictures in it, in order, for models that see
/// @param sampling how to draw
/// @param tokensMax the most tokens of the answer that were asked for
/// @param constraint what the answer has to look like
/// @param jsonOutput whether text around the JSON of an answer is to be hidden
/// @param stop texts that end the answer
/// @param stream whether the answer is wanted piece by piece
/// @param includeUsage whether every piece tells that it has no usage
public record ConvertedRequest(
        String model,
        ChatRequest chat,
        List<Image> images,
        Sampling sampling,
        OptionalInt tokensMax,
        Optional<OutputConstraint> constraint,
        boolean jsonOutput,
        List<String> stop,
        boolean stream,
        boolean includeUsage) {
    private static final int PLAIN_TOKENS = 8 * 1024;
    private static final int THINKING_TOKENS = 64 * 1024;
    private static final int EFFORT_MAX_TOKENS = 128 * 1024;

    /// @param isEmbedded whether the picture is in the request; else it has to be fetched
    /// @param path where it stands in the request
    public record Image(boolean isEmbedded, String detail, String path) {}

    /// @param topLogprobs how many alternatives of each token are to be told
    public record Sampling(
            float temperature, float topP, boolean logprobs, OptionalInt topLogprobs, OptionalLong seed) {}

    /// A grammar for the sampler.
    ///
    /// @param text a JSON schema, the tools' declarations, or a regular expression; empty for any JSON
    public record OutputConstraint(Kind kind, String text) {
        public enum Kind {
            JSON,
            REGEX,
            TOOL_CALL,
            TOOL_CALL_REQUIRED
        }
    }

    public ConvertedRequest {
        images = List.copyOf(images);
        stop = List.copyOf(stop);
    }

    /// The most tokens that the answer may have after a prompt: what was asked for, or what the effort needs if the
    /// context has room.
    ///
    /// @throws RequestException if the context does not suffice
    public int tokensMax(int promptTokens, int contextTokens) {
        int asked = tokensMax.orElse(0);
        if ((long) promptTokens + asked > contextTokens) {
            throw new RequestException("""
                    This model's maximum context length is %d tokens. However, you requested %d tokens (%d in the \
                    messages, %d in the completion). Please reduce the length of the messages or completion.""".formatted(contextTokens, (long) promptTokens + asked, promptTokens, asked));
        }
        return tokensMax.orElse(Math.max(1, Math.min(defaultTokensMax(), contextTokens - promptTokens)));
    }

    private int defaultTokensMax() {
        if (!chat.thinking()) {
            return PLAIN_TOKENS;
        }
        return chat.effort() == Effort.MAX ? EFFORT_MAX_TOKENS : THINKING_TOKENS;
    }
}
