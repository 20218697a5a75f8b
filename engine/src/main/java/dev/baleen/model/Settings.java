package dev.baleen.model;

import dev.baleen.checkpoint.Config;
import java.util.function.Supplier;

/// Reading a config record out of a file's settings.
final class Settings {
    private Settings() {}

    /// What `reading` makes, unless it met problems; numbers that contradict each other are one.
    static <T> T checked(Config settings, Supplier<T> reading) {
        try {
            T config = reading.get();
            settings.finish();
            return config;
        } catch (IllegalArgumentException e) {
            settings.problem(
                    "num_hidden_layers", "makes no model: " + e.getMessage(), "check it and the settings beside it");
            settings.finish();
            throw e;
        }
    }
}
