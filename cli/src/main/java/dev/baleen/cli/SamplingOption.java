package dev.baleen.cli;

import dev.baleen.chat.ChatOptions;
import dev.baleen.generation.Sampling;
import java.util.Optional;
import java.util.OptionalInt;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// How answers are drawn: llama.cpp's names for the settings. What is not given is as the model's publisher asks for.
final class SamplingOption {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Option(
            names = {"--temp", "--temperature"},
            paramLabel = "T",
            description = "Divides the logits; 0 takes the likeliest token always.")
    private Optional<Double> temperature = Optional.empty();

    @Option(names = "--top-k", paramLabel = "K", description = "Only the K likeliest tokens; 0 for all.")
    private Optional<Integer> topK = Optional.empty();

    @Option(names = "--top-p", paramLabel = "P", description = "Only the likeliest tokens that together reach P.")
    private Optional<Double> topP = Optional.empty();

    @Option(
            names = "--min-p",
            paramLabel = "P",
            description = "Only tokens at least P times as likely as the likeliest.")
    private Optional<Double> minP = Optional.empty();

    @Option(
            names = "--repeat-penalty",
            paramLabel = "X",
            description = "Above 1: tokens that were there already are less likely.")
    private Optional<Double> repeatPenalty = Optional.empty();

    @Option(
            names = "--presence-penalty",
            paramLabel = "X",
            description = "Taken from the logit of each token that the answer has.")
    private Optional<Double> presencePenalty = Optional.empty();

    @Option(
            names = "--frequency-penalty",
            paramLabel = "X",
            description = "Taken once for each time that the answer has it.")
    private Optional<Double> frequencyPenalty = Optional.empty();

    @Option(
            names = {"-s", "--seed"},
            paramLabel = "N",
            description = "The same seed gives the same answer.")
    private Optional<Long> seed = Optional.empty();

    @Option(
            names = {"-n", "--predict"},
            paramLabel = "TOKENS",
            description = "The most tokens of thoughts and answer together.")
    private Optional<Integer> tokensMax = Optional.empty();

    @Option(names = "--no-think", description = "Answer at once, without thinking.")
    private boolean noThink;

    /// The model's own habits, with what was given in their place.
    ChatOptions over(ChatOptions defaults) {
        if (tokensMax.isPresent() && tokensMax.get() < 1) {
            throw wrong("--predict is " + tokensMax.get() + "; it has to be at least 1");
        }
        OptionalInt most = tokensMax.map(OptionalInt::of).orElse(defaults.tokensMax());
        boolean thinking = defaults.thinking() && !noThink;
        return new ChatOptions(thinking, most, over(defaults.sampling()), defaults.stop(), defaults.topLogprobs());
    }

    private Sampling over(Sampling own) {
        try {
            Sampling sampling = own.withTemperature(temperature.orElse(own.temperature()))
                    .withTopK(topK.orElse(own.topK()))
                    .withTopP(topP.orElse(own.topP()))
                    .withMinP(minP.orElse(own.minP()))
                    .withRepetitionPenalty(repeatPenalty.orElse(own.repetitionPenalty()))
                    .withPresencePenalty(presencePenalty.orElse(own.presencePenalty()))
                    .withFrequencyPenalty(frequencyPenalty.orElse(own.frequencyPenalty()));
            return seed.isPresent() ? sampling.withSeed(seed.get()) : sampling;
        } catch (IllegalArgumentException e) {
            throw wrong(String.valueOf(e.getMessage()));
        }
    }

    private ParameterException wrong(String message) {
        return new ParameterException(spec.commandLine(), message);
    }
}
