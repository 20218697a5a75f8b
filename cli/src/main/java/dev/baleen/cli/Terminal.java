package dev.baleen.cli;

import java.io.Console;
import java.util.Optional;

/// The terminal that a person sits at.
final class Terminal {
    private Terminal() {}

    /// Empty where input or output is a file, a pipe or nothing.
    static Optional<Console> find() {
        return Optional.ofNullable(System.console()).filter(Console::isTerminal);
    }

    static boolean isThere() {
        return find().isPresent();
    }
}
