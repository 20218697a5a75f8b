package dev.baleen.training;

import java.util.List;

/// What a trainer learns from.
///
/// A pure function: the micro-batches of a step depend on the step's number alone (and on the source's own constant
/// seed), so training can stop anywhere and go on without any state of the source.
@FunctionalInterface
public interface StepSource {
    /// The micro-batches of step `step`, counted from 0.
    List<MicroBatch> step(long step);
}
