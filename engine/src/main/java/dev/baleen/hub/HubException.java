package dev.baleen.hub;

/// A model cannot be had or found. The message says what is wrong, where, and how to mend it.
public final class HubException extends RuntimeException {
    private static final long serialVersionUID = 1;

    public HubException(String message) {
        super(message);
    }

    HubException(String message, Throwable cause) {
        super(message, cause);
    }
}
