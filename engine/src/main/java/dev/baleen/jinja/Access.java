package dev.baleen.jinja;

import dev.baleen.jinja.Value.Array;
import dev.baleen.jinja.Value.Container;
import dev.baleen.jinja.Value.Dict;
import dev.baleen.jinja.Value.Scalar;
import dev.baleen.jinja.Value.Text;
import dev.baleen.jinja.Value.Undefined;
import java.util.Optional;
import java.util.Set;

/// `value.name` and `value[key]`. A dot looks for a method before it looks for a key, brackets the other way round.
///
/// What is not spelt out here cannot be reached; asking for it gives an undefined value.
final class Access {
    /// Methods that would change their value.
    private static final Set<String> CHANGES_OF_DICT = Set.of("clear", "pop", "popitem", "setdefault", "update");

    private static final Set<String> CHANGES_OF_ARRAY =
            Set.of("append", "clear", "extend", "insert", "pop", "remove", "reverse", "sort");

    private Access() {}

    static Value attribute(Value value, String name, Budget budget) {
        Optional<Value> own = ownAttribute(value, name, budget);
        if (own.isPresent()) {
            return own.get();
        }
        return value instanceof Dict dict
                ? Optional.ofNullable(dict.entries().get(Value.of(name))).orElse(absent(value, name))
                : absent(value, name);
    }

    static Value item(Value value, Value key, Budget budget) {
        if (value instanceof Undefined undefined) {
            throw undefined.fault();
        }
        Optional<Value> found = Optional.empty();
        if (value instanceof Dict dict) {
            found = Dicts.isKey(key) ? Optional.ofNullable(dict.entries().get(key)) : Optional.empty();
        } else if (Numbers.isWhole(key)) {
            budget.scan(value instanceof Text(String text) ? text.length() : 0);
            found = Sequences.at(value, Numbers.whole(key));
        }
        if (found.isEmpty() && key instanceof Text(String name)) {
            found = ownAttribute(value, name, budget);
        }
        return found.orElseGet(() -> key instanceof Text(String name)
                ? absent(value, name)
                : new Undefined("%s has no element %s".formatted(describe(value), Printer.text(key, budget))));
    }

    /// A method, or a part that is no key.
    static Optional<Value> ownAttribute(Value value, String name, Budget budget) {
        if (name.startsWith("__") && name.endsWith("__") && !(value instanceof Undefined)) {
            return Optional.of(unsafe(value, name));
        }
        return switch (value) {
            case Undefined undefined -> throw undefined.fault();
            case Text(String text) -> TextMethods.find(text, name, budget);
            case Dict _ when CHANGES_OF_DICT.contains(name) -> Optional.of(unsafe(value, name));
            case Array _ when CHANGES_OF_ARRAY.contains(name) -> Optional.of(unsafe(value, name));
            case Container container -> ContainerMethods.find(container, name, budget);
            case Namespace namespace ->
                Optional.ofNullable(namespace.attributes().get(name));
            case Loop loop -> loop.attribute(name);
            case Macro macro -> macro.attribute(name);
            case Scalar _, Function _ -> Optional.empty();
        };
    }

    private static Undefined absent(Value value, String name) {
        return new Undefined("'" + describe(value) + "' has no attribute '" + name + "'");
    }

    private static Undefined unsafe(Value value, String name) {
        return new Undefined("'%s' of a %s is closed to templates, which cannot change what they are given"
                .formatted(name, value.typeName()));
    }

    private static String describe(Value value) {
        return value instanceof Value.None ? "None" : value.typeName() + " object";
    }
}
