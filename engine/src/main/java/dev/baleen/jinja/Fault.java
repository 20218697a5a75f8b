package dev.baleen.jinja;

/// What went wrong, before anybody said where; [Template] makes a [JinjaException] of it.
final class Fault extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final boolean raisedByTemplate;

    private Fault(String message, boolean raisedByTemplate) {
        super(message, null, false, false);
        this.raisedByTemplate = raisedByTemplate;
    }

    static Fault of(String message, Object... arguments) {
        return new Fault(arguments.length == 0 ? message : message.formatted(arguments), false);
    }

    static Fault raised(String message) {
        return new Fault(message, true);
    }

    boolean raisedByTemplate() {
        return raisedByTemplate;
    }
}
