package dev.baleen.tokenizer;

/// A tokenizer file, or the vocabulary in a model file, that cannot be used. The message says what is wrong,
/// where it stands and how to mend it.
public final class TokenizerException extends IllegalArgumentException {
    private static final long serialVersionUID = 1L;

    public TokenizerException(String message) {
        super(message);
    }

    public TokenizerException(String message, Throwable cause) {
        super(message, cause);
    }
}
