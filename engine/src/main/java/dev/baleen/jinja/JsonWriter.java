package dev.baleen.jinja;

import dev.baleen.jinja.Value.Array;
import dev.baleen.jinja.Value.Bool;
import dev.baleen.jinja.Value.Container;
import dev.baleen.jinja.Value.Dict;
import dev.baleen.jinja.Value.Int;
import dev.baleen.jinja.Value.None;
import dev.baleen.jinja.Value.Real;
import dev.baleen.jinja.Value.Text;
import dev.baleen.jinja.Value.Tuple;
import dev.baleen.jinja.Value.Undefined;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// JSON as Python's `json.dumps` writes it.
final class JsonWriter {
    private final Style style;
    private final Budget budget;
    private final StringBuilder out = new StringBuilder();
    private int depth;

    /// @param ascii  whether to escape all else
    /// @param indent what a level is indented by; empty for everything on one line
    /// @param comma  between entries
    /// @param colon  between name and value
    record Style(boolean ascii, Optional<String> indent, String comma, String colon, boolean sorted) {}

    private JsonWriter(Style style, Budget budget) {
        this.style = style;
        this.budget = budget;
    }

    static String write(Value value, Style style, Budget budget) {
        JsonWriter writer = new JsonWriter(style, budget);
        writer.write(value);
        budget.text(writer.out.length());
        return writer.out.toString();
    }

    private void write(Value value) {
        budget.step();
        switch (value) {
            case None _ -> out.append("null");
            case Bool(boolean truth) -> out.append(truth);
            case Int(BigInteger whole) -> out.append(Printer.digits(whole, budget));
            case Real(double real) -> out.append(number(real));
            case Text(String text) -> quote(text);
            case Array(List<Value> items, var _) -> writeList(items);
            case Tuple(List<Value> items, var _) -> writeList(items);
            case Dict dict -> write(dict);
            case Undefined _, Container _, Callable _, Namespace _ ->
                throw Fault.of("Object of type %s is not JSON serializable", value.typeName());
        }
        budget.textLength(out.length());
    }

    private static String number(double real) {
        return Double.isFinite(real)
                ? Numbers.text(real)
                : Double.isNaN(real) ? "NaN" : real > 0 ? "Infinity" : "-Infinity";
    }

    private void writeList(List<Value> items) {
        if (items.isEmpty()) {
            out.append("[]");
            return;
        }
        out.append('[');
        depth++;
        for (int i = 0; i < items.size(); i++) {
            out.append(i == 0 ? "" : style.comma());
            breakLine();
            write(items.get(i));
        }
        depth--;
        breakLine();
        out.append(']');
    }

    private void write(Dict dict) {
        if (dict.entries().isEmpty()) {
            out.append("{}");
            return;
        }
        out.append('{');
        depth++;
        List<Map.Entry<Value, Value>> entries = new ArrayList<>(dict.entries().entrySet());
        if (style.sorted()) {
            entries = Comparison.sorted(entries, Map.Entry.comparingByKey(Comparison.comparator(budget)));
        }
        for (int i = 0; i < entries.size(); i++) {
            out.append(i == 0 ? "" : style.comma());
            breakLine();
            quote(name(entries.get(i).getKey()));
            out.append(style.colon());
            write(entries.get(i).getValue());
        }
        depth--;
        breakLine();
        out.append('}');
    }

    private String name(Value key) {
        return switch (key) {
            case Text(String text) -> text;
            case None _ -> "null";
            case Bool(boolean truth) -> String.valueOf(truth);
            case Int(BigInteger whole) -> Printer.digits(whole, budget);
            case Real(double real) -> number(real);
            case Value other -> throw Fault.of("keys must be str, int, float, bool or None, not %s", other.typeName());
        };
    }

    private void breakLine() {
        style.indent().ifPresent(indent -> {
            budget.textLength(out.length() + (long) indent.length() * depth);
            out.append('\n').append(indent.repeat(depth));
        });
    }

    private void quote(String text) {
        budget.scan(text.length());
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            switch (c) {
                case '"' -> out.append("\\\"");
                case '\\' -> out.append("\\\\");
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                case '\f' -> out.append("\\f");
                case '\b' -> out.append("\\b");
                default -> {
                    if (c < ' ' || (style.ascii() && c > '~')) {
                        out.append("\\u%04x".formatted((int) c));
                    } else {
                        out.append(c);
                    }
                }
            }
        }
        out.append('"');
    }
}
