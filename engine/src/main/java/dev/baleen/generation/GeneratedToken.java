package dev.baleen.generation;

import java.util.List;
import java.util.OptionalDouble;

/// A token of an answer.
///
/// @param logprob the natural logarithm of its probability by the model alone, before temperature and penalties;
///     empty if it was not asked for
/// @param alternatives the likeliest tokens by the same measure, likeliest first, as many as were asked for
public record GeneratedToken(int id, OptionalDouble logprob, List<Alternative> alternatives) {
    /// A token that could have been, and its log-probability.
    public record Alternative(int id, double logprob) {}

    public GeneratedToken {
        alternatives = List.copyOf(alternatives);
    }

    static GeneratedToken plain(int id) {
        return new GeneratedToken(id, OptionalDouble.empty(), List.of());
    }
}
