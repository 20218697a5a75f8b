package dev.baleen.training;

/// What a training step depends on, beside the weights and the documents.
///
/// @param rate the learning rate that the schedule's factor multiplies
/// @param clipNorm gradients whose norm over all parameters exceeds it are scaled down to it
/// @param furtherWeight λ, how much the loss of the module that predicts two tokens ahead counts
/// @param furtherWeightLate λ in the last third of the schedule (DeepSeek-V3, arXiv 2412.19437, §4.2: 0.3, then 0.1)
/// @param balanceRate γ, how far a step moves an expert's selection bias; 0 in the last tenth of the schedule
/// @param balanceAlpha α, how much the sequence-wise balance loss counts
public record TrainerSettings(
        Optimizer optimizer,
        Schedule schedule,
        double rate,
        double clipNorm,
        double furtherWeight,
        double furtherWeightLate,
        double balanceRate,
        double balanceAlpha) {
    private static final double LATE = 2.0 / 3;
    private static final double BALANCED = 0.9;

    public TrainerSettings {
        boolean valid = rate > 0 && clipNorm > 0 && furtherWeight >= 0 && furtherWeightLate >= 0;
        if (!(valid && balanceRate >= 0 && balanceAlpha >= 0)) {
            throw new IllegalArgumentException(
                    "Rates and weights must not be negative, rate and clip norm must be positive: rate %s, clip %s, further %s and %s, balance %s and %s"
                            .formatted(rate, clipNorm, furtherWeight, furtherWeightLate, balanceRate, balanceAlpha));
        }
    }

    double rate(long step) {
        return rate * schedule.factor(step);
    }

    double furtherWeight(long step) {
        return schedule.elapsed(step) < LATE ? furtherWeight : furtherWeightLate;
    }

    double balanceRate(long step) {
        return schedule.elapsed(step) < BALANCED ? balanceRate : 0;
    }
}
