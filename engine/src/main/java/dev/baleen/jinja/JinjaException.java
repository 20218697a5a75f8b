package dev.baleen.jinja;

/// A template that cannot be read, or that failed while it rendered; says where in the template.
public final class JinjaException extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final int line;
    private final int column;
    private final boolean raisedByTemplate;

    JinjaException(String message, Source.Place place, boolean raisedByTemplate) {
        super("%s (line %d, column %d of the template)".formatted(message, place.line(), place.column()));
        line = place.line();
        column = place.column();
        this.raisedByTemplate = raisedByTemplate;
    }

    /// Beginning with 1.
    public int line() {
        return line;
    }

    /// In code points, beginning with 1.
    public int column() {
        return column;
    }

    /// Whether the template itself refused its variables, by `raise_exception`.
    public boolean raisedByTemplate() {
        return raisedByTemplate;
    }
}
