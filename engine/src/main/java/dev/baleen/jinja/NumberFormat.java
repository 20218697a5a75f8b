package dev.baleen.jinja;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;

/// Doubles in the forms of C's `%f`, `%e` and `%g`, rounded from their exact values.
final class NumberFormat {
    private static final int PRECISION_MAX = 1_000;

    private NumberFormat() {}

    /// @param type one of `f`, `e`, `g`, or large
    /// @param alternate whether `g` keeps its zeros
    static String format(double value, char type, int precision, boolean alternate) {
        if (precision > PRECISION_MAX) {
            throw Fault.of("a precision of %,d is more than the %,d that are allowed", precision, PRECISION_MAX);
        }
        String sign = value < 0 || 1 / value < 0 ? "-" : "";
        String digits = Double.isNaN(value)
                ? "nan"
                : Double.isInfinite(value)
                        ? "inf"
                        : switch (Character.toLowerCase(type)) {
                            case 'e' -> scientific(exact(value), precision);
                            case 'g' -> general(exact(value), Math.max(precision, 1), alternate);
                            default ->
                                exact(value)
                                        .setScale(precision, RoundingMode.HALF_EVEN)
                                        .toPlainString();
                        };
        return sign + (Character.isUpperCase(type) ? Texts.upper(digits) : digits);
    }

    private static BigDecimal exact(double value) {
        return new BigDecimal(Math.abs(value));
    }

    private static String scientific(BigDecimal value, int precision) {
        BigDecimal rounded = value.round(new MathContext(precision + 1, RoundingMode.HALF_EVEN));
        int exponent = exponent(rounded);
        String digits = rounded.movePointLeft(exponent)
                .setScale(precision, RoundingMode.HALF_EVEN)
                .toPlainString();
        int size = Math.abs(exponent);
        return digits + (exponent < 0 ? "e-" : "e+") + (size < 10 ? "0" : "") + size;
    }

    private static String general(BigDecimal value, int precision, boolean alternate) {
        int exponent = exponent(value.round(new MathContext(precision, RoundingMode.HALF_EVEN)));
        if (exponent < -4 || exponent >= precision) {
            String text = scientific(value, precision - 1);
            int at = text.indexOf('e');
            return (alternate ? text.substring(0, at) : withoutZeros(text.substring(0, at))) + text.substring(at);
        }
        String text =
                value.setScale(precision - 1 - exponent, RoundingMode.HALF_EVEN).toPlainString();
        return alternate ? text : withoutZeros(text);
    }

    private static int exponent(BigDecimal value) {
        return value.signum() == 0 ? 0 : value.precision() - value.scale() - 1;
    }

    private static String withoutZeros(String text) {
        if (text.indexOf('.') < 0) {
            return text;
        }
        int end = text.length();
        while (text.charAt(end - 1) == '0') {
            end--;
        }
        return text.substring(0, text.charAt(end - 1) == '.' ? end - 1 : end);
    }
}
