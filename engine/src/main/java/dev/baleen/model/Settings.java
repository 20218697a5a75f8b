package dev.baleen.model;

import dev.baleen.checkpoint.Config;
import java.util.List;
import java.util.function.Supplier;

/// Reading a config record out of a file's settings.
final class Settings {
    // Far beyond any model: what is larger would overflow, or fill memory before the weights are found missing.
    static final int HEADS_MAX = 1 << 14;
    static final int HEAD_DIM_MAX = 1 << 14;
    static final int EXPERTS_MAX = 1 << 16;

    private Settings() {}

    /// Records a problem where a setting that Baleen knows one value of has another.
    static void refuseOther(Config settings, String key, String known) {
        refuse(settings, key, "'" + settings.text(key, known) + "'", "'" + known + "'");
    }

    static void refuseOther(Config settings, String key, int known) {
        refuse(settings, key, "" + settings.integer(key, known), "" + known);
    }

    static void refuseOther(Config settings, String key, boolean known) {
        refuse(settings, key, "" + settings.flag(key, known), "" + known);
    }

    /// A setting that names one of a few things; a problem is recorded where it names another.
    static String choice(Config settings, String key, String fallback, List<String> known) {
        String found = settings.text(key, fallback);
        if (!known.contains(found)) {
            settings.problem(key, "is '" + found + "'", "Baleen knows " + String.join(", ", known));
        }
        return found;
    }

    private static void refuse(Config settings, String key, String found, String known) {
        if (!found.equals(known)) {
            settings.problem(key, "is " + found, "Baleen runs this architecture with " + known);
        }
    }

    /// What `reading` makes, unless it met problems; numbers that contradict each other are one.
    static <T> T checked(Config settings, Supplier<T> reading) {
        try {
            T config = reading.get();
            settings.finish();
            return config;
        } catch (IllegalArgumentException e) {
            settings.problem(
                    settings.has("model_type") ? "model_type" : "general.architecture",
                    "with these settings makes no model: " + e.getMessage(),
                    "the settings contradict each other; take them and the weights from one source");
            settings.finish();
            throw e;
        }
    }
}
