package dev.baleen.jinja;

import java.math.BigInteger;
import java.util.Locale;
import java.util.Optional;

/// Numbers in texts, as Python's `int()` and `float()` read them: with blanks around and underscores between digits.
final class PythonNumbers {
    /// As in Python, both ways: the time that digits take grows with the square of their number.
    static final int DIGITS_MAX = 4300;

    private PythonNumbers() {}

    /// Empty where the text is no integer to that base.
    static Optional<BigInteger> whole(String text, int base) {
        String stripped = Texts.strip(text, Texts::isSpace);
        boolean negative = stripped.startsWith("-");
        String digits = negative || stripped.startsWith("+") ? stripped.substring(1) : stripped;
        int radix = base;
        int prefixed = digits.length() > 2 && digits.startsWith("0") ? NumberWord.radix(digits.charAt(1)) : 0;
        if (prefixed > 0 && (base == 0 || base == prefixed)) {
            radix = prefixed;
            digits = digits.substring(digits.startsWith("_", 2) ? 3 : 2);
        } else if (base == 0) {
            radix = 10;
        }
        if (radix < Character.MIN_RADIX || radix > Character.MAX_RADIX || !isGrouped(digits, radix)) {
            return Optional.empty();
        }
        BigInteger value = new BigInteger(digits.replace("_", ""), radix);
        return Optional.of(negative ? value.negate() : value);
    }

    private static boolean isGrouped(String digits, int radix) {
        if (digits.isEmpty() || digits.length() > DIGITS_MAX) {
            return false;
        }
        for (int i = 0; i < digits.length(); i++) {
            boolean digit = Character.digit(digits.charAt(i), radix) >= 0;
            boolean between =
                    digits.charAt(i) == '_' && i > 0 && i + 1 < digits.length() && digits.charAt(i - 1) != '_';
            if (!digit && !between) {
                return false;
            }
        }
        return true;
    }

    /// Empty where the text is no number.
    static Optional<Double> real(String text) {
        String stripped = Texts.strip(text, Texts::isSpace).toLowerCase(Locale.ROOT);
        boolean negative = stripped.startsWith("-");
        String magnitude = negative || stripped.startsWith("+") ? stripped.substring(1) : stripped;
        Optional<Double> value = switch (magnitude) {
            case "inf", "infinity" -> Optional.of(Double.POSITIVE_INFINITY);
            case "nan" -> Optional.of(Double.NaN);
            default -> decimal(magnitude);
        };
        return value.map(found -> negative ? -found : found);
    }

    private static Optional<Double> decimal(String magnitude) {
        int exponent = magnitude.indexOf('e');
        String mantissa = exponent < 0 ? magnitude : magnitude.substring(0, exponent);
        int point = mantissa.indexOf('.');
        String whole = point < 0 ? mantissa : mantissa.substring(0, point);
        String fraction = point < 0 ? "" : mantissa.substring(point + 1);
        String power = exponent < 0 ? "0" : magnitude.substring(exponent + 1);
        String powerDigits = power.startsWith("-") || power.startsWith("+") ? power.substring(1) : power;
        boolean number = (isGrouped(whole, 10) || whole.isEmpty() && !fraction.isEmpty())
                && (fraction.isEmpty() || isGrouped(fraction, 10))
                && isGrouped(powerDigits, 10);
        return number ? Optional.of(Double.parseDouble(latin(magnitude.replace("_", "")))) : Optional.empty();
    }

    /// Digits of any script in those that Java reads.
    private static String latin(String number) {
        StringBuilder latin = new StringBuilder(number.length());
        number.chars()
                .forEach(c ->
                        latin.append(Character.isDigit(c) ? Character.forDigit(Character.digit(c, 10), 10) : (char) c));
        return latin.toString();
    }
}
