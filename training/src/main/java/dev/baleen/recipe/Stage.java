package dev.baleen.recipe;

import dev.baleen.training.LossMask;
import dev.baleen.training.Optimizer;
import dev.baleen.training.Schedule;
import dev.baleen.training.TrainerSettings;

/// A stretch of training with a schedule of its own. The weights carry over from stage to stage, the optimiser's
/// moments begin anew.
///
/// @param title what people call it
/// @param mask which tokens are to be predicted
/// @param documents documents of each step
/// @param microBatches parts that a step's documents are shared out into; a multiple of the threads keeps all busy
/// @param rate the learning rate between warm-up and decay
/// @param warmUpShare part of the steps in which the rate rises
/// @param decayShare part of the steps in which it falls to `floor` of itself
/// @param clipNorm norm that gradients are scaled down to
/// @param furtherWeight weight of the loss two tokens ahead; in the last third `furtherWeightLate`
/// @param balanceRate how far a step moves an expert's selection bias
/// @param balanceAlpha weight of the sequence-wise balance loss
public record Stage(
        String title,
        LossMask mask,
        long steps,
        int documents,
        int microBatches,
        double rate,
        double warmUpShare,
        double decayShare,
        double floor,
        double clipNorm,
        double furtherWeight,
        double furtherWeightLate,
        double balanceRate,
        double balanceAlpha) {
    public Stage {
        if (steps < 1 || documents < microBatches || microBatches < 1) {
            throw new IllegalArgumentException("No stage '%s' of %d steps with %d documents in %d micro-batches"
                    .formatted(title, steps, documents, microBatches));
        }
    }

    /// Learning to write all of it.
    static Stage preTraining(long steps, int documents, int microBatches, double rate) {
        return new Stage(
                "pre-train", LossMask.ALL, steps, documents, microBatches, rate, 0.1, 0, 1, 1, 0.3, 0.1, 1e-3, 1e-4);
    }

    /// Learning to write the assistant's part, from the end of pre-training: no warm-up to speak of, all decay.
    static Stage fineTuning(long steps, int documents, int microBatches, double rate) {
        return new Stage(
                "fine-tune",
                LossMask.ASSISTANT,
                steps,
                documents,
                microBatches,
                rate,
                0.02,
                0.98,
                0,
                1,
                0.1,
                0.1,
                1e-3,
                1e-4);
    }

    Stage withSteps(long count) {
        return new Stage(
                title,
                mask,
                count,
                documents,
                microBatches,
                rate,
                warmUpShare,
                decayShare,
                floor,
                clipNorm,
                furtherWeight,
                furtherWeightLate,
                balanceRate,
                balanceAlpha);
    }

    TrainerSettings settings(Optimizer optimizer) {
        return new TrainerSettings(
                optimizer,
                Schedule.of(steps, warmUpShare, decayShare, floor),
                rate,
                clipNorm,
                furtherWeight,
                furtherWeightLate,
                balanceRate,
                balanceAlpha);
    }
}
