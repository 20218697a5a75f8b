package dev.baleen.jinja;

import java.math.BigInteger;

/// Where a number in a template ends. Digits may be parted by single underscores.
record NumberWord(int end, boolean isFloat) {
    static NumberWord at(String text, int begin) {
        if (begin == 0 || text.charAt(begin - 1) != '.') {
            int end = floatEnd(text, begin);
            if (end > begin) {
                return new NumberWord(end, true);
            }
        }
        if (text.charAt(begin) != '0') {
            return new NumberWord(digits(text, begin, 10), false);
        }
        int radix = begin + 1 < text.length() ? radix(text.charAt(begin + 1)) : 0;
        if (radix > 0) {
            int digits = begin + 2 < text.length() && text.charAt(begin + 2) == '_' ? begin + 3 : begin + 2;
            int end = digits(text, digits, radix);
            if (end > digits) {
                return new NumberWord(end, false);
            }
        }
        int end = begin + 1;
        while (end < text.length() && text.charAt(end) == '0') {
            end++;
        }
        return new NumberWord(end, false);
    }

    /// The value of an integer's word.
    static BigInteger integer(String word, int position) {
        return PythonNumbers.whole(word, 0)
                .orElseThrow(() -> new Misread(
                        "an integer has more than %,d digits".formatted(PythonNumbers.DIGITS_MAX), position));
    }

    /// What a zero and this letter begin a number to; 0 if none.
    static int radix(char letter) {
        return switch (letter) {
            case 'b', 'B' -> 2;
            case 'o', 'O' -> 8;
            case 'x', 'X' -> 16;
            default -> 0;
        };
    }

    /// End of the digits that begin here; the beginning if there are none.
    private static int digits(String text, int begin, int radix) {
        int end = begin;
        while (end < text.length()) {
            boolean parted = text.charAt(end) == '_' && end > begin && end + 1 < text.length();
            int digit = parted ? end + 1 : end;
            char c = text.charAt(digit);
            if (c > 'f' || Character.digit(c, radix) < 0) {
                break;
            }
            end = digit + 1;
        }
        return end;
    }

    /// End of a number with a fraction or an exponent; the beginning if it is none.
    private static int floatEnd(String text, int begin) {
        int end = digits(text, begin, 10);
        boolean isFloat = false;
        if (end + 1 < text.length() && text.charAt(end) == '.' && digits(text, end + 1, 10) > end + 1) {
            end = digits(text, end + 1, 10);
            isFloat = true;
        }
        if (end < text.length() && (text.charAt(end) == 'e' || text.charAt(end) == 'E')) {
            int digits = end + 1;
            if (digits < text.length() && (text.charAt(digits) == '+' || text.charAt(digits) == '-')) {
                digits++;
            }
            if (digits(text, digits, 10) > digits) {
                end = digits(text, digits, 10);
                isFloat = true;
            }
        }
        return isFloat ? end : begin;
    }
}
