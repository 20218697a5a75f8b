package dev.baleen.jinja;

/// A template that is none, and where.
final class Misread extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final int position;

    Misread(String message, int position) {
        super(message, null, false, false);
        this.position = position;
    }

    int position() {
        return position;
    }
}
