/// Losses, gradients, optimisers, and the loops that use them.
///
/// In: a model, documents of tokens. Out: better weights. Read [dev.baleen.training.Parameters] (what is trained) and
/// [dev.baleen.training.Tape] (how a loss becomes gradients) first. Knows nothing of conversations over a network, of
/// pages of a cache, or of how kernels compute.
@NullMarked
package dev.baleen.training;

import org.jspecify.annotations.NullMarked;
