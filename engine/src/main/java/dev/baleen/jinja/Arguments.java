package dev.baleen.jinja;

import dev.baleen.jinja.Value.None;
import dev.baleen.jinja.Value.Text;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;

/// What a call passes.
record Arguments(List<Value> positional, SequencedMap<String, Value> named) {
    /// Without the first positional one.
    Arguments rest() {
        return new Arguments(positional.subList(1, positional.size()), named);
    }

    /// Gives the arguments to a built-in's parameters.
    ///
    /// @param parameters their names in order; a question mark behind one says that it may be absent
    Bound bind(String callee, String... parameters) {
        if (positional.size() > parameters.length) {
            throw Fault.of("%s takes at most %d arguments, not %d", callee, parameters.length, positional.size());
        }
        Map<String, Value> values = new HashMap<>();
        Map<String, Value> open = new LinkedHashMap<>(named);
        for (int i = 0; i < parameters.length; i++) {
            boolean optional = parameters[i].endsWith("?");
            String name = optional ? parameters[i].substring(0, parameters[i].length() - 1) : parameters[i];
            if (i < positional.size()) {
                values.put(name, positional.get(i));
            } else if (open.containsKey(name)) {
                values.put(name, open.remove(name));
            } else if (!optional) {
                throw Fault.of("%s lacks its argument '%s'", callee, name);
            }
        }
        if (!open.isEmpty()) {
            throw Fault.of(
                    "%s got an unexpected argument '%s'",
                    callee, open.keySet().iterator().next());
        }
        return new Bound(callee, values);
    }

    /// Arguments by the names of their parameters.
    record Bound(String callee, Map<String, Value> values) {
        Value get(String name) {
            return find(name).orElseThrow();
        }

        Optional<Value> find(String name) {
            return Optional.ofNullable(values.get(name));
        }

        /// As [#find], where `none` says the same as nothing.
        Optional<Value> findSome(String name) {
            return find(name).filter(value -> !(value instanceof None));
        }

        String text(String name) {
            if (get(name) instanceof Text(String text)) {
                return text;
            }
            throw wrong(name, "a text");
        }

        Optional<String> findText(String name) {
            return findSome(name).isPresent() ? Optional.of(text(name)) : Optional.empty();
        }

        /// A whole number, cut to the range of `int`.
        int whole(String name, int absent) {
            Optional<Value> value = find(name);
            if (value.isEmpty()) {
                return absent;
            }
            if (Numbers.isWhole(value.get())) {
                return Numbers.clamped(value.get());
            }
            throw wrong(name, "a whole number");
        }

        boolean flag(String name) {
            return find(name).map(Truth::of).orElse(false);
        }

        private Fault wrong(String name, String wanted) {
            return Fault.of(
                    "%s: '%s' has to be %s, not %s",
                    callee, name, wanted, get(name).typeName());
        }
    }
}
