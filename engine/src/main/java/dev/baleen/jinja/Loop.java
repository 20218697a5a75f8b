package dev.baleen.jinja;

import dev.baleen.jinja.Value.Undefined;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// What `loop` is inside a loop. Looks ahead only when asked to, as values may be made while the loop runs.
final class Loop implements Callable, Iterator<Value> {
    private final Value iterable;
    private final int depth0;
    private final Recursion recursion;
    private final Budget budget;

    private Iterator<Value> values;
    private Optional<Value> ahead = Optional.empty();
    private Optional<Value> current = Optional.empty();
    private Optional<Value> before = Optional.empty();
    private Optional<List<Value>> seen = Optional.empty();
    private OptionalInt length = OptionalInt.empty();
    private int index0 = -1;

    /// Runs the loop on other values, for a loop that is called.
    interface Recursion {
        Value run(Value values, int depth0);
    }

    /// @param values what of `iterable` is gone through
    Loop(Value iterable, Iterator<Value> values, int depth0, Recursion recursion, Budget budget) {
        this.iterable = iterable;
        this.values = values;
        this.depth0 = depth0;
        this.recursion = recursion;
        this.budget = budget;
    }

    @Override
    public boolean hasNext() {
        return ahead.isPresent() || values.hasNext();
    }

    @Override
    public Value next() {
        Value next = ahead.isPresent() ? ahead.get() : values.next();
        ahead = Optional.empty();
        before = current;
        current = Optional.of(next);
        index0++;
        return next;
    }

    @Override
    public Value call(Arguments arguments) {
        return recursion.run(arguments.bind("loop", "iterable").get("iterable"), depth0 + 1);
    }

    /// Beginning with 1.
    int index() {
        return index0 + 1;
    }

    int length() {
        if (length.isEmpty()) {
            length = Sequences.findLength(iterable);
        }
        if (length.isEmpty()) {
            List<Value> rest = new ArrayList<>();
            while (values.hasNext()) {
                budget.elements(1);
                rest.add(values.next());
            }
            values = rest.iterator();
            length = OptionalInt.of(rest.size() + index0 + 1 + (ahead.isPresent() ? 1 : 0));
        }
        return length.getAsInt();
    }

    Optional<Value> attribute(String name) {
        return switch (name) {
            case "index" -> Optional.of(Value.of(index0 + 1));
            case "index0" -> Optional.of(Value.of(index0));
            case "revindex" -> Optional.of(Value.of(length() - index0));
            case "revindex0" -> Optional.of(Value.of(length() - index0 - 1));
            case "first" -> Optional.of(Value.of(index0 == 0));
            case "last" -> Optional.of(Value.of(lookAhead().isEmpty()));
            case "length" -> Optional.of(Value.of(length()));
            case "depth" -> Optional.of(Value.of(depth0 + 1));
            case "depth0" -> Optional.of(Value.of(depth0));
            case "previtem" -> Optional.of(before.orElse(new Undefined("there is no previous item")));
            case "nextitem" -> Optional.of(lookAhead().orElse(new Undefined("there is no next item")));
            case "cycle" -> Optional.of(new Function("cycle", this::cycle));
            case "changed" -> Optional.of(new Function("changed", this::changed));
            default -> Optional.empty();
        };
    }

    private Optional<Value> lookAhead() {
        if (ahead.isEmpty() && values.hasNext()) {
            ahead = Optional.of(values.next());
        }
        return ahead;
    }

    private Value cycle(Arguments arguments) {
        List<Value> values = arguments.positional();
        if (values.isEmpty()) {
            throw Fault.of("no items for cycling given");
        }
        return values.get(index0 % values.size());
    }

    private Value changed(Arguments arguments) {
        List<Value> values = arguments.positional();
        boolean same = seen.isPresent() && Comparison.equal(Value.array(seen.get()), Value.array(values), budget);
        seen = Optional.of(values);
        return Value.of(!same);
    }
}
