package dev.baleen.jinja;

import java.math.BigInteger;

/// Where a number in a template ends. Digits may be parted by single underscores.
record NumberWord(int end, boolean isFloat) {
    private static final int DIGITS_MAX = 4300;

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
        char base = begin + 1 < text.length() ? Character.toLowerCase(text.charAt(begin + 1)) : ' ';
        int radix = radix(base);
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
        String digits = word.replace("_", "");
        if (digits.length() > DIGITS_MAX) {
            throw new Misread("an integer has more than %,d digits".formatted(DIGITS_MAX), position);
        }
        int radix = digits.length() > 2 ? radix(Character.toLowerCase(digits.charAt(1))) : 0;
        return radix > 0 ? new BigInteger(digits.substring(2), radix) : new BigInteger(digits);
    }

    private static int radix(char letter) {
        return switch (letter) {
            case 'b' -> 2;
            case 'o' -> 8;
            case 'x' -> 16;
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
