package dev.baleen.jinja;

import dev.baleen.jinja.Value.Dict;
import dev.baleen.jinja.Value.DictView;
import dev.baleen.jinja.Value.Text;
import dev.baleen.jinja.Value.Undefined;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Filters that compare values with each other. Texts count in small letters unless `case_sensitive` is asked for.
final class OrderFilters {
    static final Map<String, Filter> FILTERS = Map.of(
            "sort", OrderFilters::sort,
            "dictsort", OrderFilters::dictSort,
            "unique", OrderFilters::unique,
            "min", (input, arguments, budget) -> extreme("min", input, arguments, budget),
            "max", (input, arguments, budget) -> extreme("max", input, arguments, budget));

    private OrderFilters() {}

    /// A value and what it is sorted by.
    private record Keyed(Value value, List<Value> keys) {}

    private static Value sort(Value input, Arguments arguments, Budget budget) {
        Arguments.Bound bound = arguments.bind("sort", "reverse?", "case_sensitive?", "attribute?");
        List<Attributes> attributes = new ArrayList<>();
        if (bound.findSome("attribute").isPresent() && bound.get("attribute") instanceof Text(String names)) {
            budget.search(names.length(), 1);
            for (String name : names.split(",", -1)) {
                attributes.add(Attributes.of(Optional.of(Value.of(name)), Optional.empty(), budget));
            }
        } else {
            attributes.add(Attributes.of(bound.findSome("attribute"), Optional.empty(), budget));
        }
        List<Keyed> keyed = new ArrayList<>();
        for (Value value : Sequences.list(input, budget)) {
            List<Value> keys = attributes.stream()
                    .map(attribute -> attribute.of(value, bound.flag("case_sensitive")))
                    .toList();
            keyed.add(new Keyed(value, keys));
        }
        return Value.array(sorted(keyed, bound.flag("reverse"), budget));
    }

    private static List<Value> sorted(List<Keyed> values, boolean reverse, Budget budget) {
        Comparator<Value> order = Comparison.comparator(budget);
        Comparator<Keyed> byKeys = Comparator.comparing(keyed -> Value.array(keyed.keys()), order);
        return Comparison.sorted(values, reverse ? byKeys.reversed() : byKeys).stream()
                .map(Keyed::value)
                .toList();
    }

    private static Value dictSort(Value input, Arguments arguments, Budget budget) {
        Arguments.Bound bound = arguments.bind("dictsort", "case_sensitive?", "by?", "reverse?");
        String by = bound.findText("by").orElse("key");
        if (!by.equals("key") && !by.equals("value")) {
            throw Fault.of("You can only sort by either \"key\" or \"value\"");
        }
        if (!(input instanceof Dict dict)) {
            throw Fault.of("'%s' object has no items to sort", input.typeName());
        }
        Attributes attribute = Attributes.of(Optional.of(Value.of(by.equals("key") ? 0 : 1)), Optional.empty(), budget);
        List<Keyed> keyed = new ArrayList<>();
        for (Value item : Sequences.list(new DictView(DictView.Kind.ITEMS, dict), budget)) {
            keyed.add(new Keyed(item, List.of(attribute.of(item, bound.flag("case_sensitive")))));
        }
        return Value.array(sorted(keyed, bound.flag("reverse"), budget));
    }

    private static Value unique(Value input, Arguments arguments, Budget budget) {
        Arguments.Bound bound = arguments.bind("unique", "case_sensitive?", "attribute?");
        Attributes attribute = Attributes.of(bound.findSome("attribute"), Optional.empty(), budget);
        Set<Value> seen = new HashSet<>();
        Iterator<Value> values = new Chosen(Sequences.iterate(input, budget), value -> {
            budget.elements(1);
            return seen.add(Dicts.key(attribute.of(value, bound.flag("case_sensitive"))));
        });
        return Value.stream(values, input);
    }

    private static Value extreme(String name, Value input, Arguments arguments, Budget budget) {
        Arguments.Bound bound = arguments.bind(name, "case_sensitive?", "attribute?");
        Attributes attribute = Attributes.of(bound.findSome("attribute"), Optional.empty(), budget);
        Relation better = name.equals("min") ? Relation.LESS : Relation.GREATER;
        Optional<Value> best = Optional.empty();
        Iterator<Value> values = Sequences.iterate(input, budget);
        while (values.hasNext()) {
            Value value = values.next();
            Value key = attribute.of(value, bound.flag("case_sensitive"));
            boolean first = best.isEmpty();
            if (first
                    || Comparison.holds(better, key, attribute.of(best.get(), bound.flag("case_sensitive")), budget)) {
                best = Optional.of(value);
            }
        }
        return best.orElse(new Undefined("No aggregated item, sequence was empty."));
    }
}
