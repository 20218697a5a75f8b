package dev.baleen.jinja;

/// What `input|filter(arguments)` computes.
interface Filter {
    Value apply(Value input, Arguments arguments, Budget budget);
}
