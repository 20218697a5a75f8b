package dev.baleen.jinja;

import dev.baleen.jinja.Value.Dict;
import dev.baleen.jinja.Value.DictView;
import dev.baleen.jinja.Value.Scalar;
import dev.baleen.jinja.Value.Tuple;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/// Dicts and the views of them.
final class Dicts {
    private static final int TUPLE_KEY_ITEMS_MAX = 16;

    private Dicts() {}

    /// The value, which has to be one that can be a key.
    static Value key(Value value) {
        if (!isKey(value)) {
            throw Fault.of("unhashable type: '%s'", value.typeName());
        }
        return value;
    }

    static boolean isKey(Value value) {
        return value instanceof Scalar || value instanceof Tuple(List<Value> items, var _) && isPlain(items);
    }

    /// Short and flat, so that comparing it costs next to nothing.
    private static boolean isPlain(List<Value> items) {
        return items.size() <= TUPLE_KEY_ITEMS_MAX && items.stream().allMatch(Scalar.class::isInstance);
    }

    /// What `dict(...)` and `namespace(...)` make of their arguments: a mapping or pairs, and names.
    static SequencedMap<Value, Value> of(String callee, Arguments arguments, Budget budget) {
        SequencedMap<Value, Value> entries = new LinkedHashMap<>();
        if (arguments.positional().size() > 1) {
            throw Fault.of(
                    "%s expected at most 1 argument, got %d",
                    callee, arguments.positional().size());
        }
        for (Value argument : arguments.positional()) {
            if (argument instanceof Dict dict) {
                budget.elements(2L * dict.entries().size());
                entries.putAll(dict.entries());
            } else {
                Iterator<Value> pairs = Sequences.iterate(argument, budget);
                while (pairs.hasNext()) {
                    List<Value> pair = Sequences.unpack(pairs.next(), 2, budget);
                    budget.elements(2);
                    entries.put(key(pair.get(0)), pair.get(1));
                }
            }
        }
        arguments.named().forEach((name, value) -> entries.put(Value.of(name), value));
        return entries;
    }

    static Iterator<Value> iterate(DictView view) {
        SequencedMap<Value, Value> entries = view.dict().entries();
        return switch (view.kind()) {
            case KEYS -> entries.keySet().iterator();
            case VALUES -> entries.values().iterator();
            case ITEMS ->
                entries.entrySet().stream()
                        .map(entry -> (Value) Value.tuple(entry.getKey(), entry.getValue()))
                        .iterator();
        };
    }
}
