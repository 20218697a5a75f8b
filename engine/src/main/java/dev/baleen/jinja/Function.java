package dev.baleen.jinja;

/// A global function, or a method bound to its value.
record Function(String name, Body body) implements Callable {
    interface Body {
        Value call(Arguments arguments);
    }

    @Override
    public Value call(Arguments arguments) {
        return body.call(arguments);
    }
}
