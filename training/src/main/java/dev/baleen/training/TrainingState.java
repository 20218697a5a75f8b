package dev.baleen.training;

/// Where a run stands: with the weights and the optimiser's moments, all that is needed to go on to the same bits.
///
/// @param stage the stage that is under way, counted from 0
/// @param step steps of that stage that are done
/// @param tokens tokens learnt from in all stages
/// @param clips how often clipping fired in all stages
/// @param seed what all random numbers derive from
/// @param recipe a hash of all settings: a run goes on with the settings it began with
public record TrainingState(int stage, long step, long tokens, long clips, long seed, String recipe) {
    public TrainingState {
        if (stage < 0 || step < 0 || tokens < 0 || clips < 0) {
            throw new IllegalArgumentException("No training state at stage %d, step %d, after %d tokens and %d clips"
                    .formatted(stage, step, tokens, clips));
        }
    }

    /// Where a run begins.
    public static TrainingState start(long seed, String recipe) {
        return new TrainingState(0, 0, 0, 0, seed, recipe);
    }

    /// After one more step.
    public TrainingState after(StepReport report) {
        return new TrainingState(
                stage, step + 1, tokens + report.tokens(), clips + (report.clipped() ? 1 : 0), seed, recipe);
    }

    /// At the beginning of the next stage.
    public TrainingState nextStage() {
        return new TrainingState(stage + 1, 0, tokens, clips, seed, recipe);
    }
}
