package dev.baleen.jinja;

/// Python's `'{} has {n}'.format(...)`. Fields name arguments and nothing inside of them, and specifications hold no
/// fields.
final class BraceFormat {
    private final Arguments arguments;
    private final Budget budget;
    private int next;

    private BraceFormat(Arguments arguments, Budget budget) {
        this.arguments = arguments;
        this.budget = budget;
    }

    static String apply(String format, Arguments arguments, Budget budget) {
        String text = new BraceFormat(arguments, budget).format(format);
        budget.text(text.length());
        return text;
    }

    private String format(String format) {
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
                int end = format.indexOf('}', at);
                if (end < 0) {
                    throw Fault.of("a format string has no end '}' of a field");
                }
                out.append(field(format.substring(at + 1, end)));
                budget.textLength(out.length());
                at = end;
            }
        }
        return out.toString();
    }

    private String field(String field) {
        int colon = field.indexOf(':');
        String before = colon < 0 ? field : field.substring(0, colon);
        String specification = colon < 0 ? "" : field.substring(colon + 1);
        int mark = before.indexOf('!');
        Value value = argument(mark < 0 ? before : before.substring(0, mark));
        if (mark >= 0) {
            value = converted(before.substring(mark + 1), value);
        }
        return FormatSpecification.apply(value, specification, budget);
    }

    private Value converted(String conversion, Value value) {
        return switch (conversion) {
            case "s" -> Value.of(Printer.text(value, budget));
            case "r", "a" -> Value.of(Printer.representation(value, budget));
            default -> throw Fault.of("unknown conversion '%s' in a format string", conversion);
        };
    }

    private Value argument(String name) {
        if (name.isEmpty() || Texts.isIndex(name)) {
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
}
