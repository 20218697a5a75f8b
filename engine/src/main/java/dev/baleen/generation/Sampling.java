package dev.baleen.generation;

import java.util.Map;
import java.util.OptionalLong;

/// How the next token is drawn from the logits. [Sampler] says in which order the settings act.
///
/// @param temperature divides the logits; 0 takes the likeliest token always
/// @param topK only the k likeliest tokens; 0 for all
/// @param topP only the likeliest tokens that together reach this probability; 1 for all
/// @param minP only tokens at least this fraction as likely as the likeliest; 0 for all
/// @param repetitionPenalty above 1 makes tokens of prompt and answer less likely; 1 for none
/// @param presencePenalty taken from the logit of every token that the answer already has
/// @param frequencyPenalty taken from it once for each time that the answer has it
/// @param logitBias added to the logits of single tokens
/// @param seed the same seed gives the same text, whatever else runs; empty draws a new one for each request
public record Sampling(
        double temperature,
        int topK,
        double topP,
        double minP,
        double repetitionPenalty,
        double presencePenalty,
        double frequencyPenalty,
        Map<Integer, Double> logitBias,
        OptionalLong seed) {
    public Sampling {
        check(temperature >= 0 && temperature <= 100, "temperature", temperature, "from 0 to 100");
        check(topK >= 0, "top-k", topK, "at least 0, where 0 means all tokens");
        check(topP > 0 && topP <= 1, "top-p", topP, "above 0 and at most 1");
        check(minP >= 0 && minP <= 1, "min-p", minP, "from 0 to 1");
        check(
                repetitionPenalty > 0 && repetitionPenalty <= 100,
                "repetition penalty",
                repetitionPenalty,
                "above 0 and at most 100, where 1 means none");
        check(Math.abs(presencePenalty) <= 100, "presence penalty", presencePenalty, "from -100 to 100");
        check(Math.abs(frequencyPenalty) <= 100, "frequency penalty", frequencyPenalty, "from -100 to 100");
        logitBias = Map.copyOf(logitBias);
        logitBias.forEach((token, bias) -> check(
                !Double.isNaN(bias), "logit bias of token " + token, bias, "a number, or minus infinity to forbid it"));
    }

    /// The likeliest token always.
    public static Sampling greedy() {
        return new Sampling(0, 0, 1, 0, 1, 0, 0, Map.of(), OptionalLong.empty());
    }

    /// Drawn by the model's own probabilities, divided by `temperature`.
    public static Sampling at(double temperature) {
        return greedy().withTemperature(temperature);
    }

    public Sampling withTemperature(double value) {
        return new Sampling(
                value, topK, topP, minP, repetitionPenalty, presencePenalty, frequencyPenalty, logitBias, seed);
    }

    public Sampling withTopK(int value) {
        return new Sampling(
                temperature, value, topP, minP, repetitionPenalty, presencePenalty, frequencyPenalty, logitBias, seed);
    }

    public Sampling withTopP(double value) {
        return new Sampling(
                temperature, topK, value, minP, repetitionPenalty, presencePenalty, frequencyPenalty, logitBias, seed);
    }

    public Sampling withMinP(double value) {
        return new Sampling(
                temperature, topK, topP, value, repetitionPenalty, presencePenalty, frequencyPenalty, logitBias, seed);
    }

    public Sampling withRepetitionPenalty(double value) {
        return new Sampling(temperature, topK, topP, minP, value, presencePenalty, frequencyPenalty, logitBias, seed);
    }

    public Sampling withPresencePenalty(double value) {
        return new Sampling(temperature, topK, topP, minP, repetitionPenalty, value, frequencyPenalty, logitBias, seed);
    }

    public Sampling withFrequencyPenalty(double value) {
        return new Sampling(temperature, topK, topP, minP, repetitionPenalty, presencePenalty, value, logitBias, seed);
    }

    public Sampling withLogitBias(Map<Integer, Double> value) {
        return new Sampling(
                temperature, topK, topP, minP, repetitionPenalty, presencePenalty, frequencyPenalty, value, seed);
    }

    public Sampling withSeed(long value) {
        return new Sampling(
                temperature,
                topK,
                topP,
                minP,
                repetitionPenalty,
                presencePenalty,
                frequencyPenalty,
                logitBias,
                OptionalLong.of(value));
    }

    private static void check(boolean right, String setting, Object value, String range) {
        if (!right) {
            throw new IllegalArgumentException("The %s is %s; it has to be %s".formatted(setting, value, range));
        }
    }
}
