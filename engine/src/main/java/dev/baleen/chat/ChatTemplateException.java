package dev.baleen.chat;

/// A chat template that cannot be used. The message says what is wrong, where it stands and how to mend it.
public final class ChatTemplateException extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    ChatTemplateException(String message) {
        super(message);
    }

    ChatTemplateException(String message, Throwable cause) {
        super(message, cause);
    }
}
