package dev.baleen.jinja;

import dev.baleen.jinja.Value.Dict;
import dev.baleen.jinja.Value.DictView;
import dev.baleen.jinja.Value.Stream;
import dev.baleen.jinja.Value.Text;
import dev.baleen.jinja.Value.Undefined;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;

/// Filters that go through values.
final class ListFilters {
    static final Map<String, Filter> FILTERS = Map.ofEntries(
            Map.entry("length", ListFilters::length),
            Map.entry("count", ListFilters::length),
            Map.entry("list", ListFilters::list),
            Map.entry("first", ListFilters::first),
            Map.entry("last", ListFilters::last),
            Map.entry("reverse", ListFilters::reverse),
            Map.entry("join", ListFilters::join),
            Map.entry("sum", ListFilters::sum),
            Map.entry("map", ListFilters::map),
            Map.entry("select", (input, arguments, budget) -> select(input, arguments, false, true, budget)),
            Map.entry("reject", (input, arguments, budget) -> select(input, arguments, false, false, budget)),
            Map.entry("selectattr", (input, arguments, budget) -> select(input, arguments, true, true, budget)),
            Map.entry("rejectattr", (input, arguments, budget) -> select(input, arguments, true, false, budget)),
            Map.entry("items", ListFilters::items));

    private ListFilters() {}

    private static Value length(Value input, Arguments arguments, Budget budget) {
        arguments.bind("length");
        budget.scan(input instanceof Text(String text) ? text.length() : 0);
        return Value.of(Sequences.length(input));
    }

    private static Value list(Value input, Arguments arguments, Budget budget) {
        arguments.bind("list");
        return Value.array(Sequences.list(input, budget));
    }

    private static Value first(Value input, Arguments arguments, Budget budget) {
        arguments.bind("first");
        Iterator<Value> values = Sequences.iterate(input, budget);
        return values.hasNext() ? values.next() : new Undefined("No first item, sequence was empty.");
    }

    private static Value last(Value input, Arguments arguments, Budget budget) {
        arguments.bind("last");
        if (input instanceof Stream) {
            throw Fault.of("'generator' object is not reversible");
        }
        List<Value> values = Sequences.list(input, budget);
        return values.isEmpty() ? new Undefined("No last item, sequence was empty.") : values.getLast();
    }

    private static Value reverse(Value input, Arguments arguments, Budget budget) {
        arguments.bind("reverse");
        if (input instanceof Text(String text)) {
            budget.text(text.length());
            return Value.of(new StringBuilder(text).reverse().toString());
        }
        List<Value> reversed = Sequences.list(input, budget).reversed();
        return input instanceof Stream ? Value.array(reversed) : Value.stream(reversed.iterator(), input);
    }

    private static Value join(Value input, Arguments arguments, Budget budget) {
        Arguments.Bound bound = arguments.bind("join", "d?", "attribute?");
        String separator = Printer.text(bound.find("d").orElse(Value.of("")), budget);
        Attributes attribute = Attributes.of(bound.findSome("attribute"), Optional.empty(), budget);
        StringBuilder joined = new StringBuilder();
        Iterator<Value> values = Sequences.iterate(input, budget);
        for (boolean first = true; values.hasNext(); first = false) {
            String part = Printer.text(attribute.of(values.next()), budget);
            String before = first ? "" : separator;
            budget.textLength((long) joined.length() + before.length() + part.length());
            budget.scan((long) before.length() + part.length());
            joined.append(before).append(part);
        }
        budget.text(joined.length());
        return Value.of(joined.toString());
    }

    private static Value sum(Value input, Arguments arguments, Budget budget) {
        Arguments.Bound bound = arguments.bind("sum", "attribute?", "start?");
        Attributes attribute = Attributes.of(bound.findSome("attribute"), Optional.empty(), budget);
        Value sum = bound.find("start").orElse(Value.of(0));
        if (sum instanceof Text) {
            throw Fault.of("sum() can't sum strings; use join");
        }
        Iterator<Value> values = Sequences.iterate(input, budget);
        while (values.hasNext()) {
            sum = Arithmetic.apply(Operator.ADD, sum, attribute.of(values.next()), budget);
        }
        return sum;
    }

    /// Applies another filter, or takes an attribute.
    private static Value map(Value input, Arguments arguments, Budget budget) {
        Iterator<Value> values = Truth.of(input)
                ? Sequences.iterate(input, budget)
                : List.<Value>of().iterator();
        if (arguments.positional().isEmpty()) {
            Arguments.Bound bound = arguments.bind("map", "attribute", "default?");
            Attributes attribute = Attributes.of(bound.find("attribute"), bound.find("default"), budget);
            return Value.stream(new Mapped(values, attribute::of), input);
        }
        String name = filterName(arguments);
        Arguments rest = arguments.rest();
        return Value.stream(new Mapped(values, value -> Filters.apply(name, value, rest, budget)), input);
    }

    private static String filterName(Arguments arguments) {
        if (arguments.positional().getFirst() instanceof Text(String name)) {
            return name;
        }
        throw Fault.of("map: the first argument has to be the name of a filter");
    }

    private static Value select(Value input, Arguments arguments, boolean byAttribute, boolean wanted, Budget budget) {
        Arguments rest = arguments;
        Attributes attribute = Attributes.of(Optional.empty(), Optional.empty(), budget);
        if (byAttribute) {
            if (arguments.positional().isEmpty()) {
                throw Fault.of("the name of an attribute is missing");
            }
            attribute = Attributes.of(Optional.of(arguments.positional().getFirst()), Optional.empty(), budget);
            rest = arguments.rest();
        }
        Predicate<Value> test = test(rest, budget);
        Attributes of = attribute;
        Iterator<Value> values = Truth.of(input)
                ? Sequences.iterate(input, budget)
                : List.<Value>of().iterator();
        return Value.stream(new Chosen(values, value -> test.test(of.of(value)) == wanted), input);
    }

    /// The test that is named first, or truth.
    private static Predicate<Value> test(Arguments arguments, Budget budget) {
        if (arguments.positional().isEmpty()) {
            return Truth::of;
        }
        String name = Printer.text(arguments.positional().getFirst(), budget);
        Arguments rest = arguments.rest();
        return value -> Tests.holds(name, value, rest, budget);
    }

    private static Value items(Value input, Arguments arguments, Budget budget) {
        arguments.bind("items");
        return switch (input) {
            case Undefined _ -> Value.stream(List.<Value>of().iterator(), input);
            case Dict dict -> {
                DictView view = new DictView(DictView.Kind.ITEMS, dict);
                yield Value.stream(Sequences.iterate(view, budget), view);
            }
            case Value _ -> throw Fault.of("Can only get item pairs from a mapping.");
        };
    }

    /// Values changed when they are asked for.
    private record Mapped(Iterator<Value> values, UnaryOperator<Value> change) implements Iterator<Value> {
        @Override
        public boolean hasNext() {
            return values.hasNext();
        }

        @Override
        public Value next() {
            return change.apply(values.next());
        }
    }
}
