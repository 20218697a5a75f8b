package dev.baleen.chat;

import java.util.Locale;
import java.util.Optional;

/// Who says a message.
public enum Role {
    SYSTEM,
    /// Who wrote the program around the model: as the system, where a family makes no difference.
    DEVELOPER,
    USER,
    ASSISTANT,
    TOOL,
    /// What the app knows about the user's surroundings, such as the date: DeepSeek-V4 and later.
    LATEST_REMINDER;

    /// As in JSON: `system`, `user`, `latest_reminder`.
    public String jsonName() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static Optional<Role> ofJsonName(String name) {
        for (Role role : values()) {
            if (role.jsonName().equals(name)) {
                return Optional.of(role);
            }
        }
        return Optional.empty();
    }
}
