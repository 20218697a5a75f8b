package dev.baleen.jinja;

import dev.baleen.jinja.Value.Range;
import java.math.BigInteger;
import java.time.Clock;
import java.time.ZonedDateTime;
import java.util.List;

/// The functions that every template has.
final class Functions {
    /// As in the sandbox of Jinja.
    private static final int RANGE_MAX = 100_000;

    private Functions() {}

    static void define(Scope globals, Budget budget, Clock clock) {
        define(globals, "range", Functions::range);
        define(globals, "dict", arguments -> Value.dict(Dicts.of("dict", arguments, budget)));
        define(globals, "namespace", arguments -> namespace(arguments, budget));
        define(globals, "joiner", arguments -> joiner(arguments, budget));
        define(globals, "raise_exception", arguments -> {
            throw Fault.raised(
                    Printer.text(arguments.bind("raise_exception", "message").get("message"), budget));
        });
        define(
                globals,
                "strftime_now",
                arguments -> Value.of(TimeFormat.apply(
                        arguments.bind("strftime_now", "format").text("format"), ZonedDateTime.now(clock), budget)));
    }

    private static void define(Scope globals, String name, Function.Body body) {
        globals.set(name, new Function(name, body));
    }

    private static Value range(Arguments arguments) {
        List<Value> bounds = arguments.positional();
        if (bounds.isEmpty() || bounds.size() > 3 || !arguments.named().isEmpty()) {
            throw Fault.of("range takes 1 to 3 positional arguments");
        }
        BigInteger start = bounds.size() == 1 ? BigInteger.ZERO : Numbers.whole(bounds.get(0));
        BigInteger stop = Numbers.whole(bounds.get(bounds.size() == 1 ? 0 : 1));
        BigInteger step = bounds.size() == 3 ? Numbers.whole(bounds.get(2)) : BigInteger.ONE;
        if (step.signum() == 0) {
            throw Fault.of("range() arg 3 must not be zero");
        }
        BigInteger distance = stop.subtract(start).multiply(BigInteger.valueOf(step.signum()));
        BigInteger size = step.abs();
        BigInteger length = distance.signum() <= 0
                ? BigInteger.ZERO
                : distance.add(size).subtract(BigInteger.ONE).divide(size);
        if (length.compareTo(BigInteger.valueOf(RANGE_MAX)) > 0) {
            throw Fault.of("a range of %,d numbers is longer than the %,d that are allowed", length, RANGE_MAX);
        }
        return new Range(start, stop, step, length.intValue());
    }

    private static Value namespace(Arguments arguments, Budget budget) {
        budget.table();
        Namespace namespace = new Namespace();
        Dicts.of("namespace", arguments, budget)
                .forEach((name, value) -> namespace.set(Printer.text(name, budget), value));
        return namespace;
    }

    /// Gives nothing the first time, and a separator from then on.
    private static Value joiner(Arguments arguments, Budget budget) {
        String separator =
                Printer.text(arguments.bind("joiner", "sep?").find("sep").orElse(Value.of(", ")), budget);
        boolean[] used = new boolean[1];
        return new Function("joiner", call -> {
            call.bind("joiner");
            String text = used[0] ? separator : "";
            used[0] = true;
            return Value.of(text);
        });
    }
}
