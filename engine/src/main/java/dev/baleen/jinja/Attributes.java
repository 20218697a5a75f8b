package dev.baleen.jinja;

import dev.baleen.jinja.Value.None;
import dev.baleen.jinja.Value.Text;
import dev.baleen.jinja.Value.Undefined;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// The way to a part of a value that `attribute='a.b.0'` names; an empty one is the value itself.
///
/// @param absent what stands for a part that there is not
record Attributes(List<Value> path, Optional<Value> absent, Budget budget) {
    static Attributes of(Optional<Value> attribute, Optional<Value> absent, Budget budget) {
        budget.scan(attribute.isPresent() && attribute.get() instanceof Text(String text) ? text.length() : 0);
        List<Value> path = attribute
                .map(value -> value instanceof Text(String text)
                        ? Stream.of(text.split("\\.", -1)).map(Attributes::part).toList()
                        : List.of(value))
                .orElse(List.of());
        budget.elements(path.size());
        return new Attributes(path, absent.filter(value -> !(value instanceof None)), budget);
    }

    private static Value part(String name) {
        return Texts.isIndex(name) ? Value.of(Integer.parseInt(name)) : Value.of(name);
    }

    Value of(Value value) {
        Value part = value;
        for (Value key : path) {
            budget.step();
            part = Access.item(part, key, budget);
            if (part instanceof Undefined && absent.isPresent()) {
                part = absent.get();
            }
        }
        return part;
    }

    /// As [#of], with texts in small letters unless case counts.
    Value of(Value value, boolean caseSensitive) {
        Value part = of(value);
        return part instanceof Text(String text) && !caseSensitive ? Value.of(Texts.lower(text)) : part;
    }
}
