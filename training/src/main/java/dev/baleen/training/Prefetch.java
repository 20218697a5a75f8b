package dev.baleen.training;

import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;

/// Makes the steps' micro-batches ahead of time, on a thread of its own.
public final class Prefetch implements AutoCloseable {
    /// Steps that are made ahead, at most.
    private static final int STEPS_MAX = 4;

    private final BlockingQueue<Outcome> ready = new ArrayBlockingQueue<>(STEPS_MAX);
    private final Thread thread;

    /// A step's micro-batches, or why there are none.
    private sealed interface Outcome {}

    private record Made(List<MicroBatch> microBatches) implements Outcome {}

    private record Failed(RuntimeException problem) implements Outcome {}

    /// Steps `from` to `to` (exclusive).
    public Prefetch(StepSource source, long from, long to) {
        thread = Thread.ofPlatform().daemon().name("data").start(() -> make(source, from, to));
    }

    /// The micro-batches of the next step.
    ///
    /// @throws InterruptedException if this thread is to stop
    public List<MicroBatch> next() throws InterruptedException {
        return switch (ready.take()) {
            case Made made -> made.microBatches();
            case Failed failed ->
                throw new IllegalStateException(
                        "Training data cannot be made: " + failed.problem().getMessage(), failed.problem());
        };
    }

    @Override
    public void close() {
        thread.interrupt();
    }

    private void make(StepSource source, long from, long to) {
        try {
            for (long step = from; step < to; step++) {
                ready.put(outcome(source, step));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // Closed: the thread ends.
        }
    }

    private static Outcome outcome(StepSource source, long step) {
        try {
            return new Made(source.step(step));
        } catch (RuntimeException e) {
            return new Failed(e);
        }
    }
}
