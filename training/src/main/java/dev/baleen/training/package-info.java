/// Losses, gradients, optimisers, and the loops that use them.
///
/// In: a model, problems or documents of tokens. Out: better weights. Read [dev.baleen.training.Parameters] (what is
/// trained), [dev.baleen.training.Tape] (how a loss becomes gradients), [dev.baleen.training.Trainer] (a step), then
/// what a step is made of: [dev.baleen.training.ProblemDocuments] and [dev.baleen.training.Packer] before it,
/// [dev.baleen.training.Optimizer] and [dev.baleen.training.Schedule] in it, [dev.baleen.training.TrainingCheckpoint]
/// and [dev.baleen.training.Progress] after it. Knows nothing of scores, of pages of a cache, or of how kernels
/// compute.
@NullMarked
package dev.baleen.training;

import org.jspecify.annotations.NullMarked;
