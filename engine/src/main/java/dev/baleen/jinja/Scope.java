package dev.baleen.jinja;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// Variables, and those of the scope around. What is set stays inside: a loop's body, a macro and their like cannot
/// change what is outside.
final class Scope {
    /// The outermost is its own.
    private final Scope around;

    private final Map<String, Value> variables = new HashMap<>();

    /// Scopes around it.
    private final int depth;

    private Scope(Optional<Scope> around) {
        this.around = around.orElse(this);
        depth = around.map(scope -> scope.depth + 1).orElse(0);
    }

    static Scope outermost() {
        return new Scope(Optional.empty());
    }

    Scope inner() {
        return new Scope(Optional.of(this));
    }

    int depth() {
        return depth;
    }

    void set(String name, Value value) {
        variables.put(name, value);
    }

    Value get(String name) {
        for (Scope scope = this; ; scope = scope.around) {
            Value value = scope.variables.get(name);
            if (value != null) {
                return value;
            }
            if (scope.around == scope) {
                return new Value.Undefined("'" + name + "' is undefined");
            }
        }
    }
}
