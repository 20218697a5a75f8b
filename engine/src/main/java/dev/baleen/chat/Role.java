package dev.baleen.chat;

import java.util.Locale;
import java.util.Optional;

/// Who says a message.
public enum Role {
    SYSTEM,
    USER,
    ASSISTANT,
    TOOL;

    /// As in JSON: `system`, `user`, `assistant`, `tool`.
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
