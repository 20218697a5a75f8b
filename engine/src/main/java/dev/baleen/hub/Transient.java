package dev.baleen.hub;

import java.io.IOException;
import java.time.Duration;
import java.util.Optional;

/// What may go well the next time: a cut connection, a busy hub.
final class Transient extends IOException {
    private static final long serialVersionUID = 1;

    private final transient Optional<Duration> wait;

    Transient(String message) {
        super(message);
        this.wait = Optional.empty();
    }

    Transient(String message, Throwable cause) {
        super(message, cause);
        this.wait = Optional.empty();
    }

    /// @param wait how long the hub asks to wait, where it does
    Transient(String message, Optional<Duration> wait) {
        super(message);
        this.wait = wait;
    }

    Optional<Duration> waitFor() {
        return wait;
    }
}
