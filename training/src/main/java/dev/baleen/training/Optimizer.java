package dev.baleen.training;

import dev.baleen.kernel.Kernels;
import dev.baleen.tensor.Workspace;

/// How a gradient changes a parameter. An optimiser is its numbers alone; what it remembers lies in [Moments].
///
/// A parameter is updated from its own slot only, so any thread may take any parameter.
public sealed interface Optimizer permits AdamW, Muon {
    /// What a step says to every parameter.
    ///
    /// @param step counted from 1
    /// @param rate the learning rate, the schedule's factor included
    /// @param gradientScale what gradients are multiplied by first: less than 1 where clipping fired
    record Step(long step, double rate, double gradientScale) {
        public Step {
            if (step < 1 || !(rate >= 0) || !(gradientScale >= 0)) {
                throw new IllegalArgumentException("No optimiser step %d with rate %s and gradients times %s"
                        .formatted(step, rate, gradientScale));
            }
        }
    }

    /// What one thread computes with.
    ///
    /// @param scratch room for a few copies of the largest matrix
    record Bench(Kernels kernels, Workspace scratch) {}

    /// Changes the slot's value and moments.
    void update(Slot slot, Step step, Bench bench);
}
