package dev.baleen.training;

/// Warm-up, stable, decay: the learning rate's course over one stage, as a factor from 0 to 1.
///
/// It rises in a straight line over the first `warmUpSteps` steps, stays at 1, and falls in a straight line over the
/// last `decaySteps` to `floor`, which the last step reaches. Experiments can branch from any step of the flat part
/// (arXiv 2404.06395, §4).
///
/// @param floor the factor of the last step
public record Schedule(long steps, long warmUpSteps, long decaySteps, double floor) {
    public Schedule {
        if (steps < 1 || warmUpSteps < 0 || decaySteps < 0 || warmUpSteps + decaySteps > steps) {
            throw new IllegalArgumentException("No schedule of %d steps with %d of warm-up and %d of decay"
                    .formatted(steps, warmUpSteps, decaySteps));
        }
        if (!(floor >= 0 && floor <= 1)) {
            throw new IllegalArgumentException("The rate cannot fall to %s of itself: give 0 to 1".formatted(floor));
        }
    }

    /// Warm-up and decay as shares of all steps.
    public static Schedule of(long steps, double warmUpShare, double decayShare, double floor) {
        return new Schedule(steps, Math.round(steps * warmUpShare), Math.round(steps * decayShare), floor);
    }

    /// The factor for step `step`, counted from 0.
    public double factor(long step) {
        if (step < warmUpSteps) {
            return (step + 1.0) / warmUpSteps;
        }
        long left = steps - 1 - step;
        if (left >= decaySteps) {
            return 1;
        }
        return floor + (1 - floor) * Math.max(0, left) / decaySteps;
    }

    /// How much of the stage lies before step `step`: 0 to 1.
    public double elapsed(long step) {
        return Math.min(1, (double) step / steps);
    }
}
