package dev.baleen.jinja;

/// What can be called.
sealed interface Callable extends Value permits Function, Macro, Loop {
    Value call(Arguments arguments);
}
