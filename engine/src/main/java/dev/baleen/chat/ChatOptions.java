package dev.baleen.chat;

import dev.baleen.generation.Sampling;
import java.util.List;
import java.util.OptionalInt;

/// How an answer is to be made. [ChatModel#options()] gives the model's own, to begin with.
///
/// @param thinking whether the model is to think before it answers
/// @param tokensMax the most tokens of thoughts and answer together; empty for what the context has room for
/// @param stop texts that end the answer where they first appear in it; in the thoughts they mean nothing
/// @param topLogprobs if present, tokens come with log-probabilities and so many alternatives
public record ChatOptions(
        boolean thinking, OptionalInt tokensMax, Sampling sampling, List<String> stop, OptionalInt topLogprobs) {
    public ChatOptions {
        stop = List.copyOf(stop);
    }

    /// With thinking, and nothing else asked for.
    public static ChatOptions of(Sampling sampling) {
        return new ChatOptions(true, OptionalInt.empty(), sampling, List.of(), OptionalInt.empty());
    }

    public ChatOptions withThinking(boolean value) {
        return new ChatOptions(value, tokensMax, sampling, stop, topLogprobs);
    }

    public ChatOptions withTokensMax(int value) {
        return new ChatOptions(thinking, OptionalInt.of(value), sampling, stop, topLogprobs);
    }

    public ChatOptions withSampling(Sampling value) {
        return new ChatOptions(thinking, tokensMax, value, stop, topLogprobs);
    }

    public ChatOptions withStop(List<String> value) {
        return new ChatOptions(thinking, tokensMax, sampling, value, topLogprobs);
    }

    public ChatOptions withTopLogprobs(int value) {
        return new ChatOptions(thinking, tokensMax, sampling, stop, OptionalInt.of(value));
    }
}
