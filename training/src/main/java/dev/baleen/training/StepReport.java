package dev.baleen.training;

import java.util.OptionalDouble;

/// What one training step measured.
///
/// @param step the step that is now done, counted from 1
/// @param steps steps of the whole stage
/// @param tokens tokens of this step
/// @param loss mean cross entropy in nats of the tokens that count
/// @param furtherLoss the same for two tokens ahead, where the model predicts them
/// @param balanceLoss the sequence-wise balance loss, alpha included
/// @param rate the learning rate
/// @param gradientNorm before clipping
/// @param clipped whether clipping fired
/// @param seconds how long the step took
/// @param floatingPointOperations counted for this step, forward and backward
/// @param maxViolations for each gate, how far its busiest expert is above the mean
public record StepReport(
        long step,
        long steps,
        long tokens,
        double loss,
        OptionalDouble furtherLoss,
        double balanceLoss,
        double rate,
        double gradientNorm,
        boolean clipped,
        double seconds,
        double floatingPointOperations,
        double[] maxViolations) {
    public double tokensPerSecond() {
        return tokens / seconds;
    }

    public double gigaflopsPerSecond() {
        return floatingPointOperations / seconds / 1e9;
    }
}
