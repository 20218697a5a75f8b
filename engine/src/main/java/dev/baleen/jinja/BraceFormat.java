package dev.baleen.jinja;

import java.math.BigInteger;

/// Python's `'{} has {n}'.format(...)`.
final class BraceFormat {
    /// Of fields inside the specification of a field.
    private static final int DEPTH_MAX = 2;

    private final Arguments arguments;
    private final Budget budget;
    private int next;

    private BraceFormat(Arguments arguments, Budget budget) {
        this.arguments = arguments;
        this.budget = budget;
    }

    static String apply(String format, Arguments arguments, Budget budget) {
        String text = new BraceFormat(arguments, budget).format(format, DEPTH_MAX);
        budget.text(text.length());
        return text;
    }

    private String format(String format, int depth) {
        if (depth == 0) {
            throw Fault.of("a format string nests too deep");
        }
        StringBuilder out = new StringBuilder();
        for (int at = 0; at < format.length(); at++) {
            char c = format.charAt(at);
            if (c != '{' && c != '}') {
                out.append(c);
            } else if (at + 1 < format.length() && format.charAt(at + 1) == c) {
                out.append(c);
                at++;
            } else if (c == '}') {
                throw Fault.of("single '}' in a format string");
            } else {
                int end = end(format, at);
                out.append(field(format.substring(at + 1, end), depth));
                budget.textLength(out.length());
                at = end;
            }
        }
        return out.toString();
    }

    /// Where the field that begins here ends.
    private static int end(String format, int begin) {
        int open = 0;
        for (int at = begin; at < format.length(); at++) {
            open += format.charAt(at) == '{' ? 1 : format.charAt(at) == '}' ? -1 : 0;
            if (open == 0) {
                return at;
            }
        }
        throw Fault.of("a format string has no end '}' of a field");
    }

    private String field(String field, int depth) {
        int colon = field.indexOf(':');
        String before = colon < 0 ? field : field.substring(0, colon);
        String specification = colon < 0 ? "" : field.substring(colon + 1);
        int mark = before.indexOf('!');
        Value value = value(mark < 0 ? before : before.substring(0, mark));
        if (mark >= 0) {
            value = converted(before.substring(mark + 1), value);
        }
        return FormatSpecification.apply(
                value, specification.indexOf('{') < 0 ? specification : format(specification, depth - 1), budget);
    }

    private Value converted(String conversion, Value value) {
        return switch (conversion) {
            case "s" -> Value.of(Printer.text(value, budget));
            case "r", "a" -> Value.of(Printer.representation(value, budget));
            default -> throw Fault.of("unknown conversion '%s' in a format string", conversion);
        };
    }

    /// What a name such as `0.title` or `m[role]` means.
    private Value value(String name) {
        int end = 0;
        while (end < name.length() && name.charAt(end) != '.' && name.charAt(end) != '[') {
            end++;
        }
        Value value = argument(name.substring(0, end));
        while (end < name.length()) {
            if (name.charAt(end) == '[') {
                int close = name.indexOf(']', end);
                if (close < 0) {
                    throw Fault.of("missing ']' in a format string");
                }
                String key = name.substring(end + 1, close);
                value = Access.item(value, isIndex(key) ? Numbers.of(new BigInteger(key)) : Value.of(key), budget);
                end = close + 1;
            } else {
                int begin = end + 1;
                end = begin;
                while (end < name.length() && name.charAt(end) != '.' && name.charAt(end) != '[') {
                    end++;
                }
                String attribute = name.substring(begin, end);
                if (attribute.startsWith("_")) {
                    throw Fault.of("'%s' is closed to templates", attribute);
                }
                value = Access.attribute(value, attribute, budget);
            }
        }
        return value;
    }

    private Value argument(String name) {
        if (name.isEmpty() || isIndex(name)) {
            int index = name.isEmpty() ? next++ : Integer.parseInt(name);
            if (index >= arguments.positional().size()) {
                throw Fault.of(
                        "a format string asks for argument %d, and there are %d",
                        index, arguments.positional().size());
            }
            return arguments.positional().get(index);
        }
        Value value = arguments.named().get(name);
        if (value == null) {
            throw Fault.of("a format string asks for the argument '%s', and there is none", name);
        }
        return value;
    }

    private static boolean isIndex(String name) {
        return !name.isEmpty() && name.length() < 10 && name.chars().allMatch(c -> c >= '0' && c <= '9');
    }
}
