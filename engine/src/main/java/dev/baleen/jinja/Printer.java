package dev.baleen.jinja;

import dev.baleen.jinja.Value.Array;
import dev.baleen.jinja.Value.Bool;
import dev.baleen.jinja.Value.Dict;
import dev.baleen.jinja.Value.DictView;
import dev.baleen.jinja.Value.Int;
import dev.baleen.jinja.Value.None;
import dev.baleen.jinja.Value.Range;
import dev.baleen.jinja.Value.Real;
import dev.baleen.jinja.Value.Stream;
import dev.baleen.jinja.Value.Text;
import dev.baleen.jinja.Value.Tuple;
import dev.baleen.jinja.Value.Undefined;
import java.math.BigInteger;
import java.util.Iterator;

/// Values as Python prints them.
final class Printer {
    /// A namespace may hold itself.
    private static final int DEPTH_MAX = 250;

    /// Finding the digits takes a time that grows with the square of the size.
    private static final int SQUARED_BITS_PER_STEP = 1 << 12;

    private static final BigInteger TOO_LONG = BigInteger.TEN.pow(PythonNumbers.DIGITS_MAX);

    private final StringBuilder out = new StringBuilder();
    private final Budget budget;
    private int depth;

    private Printer(Budget budget) {
        this.budget = budget;
    }

    /// As `str()`.
    static String text(Value value, Budget budget) {
        return switch (value) {
            case Text(String text) -> text;
            case Undefined _ -> "";
            case Value other -> representation(other, budget);
        };
    }

    /// As `repr()`.
    static String representation(Value value, Budget budget) {
        Printer printer = new Printer(budget);
        printer.print(value);
        budget.text(printer.out.length());
        return printer.out.toString();
    }

    static String digits(BigInteger value, Budget budget) {
        long bits = value.bitLength();
        budget.steps(bits * bits / SQUARED_BITS_PER_STEP);
        if (value.abs().compareTo(TOO_LONG) >= 0) {
            throw Fault.of("an integer has more than the %,d digits that are printed", PythonNumbers.DIGITS_MAX);
        }
        return value.toString();
    }

    private void print(Value value) {
        budget.step();
        switch (value) {
            case Undefined _ -> out.append("Undefined");
            case None _ -> out.append("None");
            case Bool(boolean truth) -> out.append(truth ? "True" : "False");
            case Int(BigInteger whole) -> out.append(digits(whole, budget));
            case Real(double real) -> {
                budget.builtIn();
                out.append(Numbers.text(real));
            }
            case Text(String text) -> quote(text);
            case Array array -> printAll("[", array, "]");
            case Tuple tuple -> printAll("(", tuple, tuple.items().size() == 1 ? ",)" : ")");
            case Dict dict -> print(dict);
            case DictView view -> {
                out.append(view.typeName()).append('(');
                printAll("[", view, "]");
                out.append(')');
            }
            case Range range -> print(range);
            case Namespace namespace -> print(namespace);
            case Loop loop -> out.append("<LoopContext %d/%d>".formatted(loop.index(), loop.length()));
            case Macro macro ->
                out.append("<Macro '").append(macro.code().name()).append("'>");
            case Stream _, Function _ ->
                out.append('<').append(value.typeName()).append(" object>");
        }
        budget.textLength(out.length());
    }

    private void printAll(String open, Value sequence, String close) {
        enter();
        out.append(open);
        String comma = "";
        Iterator<Value> items = Sequences.iterate(sequence, budget);
        while (items.hasNext()) {
            out.append(comma);
            print(items.next());
            comma = ", ";
        }
        out.append(close);
        depth--;
    }

    private void print(Dict dict) {
        enter();
        out.append('{');
        dict.entries().forEach((key, value) -> {
            out.append(out.charAt(out.length() - 1) == '{' ? "" : ", ");
            print(key);
            out.append(": ");
            print(value);
        });
        out.append('}');
        depth--;
    }

    private void print(Range range) {
        out.append("range(").append(range.start()).append(", ").append(range.stop());
        out.append(range.step().equals(BigInteger.ONE) ? ")" : ", " + range.step() + ")");
    }

    private void print(Namespace namespace) {
        enter();
        out.append("<Namespace {");
        String comma = "";
        for (var attribute : namespace.attributes().entrySet()) {
            out.append(comma);
            quote(attribute.getKey());
            out.append(": ");
            print(attribute.getValue());
            comma = ", ";
        }
        out.append("}>");
        depth--;
    }

    private void enter() {
        if (++depth > DEPTH_MAX) {
            throw Fault.of("a value to be printed holds itself");
        }
    }

    /// In single quotes, unless only single quotes stand in it.
    private void quote(String text) {
        budget.scan(text.length());
        char quote = text.indexOf('\'') >= 0 && text.indexOf('"') < 0 ? '"' : '\'';
        out.append(quote);
        text.codePoints().forEach(codePoint -> {
            switch (codePoint) {
                case '\n' -> out.append("\\n");
                case '\r' -> out.append("\\r");
                case '\t' -> out.append("\\t");
                case '\\' -> out.append("\\\\");
                default -> {
                    if (codePoint == quote) {
                        out.append('\\').append(quote);
                    } else if (Texts.isPrintable(codePoint)) {
                        out.appendCodePoint(codePoint);
                    } else {
                        out.append((codePoint < 0x100 ? "\\x%02x" : codePoint < 0x10000 ? "\\u%04x" : "\\U%08x")
                                .formatted(codePoint));
                    }
                }
            }
        });
        out.append(quote);
    }
}
