package dev.baleen.generation;

import dev.baleen.generation.GenerationEvent.Finished;
import dev.baleen.generation.GenerationEvent.Text;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// An answer while it comes: made by [Engine#submit], read by one thread, which may be a virtual one.
///
/// The engine never waits for the reader. Events that were not read yet wait in a queue that holds one for each token
/// at most, so that `tokensMax` bounds it. Interrupting the reader, [#cancel()] and [#close()] all end the generation
/// within one step of the engine; after its end they do nothing.
public final class Generation implements AutoCloseable {
    private final GenerationRequest request;
    private final Runnable wakeEngine;
    private final BlockingQueue<GenerationEvent> events = new LinkedBlockingQueue<>();
    private volatile boolean cancelled;
    private boolean endRead;

    Generation(GenerationRequest request, Runnable wakeEngine) {
        this.request = request;
        this.wakeEngine = wakeEngine;
    }

    public GenerationRequest request() {
        return request;
    }

    /// Waits for the next event; empty after [Finished].
    ///
    /// @throws InterruptedException if the reader is interrupted, which cancels the generation
    public Optional<GenerationEvent> next() throws InterruptedException {
        return endRead ? Optional.empty() : take(() -> Optional.of(events.take()));
    }

    /// As [#next()], but empty too if nothing came for so long.
    public Optional<GenerationEvent> next(Duration patience) throws InterruptedException {
        return endRead
                ? Optional.empty()
                : take(() -> Optional.ofNullable(events.poll(patience.toNanos(), TimeUnit.NANOSECONDS)));
    }

    /// Waits for the end and gives all that had not been read before.
    ///
    /// @throws IllegalStateException if the generation failed
    public Completion await() throws InterruptedException {
        StringBuilder text = new StringBuilder();
        List<GeneratedToken> tokens = new ArrayList<>();
        while (true) {
            switch (next().orElseThrow(() -> new IllegalStateException("The generation was read to its end already"))) {
                case Text part -> {
                    text.append(part.text());
                    tokens.addAll(part.tokens());
                }
                case Finished end -> {
                    if (end.problem().isPresent()) {
                        throw failure(end.problem().get());
                    }
                    return new Completion(text.toString(), tokens, end.reason(), end.usage());
                }
            }
        }
    }

    /// Ends the generation. Its pages are freed before the engine's next step.
    public void cancel() {
        cancelled = true;
        wakeEngine.run();
    }

    /// As [#cancel()].
    @Override
    public void close() {
        cancel();
    }

    /// What to throw for a problem that ended a generation.
    public static IllegalStateException failure(Throwable problem) {
        return new IllegalStateException("The generation failed: " + problem.getMessage(), problem);
    }

    /// A way to take an event from the queue.
    @FunctionalInterface
    private interface Taking {
        Optional<GenerationEvent> take() throws InterruptedException;
    }

    private Optional<GenerationEvent> take(Taking taking) throws InterruptedException {
        try {
            Optional<GenerationEvent> event = taking.take();
            endRead = event.isPresent() && event.get() instanceof Finished;
            return event;
        } catch (InterruptedException e) {
            cancel();
            throw e;
        }
    }

    boolean isCancelled() {
        return cancelled;
    }

    void add(GenerationEvent event) {
        events.add(event);
    }
}
