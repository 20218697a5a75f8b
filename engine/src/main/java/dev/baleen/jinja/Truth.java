package dev.baleen.jinja;

import dev.baleen.jinja.Value.Bool;
import dev.baleen.jinja.Value.Int;
import dev.baleen.jinja.Value.None;
import dev.baleen.jinja.Value.Real;
import dev.baleen.jinja.Value.Text;
import dev.baleen.jinja.Value.Undefined;

/// What counts as true: whatever is not zero, empty, none or undefined.
final class Truth {
    private Truth() {}

    static boolean of(Value value) {
        return switch (value) {
            case Undefined _, None _ -> false;
            case Bool(boolean truth) -> truth;
            case Int number -> number.value().signum() != 0;
            case Real(double real) -> real != 0;
            case Text(String text) -> !text.isEmpty();
            case Value.Container _, Callable _, Namespace _ ->
                Sequences.findLength(value).orElse(1) != 0;
        };
    }
}
