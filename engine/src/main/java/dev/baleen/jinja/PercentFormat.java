package dev.baleen.jinja;

import dev.baleen.jinja.Value.Array;
import dev.baleen.jinja.Value.Bool;
import dev.baleen.jinja.Value.Dict;
import dev.baleen.jinja.Value.Int;
import dev.baleen.jinja.Value.Real;
import dev.baleen.jinja.Value.Tuple;
import dev.baleen.jinja.Value.Undefined;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;

/// Python's `'%s has %d' % values`.
final class PercentFormat {
    private static final int PRECISION_OF_FLOATS = 6;

    private final String format;
    private final Value values;
    private final Budget budget;
    private final StringBuilder out = new StringBuilder();
    private int at;
    private int taken;

    private PercentFormat(String format, Value values, Budget budget) {
        this.format = format;
        this.values = values;
        this.budget = budget;
    }

    static Value apply(String format, Value values, Budget budget) {
        return Value.of(new PercentFormat(format, values, budget).apply());
    }

    private String apply() {
        budget.scan(format.length());
        while (at < format.length()) {
            char c = format.charAt(at++);
            if (c == '%') {
                directive();
            } else {
                out.append(c);
            }
        }
        boolean mapping = values instanceof Dict || values instanceof Array;
        int given = values instanceof Tuple(List<Value> items, var _) ? items.size() : 1;
        if (!mapping && taken < given) {
            throw Fault.of("not all arguments converted during string formatting");
        }
        budget.text(out.length());
        return out.toString();
    }

    /// What stands between the percent sign and the letter.
    private record Directive(String flags, int width, int precision) {
        boolean has(char flag) {
            return flags.indexOf(flag) >= 0;
        }
    }

    private void directive() {
        boolean named = peek() == '(';
        Value value = named ? named() : Value.None.NONE;
        int flags = at;
        while ("-+ #0".indexOf(peek()) >= 0) {
            at++;
        }
        String flagText = format.substring(flags, at);
        int width = number();
        int precision = -1;
        if (peek() == '.') {
            at++;
            precision = number();
        }
        char type = peek();
        at++;
        if (type == '%') {
            out.append('%');
            return;
        }
        Directive directive = new Directive(flagText, width, precision);
        pad(convert(type, directive, named ? value : next()), type, directive);
    }

    private char peek() {
        if (at >= format.length()) {
            throw Fault.of("incomplete format");
        }
        return format.charAt(at);
    }

    private Value named() {
        int end = format.indexOf(')', at);
        if (end < 0) {
            throw Fault.of("incomplete format key");
        }
        String name = format.substring(at + 1, end);
        at = end + 1;
        if (!(values instanceof Dict dict)) {
            throw Fault.of("format requires a mapping");
        }
        Value value = dict.entries().get(Value.of(name));
        if (value == null) {
            throw Fault.of("the mapping of a format has no key '%s'", name);
        }
        return value;
    }

    private Value next() {
        if (values instanceof Tuple(List<Value> items, var _)) {
            if (taken == items.size()) {
                throw Fault.of("not enough arguments for format string");
            }
            return items.get(taken++);
        }
        if (taken++ > 0) {
            throw Fault.of("not enough arguments for format string");
        }
        return values;
    }

    private int number() {
        long number = 0;
        while (peek() >= '0' && peek() <= '9') {
            number = Math.min(Integer.MAX_VALUE, number * 10 + peek() - '0');
            at++;
        }
        return (int) number;
    }

    private String convert(char type, Directive directive, Value value) {
        return switch (type) {
            case 's' -> cut(Printer.text(value, budget), directive.precision());
            case 'r', 'a' -> cut(Printer.representation(value, budget), directive.precision());
            case 'd', 'i' -> signed(whole(type, value), 10, "", directive);
            case 'x' -> signed(whole(type, value), 16, "0x", directive);
            case 'X' -> Texts.upper(signed(whole(type, value), 16, "0x", directive));
            case 'e', 'E', 'f', 'F', 'g', 'G' -> {
                int precision = directive.precision() < 0 ? PRECISION_OF_FLOATS : directive.precision();
                yield plus(NumberFormat.format(real(value), type, precision, directive.has('#')), directive);
            }
            default -> throw Fault.of("unsupported format character '%s'", Character.toString(type));
        };
    }

    private static String cut(String text, int precision) {
        return precision < 0 || precision >= Texts.length(text) ? text : Texts.between(text, 0, precision);
    }

    private static BigInteger whole(char type, Value value) {
        return switch (value) {
            case Int(BigInteger whole) -> whole;
            case Bool truth -> Numbers.whole(truth);
            case Real(double real)
            when Double.isFinite(real) && "di".indexOf(type) >= 0 -> new BigDecimal(real).toBigInteger();
            case Undefined undefined -> throw undefined.fault();
            case Value other ->
                throw Fault.of("%%%s format: a number is required, not %s", Character.toString(type), other.typeName());
        };
    }

    private static double real(Value value) {
        if (!Numbers.isNumber(value)) {
            throw Fault.of("must be real number, not %s", value.typeName());
        }
        return Numbers.real(value);
    }

    private String signed(BigInteger value, int radix, String prefix, Directive directive) {
        Printer.digits(value, budget); // Refuses those that are too long.
        String digits = value.abs().toString(radix);
        int zeros = Math.max(0, directive.precision() - digits.length());
        budget.textLength((long) zeros + digits.length());
        String text = (directive.has('#') ? prefix : "") + "0".repeat(zeros) + digits;
        return plus(value.signum() < 0 ? "-" + text : text, directive);
    }

    private static String plus(String number, Directive directive) {
        if (number.startsWith("-")) {
            return number;
        }
        return directive.has('+') ? "+" + number : directive.has(' ') ? " " + number : number;
    }

    private void pad(String text, char type, Directive directive) {
        int padding = Math.max(0, directive.width() - Texts.length(text));
        budget.textLength((long) out.length() + text.length() + padding);
        budget.scan((long) text.length() + padding);
        boolean zeros = directive.has('0') && "sra".indexOf(type) < 0;
        if (directive.has('-')) {
            out.append(text).repeat(' ', padding);
        } else if (zeros) {
            int sign = text.isEmpty() || "+- ".indexOf(text.charAt(0)) < 0 ? 0 : 1;
            int prefix = directive.has('#') && "xX".indexOf(type) >= 0 ? sign + 2 : sign;
            out.append(text, 0, prefix).repeat('0', padding).append(text, prefix, text.length());
        } else {
            out.repeat(' ', padding).append(text);
        }
    }
}
