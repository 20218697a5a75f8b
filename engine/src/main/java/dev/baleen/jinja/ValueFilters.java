package dev.baleen.jinja;

import dev.baleen.jinja.Value.None;
import dev.baleen.jinja.Value.Real;
import dev.baleen.jinja.Value.Text;
import dev.baleen.jinja.Value.Undefined;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.Map;
import java.util.Optional;

/// Filters that make one value of another: defaults, numbers, JSON.
final class ValueFilters {
    /// Beyond them a double has no digits.
    private static final int DECIMALS_MAX = 400;

    private static final int ROUND_STEPS = 100;

    static final Map<String, Filter> FILTERS = Map.ofEntries(
            Map.entry("default", ValueFilters::orDefault),
            Map.entry("d", ValueFilters::orDefault),
            Map.entry("int", ValueFilters::whole),
            Map.entry("float", ValueFilters::real),
            Map.entry("abs", ValueFilters::absolute),
            Map.entry("round", ValueFilters::round),
            Map.entry("attr", ValueFilters::attribute),
            Map.entry("tojson", ValueFilters::toJson),
            Map.entry("from_json", ValueFilters::fromJson));

    private ValueFilters() {}

    private static Value orDefault(Value input, Arguments arguments, Budget budget) {
        Arguments.Bound bound = arguments.bind("default", "default_value?", "boolean?");
        boolean absent = input instanceof Undefined || bound.flag("boolean") && !Truth.of(input);
        return absent ? bound.find("default_value").orElse(Value.of("")) : input;
    }

    private static Value whole(Value input, Arguments arguments, Budget budget) {
        Arguments.Bound bound = arguments.bind("int", "default?", "base?");
        Value absent = bound.find("default").orElse(Value.of(0));
        return switch (input) {
            case Undefined undefined -> throw undefined.fault();
            case Text(String text) -> {
                budget.search(text.length(), Math.min(text.length(), PythonNumbers.DIGITS_MAX) / 16);
                Optional<BigInteger> whole = PythonNumbers.whole(text, bound.whole("base", 10));
                Optional<Double> real = PythonNumbers.real(text).filter(Double::isFinite);
                yield whole.or(() -> real.map(value -> new BigDecimal(value).toBigInteger()))
                        .map(Numbers::of)
                        .orElse(absent);
            }
            case Real(double real) when Double.isNaN(real) -> absent;
            case Real(double real) when Double.isInfinite(real) -> throw Fault.of("cannot convert infinity to integer");
            case Real(double real) -> Numbers.of(new BigDecimal(real).toBigInteger());
            case Value number when Numbers.isWhole(number) -> Numbers.of(Numbers.whole(number));
            case Value _ -> absent;
        };
    }

    private static Value real(Value input, Arguments arguments, Budget budget) {
        Value absent = arguments.bind("float", "default?").find("default").orElse(Value.of(0.0));
        return switch (input) {
            case Undefined undefined -> throw undefined.fault();
            case Text(String text) -> {
                budget.scan(text.length());
                yield PythonNumbers.real(text).<Value>map(Real::new).orElse(absent);
            }
            case Value number when Numbers.isNumber(number) -> Value.of(Numbers.real(number));
            case Value _ -> absent;
        };
    }

    private static Value absolute(Value input, Arguments arguments, Budget budget) {
        arguments.bind("abs");
        return switch (input) {
            case Undefined undefined -> throw undefined.fault();
            case Real(double real) -> Value.of(Math.abs(real));
            case Value number
            when Numbers.isWhole(number) -> Numbers.of(Numbers.whole(number).abs());
            case Value other -> throw Fault.of("bad operand type for abs(): '%s'", other.typeName());
        };
    }

    private static Value round(Value input, Arguments arguments, Budget budget) {
        Arguments.Bound bound = arguments.bind("round", "precision?", "method?");
        String method = bound.findText("method").orElse("common");
        int decimals = Math.clamp(bound.whole("precision", 0), -DECIMALS_MAX, DECIMALS_MAX);
        budget.steps(ROUND_STEPS);
        if (!Numbers.isNumber(input)) {
            throw Fault.of("type %s has no rounding", input.typeName());
        }
        RoundingMode mode = switch (method) {
            case "common" -> RoundingMode.HALF_EVEN;
            case "ceil" -> RoundingMode.CEILING;
            case "floor" -> RoundingMode.FLOOR;
            default -> throw Fault.of("round: the method is 'common', 'ceil' or 'floor', not '%s'", method);
        };
        if (Numbers.isWhole(input)) {
            BigDecimal whole = new BigDecimal(Numbers.whole(input));
            boolean stays = mode == RoundingMode.HALF_EVEN;
            BigDecimal rounded = decimals < 0 ? whole.setScale(decimals, mode) : whole;
            return stays ? Numbers.of(rounded.toBigInteger()) : Value.of(rounded.doubleValue());
        }
        double value = Numbers.real(input);
        if (!Double.isFinite(value)) {
            return input;
        }
        if (mode == RoundingMode.HALF_EVEN) {
            double rounded = new BigDecimal(value).setScale(decimals, mode).doubleValue();
            return Value.of(Math.copySign(rounded, value));
        }
        double scale = Math.pow(10, decimals);
        double scaled = value * scale;
        return Value.of((mode == RoundingMode.CEILING ? Math.ceil(scaled) : Math.floor(scaled)) / scale);
    }

    private static Value attribute(Value input, Arguments arguments, Budget budget) {
        String name = arguments.bind("attr", "name").text("name");
        return Access.ownAttribute(input, name, budget)
                .orElseGet(() -> new Undefined("'%s object' has no attribute '%s'".formatted(input.typeName(), name)));
    }

    private static Value toJson(Value input, Arguments arguments, Budget budget) {
        Arguments.Bound bound = arguments.bind("tojson", "ensure_ascii?", "indent?", "separators?", "sort_keys?");
        Optional<String> indent = bound.findSome("indent").map(value -> {
            if (value instanceof Text(String text)) {
                return text;
            }
            int width = Math.max(0, bound.whole("indent", 0));
            budget.text(width);
            return " ".repeat(width);
        });
        String comma = indent.isPresent() ? "," : ", ";
        String colon = ": ";
        if (bound.findSome("separators").isPresent()) {
            var separators = Sequences.unpack(bound.get("separators"), 2, budget);
            if (!(separators.get(0) instanceof Text(String first))
                    || !(separators.get(1) instanceof Text(String second))) {
                throw Fault.of("tojson: the separators have to be two texts");
            }
            comma = first;
            colon = second;
        }
        JsonWriter.Style style =
                new JsonWriter.Style(bound.flag("ensure_ascii"), indent, comma, colon, bound.flag("sort_keys"));
        return Value.of(JsonWriter.write(input, style, budget));
    }

    private static Value fromJson(Value input, Arguments arguments, Budget budget) {
        arguments.bind("from_json");
        return switch (input) {
            case Text(String text) -> {
                budget.scan(text.length());
                budget.elements(2
                        * text.chars()
                                .filter(c -> c == ',' || c == '[' || c == '{')
                                .count());
                yield JsonValues.parse(text);
            }
            case None none -> none;
            case Value other -> throw Fault.of("from_json takes a text, not a %s", other.typeName());
        };
    }
}
