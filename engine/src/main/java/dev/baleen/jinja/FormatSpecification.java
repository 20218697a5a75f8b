package dev.baleen.jinja;

import dev.baleen.jinja.Value.Bool;
import dev.baleen.jinja.Value.Int;
import dev.baleen.jinja.Value.Real;
import dev.baleen.jinja.Value.Text;
import dev.baleen.jinja.Value.Undefined;
import java.math.BigInteger;

/// What stands behind the colon of a format field: `[[fill]align][sign][#][0][width][grouping][.precision][type]`.
final class FormatSpecification {
    private static final int PRECISION_OF_FLOATS = 6;

    private final String text;
    private int at;

    private String fill = " ";
    private char align = ' ';
    private char sign = '-';
    private boolean alternate;
    private int width;
    private String grouping = "";
    private int precision = -1;
    private char type = ' ';

    private FormatSpecification(String text) {
        this.text = text;
        parse();
    }

    static String apply(Value value, String specification, Budget budget) {
        if (specification.isEmpty()) {
            return Printer.text(value, budget);
        }
        FormatSpecification parsed = new FormatSpecification(specification);
        return switch (value) {
            case Text(String content) -> parsed.text(content, budget);
            case Int(BigInteger whole) -> parsed.whole(whole, budget);
            case Bool truth -> parsed.whole(Numbers.whole(truth), budget);
            case Real(double real) -> parsed.real(real, budget);
            case Undefined undefined -> throw undefined.fault();
            case Value other -> throw Fault.of("a %s takes no format specification", other.typeName());
        };
    }

    private void parse() {
        int first = text.codePointAt(0);
        int second = Character.charCount(first);
        if (second < text.length() && isAlign(text.charAt(second))) {
            fill = Character.toString(first);
            align = text.charAt(second);
            at = second + 1;
        } else if (isAlign((char) first)) {
            align = (char) first;
            at = 1;
        }
        if (at < text.length() && "+- ".indexOf(text.charAt(at)) >= 0) {
            sign = text.charAt(at++);
        }
        alternate = skip('#');
        if (skip('0') && align == ' ') {
            fill = "0";
            align = '=';
        }
        width = number();
        grouping = skip(',') ? "," : skip('_') ? "_" : "";
        if (skip('.')) {
            precision = number();
        }
        if (at < text.length()) {
            type = text.charAt(at++);
        }
        if (at < text.length()) {
            throw Fault.of("invalid format specifier '%s'", text);
        }
    }

    private static boolean isAlign(char c) {
        return c == '<' || c == '>' || c == '=' || c == '^';
    }

    private boolean skip(char c) {
        boolean there = at < text.length() && text.charAt(at) == c;
        at += there ? 1 : 0;
        return there;
    }

    private int number() {
        long number = 0;
        while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
            number = Math.min(Integer.MAX_VALUE, number * 10 + text.charAt(at++) - '0');
        }
        return (int) number;
    }

    private String text(String content, Budget budget) {
        if (type != ' ' && type != 's' || align == '=') {
            throw unknown("str");
        }
        boolean cut = precision >= 0 && precision < Texts.length(content);
        return pad("", cut ? Texts.between(content, 0, precision) : content, '<', budget);
    }

    private Fault unknown(String typeName) {
        return Fault.of("'%s' is no format for a %s", text, typeName);
    }

    private String whole(BigInteger value, Budget budget) {
        return switch (type) {
            case ' ', 'd' -> number(value.signum() < 0, "", group(Printer.digits(value.abs(), budget), 3), budget);
            case 'x' -> number(value.signum() < 0, "0x", group(value.abs().toString(16), 4), budget);
            case 'X' ->
                number(value.signum() < 0, "0X", Texts.upper(group(value.abs().toString(16), 4)), budget);
            case 'e', 'E', 'f', 'F', 'g', 'G', '%' -> real(Numbers.real(new Int(value)), budget);
            default -> throw unknown("int");
        };
    }

    private String real(double value, Budget budget) {
        int digits = precision < 0 ? PRECISION_OF_FLOATS : precision;
        String shown = switch (type) {
            case 'e', 'E', 'f', 'F', 'g', 'G' -> NumberFormat.format(value, type, digits, alternate);
            case '%' -> NumberFormat.format(value * 100, 'f', digits, alternate) + "%";
            case ' ' -> precision < 0 ? Numbers.text(value) : shortened(value);
            default -> throw unknown("float");
        };
        boolean negative = shown.startsWith("-");
        String magnitude = negative ? shown.substring(1) : shown;
        int point = 0;
        while (point < magnitude.length() && Character.isDigit(magnitude.charAt(point))) {
            point++;
        }
        return number(negative, "", group(magnitude.substring(0, point), 3) + magnitude.substring(point), budget);
    }

    /// As `g`, but with a point in it.
    private String shortened(double value) {
        String shown = NumberFormat.format(value, 'g', precision, false);
        return shown.indexOf('.') >= 0 || shown.indexOf('e') >= 0 || !Double.isFinite(value) ? shown : shown + ".0";
    }

    private String group(String digits, int size) {
        if (grouping.isEmpty()) {
            return digits;
        }
        StringBuilder grouped = new StringBuilder(digits);
        for (int i = digits.length() - size; i > 0; i -= size) {
            grouped.insert(i, grouping);
        }
        return grouped.toString();
    }

    private String number(boolean negative, String prefix, String digits, Budget budget) {
        String before = negative ? "-" : sign == '-' ? "" : String.valueOf(sign);
        return pad(before + (alternate ? prefix : ""), digits, '>', budget);
    }

    private String pad(String before, String content, char usual, Budget budget) {
        int padding = Math.max(0, width - Texts.length(before) - Texts.length(content));
        budget.text((long) before.length() + content.length() + (long) padding * fill.length());
        int left = switch (align == ' ' ? usual : align) {
            case '<' -> 0;
            case '^' -> padding / 2;
            default -> padding;
        };
        return align == '='
                ? before + fill.repeat(padding) + content
                : fill.repeat(left) + before + content + fill.repeat(padding - left);
    }
}
