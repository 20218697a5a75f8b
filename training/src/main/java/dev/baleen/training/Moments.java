package dev.baleen.training;

/// What an optimiser remembers from step to step: two numbers for each parameter.
///
/// @param first running mean of the gradients, or Muon's momentum
/// @param second running mean of their squares
public record Moments(Parameters first, Parameters second) implements AutoCloseable {
    /// Zeros for these parameters.
    public static Moments of(Parameters parameters) {
        return new Moments(parameters.mirror(), parameters.mirror());
    }

    /// Forgets everything.
    public void clear() {
        first.clear();
        second.clear();
    }

    @Override
    public void close() {
        first.close();
        second.close();
    }
}
