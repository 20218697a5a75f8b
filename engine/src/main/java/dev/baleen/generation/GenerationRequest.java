package dev.baleen.generation;

import java.util.List;
import java.util.OptionalInt;
import java.util.Set;

/// A prompt and how to go on from it.
///
/// @param prompt token ids, at least one
/// @param tokensMax the most tokens to generate, at least 1
/// @param endTokens tokens that end the answer; they are counted but not shown
/// @param stop texts that end the answer where they first appear, across token borders; they are not shown
/// @param stopFrom `stop` is looked for only after this text; empty to look from the beginning. So that a stop text
///     in the model's thoughts does not end its answer
/// @param topLogprobs if present, each token comes with its log-probability and those of so many alternatives
public record GenerationRequest(
        int[] prompt,
        int tokensMax,
        Sampling sampling,
        Set<Integer> endTokens,
        List<String> stop,
        String stopFrom,
        OptionalInt topLogprobs) {
    /// The most stop texts of a request.
    public static final int STOP_MAX = 16;
    /// The most characters of a stop text.
    public static final int STOP_LENGTH_MAX = 1024;
    /// The most alternatives to a token.
    public static final int TOP_LOGPROBS_MAX = 20;

    public GenerationRequest {
        check(
                prompt.length > 0,
                "The prompt is empty; it needs at least one token, such as the one that begins a text");
        check(tokensMax > 0, "The most tokens to generate is " + tokensMax + "; it has to be at least 1");
        check(stop.size() <= STOP_MAX, "There are " + stop.size() + " stop texts; " + STOP_MAX + " are allowed");
        for (String text : stop) {
            check(!text.isEmpty(), "A stop text is empty; it needs at least one character");
            check(
                    text.length() <= STOP_LENGTH_MAX,
                    "A stop text has %d characters; %d are allowed".formatted(text.length(), STOP_LENGTH_MAX));
        }
        check(
                topLogprobs.isEmpty() || (topLogprobs.getAsInt() >= 0 && topLogprobs.getAsInt() <= TOP_LOGPROBS_MAX),
                "The number of alternatives to a token is " + topLogprobs + "; it has to be from 0 to "
                        + TOP_LOGPROBS_MAX);
        endTokens = Set.copyOf(endTokens);
        stop = List.copyOf(stop);
    }

    /// Without end tokens, stop texts and log-probabilities.
    public static GenerationRequest of(int[] prompt, int tokensMax, Sampling sampling) {
        return new GenerationRequest(prompt, tokensMax, sampling, Set.of(), List.of(), "", OptionalInt.empty());
    }

    public GenerationRequest withEndTokens(Set<Integer> value) {
        return new GenerationRequest(prompt, tokensMax, sampling, value, stop, stopFrom, topLogprobs);
    }

    public GenerationRequest withStop(List<String> value) {
        return new GenerationRequest(prompt, tokensMax, sampling, endTokens, value, stopFrom, topLogprobs);
    }

    public GenerationRequest withStopFrom(String value) {
        return new GenerationRequest(prompt, tokensMax, sampling, endTokens, stop, value, topLogprobs);
    }

    public GenerationRequest withTopLogprobs(int value) {
        return new GenerationRequest(prompt, tokensMax, sampling, endTokens, stop, stopFrom, OptionalInt.of(value));
    }

    private static void check(boolean right, String message) {
        if (!right) {
            throw new IllegalArgumentException(message);
        }
    }
}
