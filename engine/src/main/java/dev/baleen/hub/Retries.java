package dev.baleen.hub;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;

/// Tries again what may go well the next time: after a second, then after twice as long each time, up to half a minute,
/// each shortened by up to a half at random so that many clients do not come back at once; or after as long as the hub
/// asks for.
///
/// @param pause how to wait
/// @param told what is told of each new try
record Retries(Pause pause, Consumer<String> told) {
    static final int ATTEMPTS = 6;

    private static final Duration FIRST = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofSeconds(30);
    private static final Duration LONGEST_ASKED = Duration.ofMinutes(10);

    /// How to wait.
    @FunctionalInterface
    interface Pause {
        Pause SLEEPING = Thread::sleep;

        void pause(Duration time) throws InterruptedException;
    }

    /// One try.
    @FunctionalInterface
    interface Attempt<T> {
        /// @throws Transient if another try may go better
        T run() throws Transient, InterruptedException;
    }

    /// @throws HubException if the last try failed too, or the hub asks for more patience than anybody has
    <T> T run(Attempt<T> attempt) throws InterruptedException {
        for (int failures = 1; ; failures++) {
            try {
                return attempt.run();
            } catch (Transient e) {
                waitAfter(e, failures);
            }
        }
    }

    /// Waits before the next try.
    ///
    /// @param failures in a row, this one counted
    /// @throws HubException if there shall be no next try
    void waitAfter(Transient failure, int failures) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        if (failures >= ATTEMPTS) {
            throw new HubException(
                    "%s; that was try %d. Start the same command again later: it goes on where it stopped"
                            .formatted(failure.getMessage(), failures),
                    failure);
        }
        Duration wait = failure.waitFor().orElseGet(() -> backOff(failures));
        if (wait.compareTo(LONGEST_ASKED) > 0) {
            throw new HubException(
                    "%s and asks to wait %d minutes; start the same command again then"
                            .formatted(failure.getMessage(), wait.toMinutes()),
                    failure);
        }
        told.accept("%s; trying again in %s".formatted(failure.getMessage(), text(wait)));
        pause.pause(wait);
    }

    private static Duration backOff(int failures) {
        Duration full = FIRST.multipliedBy(1L << Math.min(failures - 1, 20));
        Duration capped = full.compareTo(LONGEST) > 0 ? LONGEST : full;
        return Duration.ofMillis(
                (long) (capped.toMillis() * (0.5 + ThreadLocalRandom.current().nextDouble() / 2)));
    }

    private static String text(Duration wait) {
        return wait.toSeconds() >= 1 ? wait.toSeconds() + " s" : wait.toMillis() + " ms";
    }

    /// As a failure that may be tried again, whatever the network's reason was.
    static Transient lost(String what, IOException reason) {
        if (reason instanceof Transient known) {
            return known;
        }
        String message = reason.getMessage() == null ? reason.getClass().getSimpleName() : reason.getMessage();
        return new Transient(what + ": " + message, reason);
    }
}
