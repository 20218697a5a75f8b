package dev.baleen.task;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A parsed sum of whole numbers with `+ - * /` and brackets: its exact value and the numbers it uses, in order.
///
/// Only plain ASCII is read: no signs before a number, no leading zeros, no implied products. Length, depth and the
/// size of the numbers are bounded, so hostile text costs nothing and nothing overflows.
record Expression(Fraction value, List<Integer> numbers) {

    private static final int LENGTH_MAX = 64;
    private static final int DIGITS_MAX = 4;
    private static final int NUMBERS_MAX = 4;

    static Optional<Expression> parse(String text) {
        return text.length() > LENGTH_MAX ? Optional.empty() : new Parser(text).parse();
    }

    private static final class Parser {

        private final String text;
        private final List<Integer> numbers = new ArrayList<>();
        private int position;
        private boolean failed;

        Parser(String text) {
            this.text = text;
        }

        Optional<Expression> parse() {
            Fraction value = sum();
            blanks();
            boolean read = !failed && position == text.length() && numbers.size() <= NUMBERS_MAX;
            return read ? Optional.of(new Expression(value, List.copyOf(numbers))) : Optional.empty();
        }

        private Fraction sum() {
            Fraction value = product();
            while (!failed) {
                if (take('+')) {
                    value = value.plus(product());
                } else if (take('-')) {
                    value = value.minus(product());
                } else {
                    break;
                }
            }
            return value;
        }

        private Fraction product() {
            Fraction value = factor();
            while (!failed) {
                if (take('*')) {
                    value = value.times(factor());
                } else if (take('/')) {
                    value = value.over(factor());
                } else {
                    break;
                }
            }
            return value;
        }

        private Fraction factor() {
            if (take('(')) {
                Fraction value = sum();
                failed |= !take(')');
                return value;
            }
            blanks();
            int start = position;
            while (position < text.length() && text.charAt(position) >= '0' && text.charAt(position) <= '9') {
                position++;
            }
            int digits = position - start;
            boolean number = digits > 0 && digits <= DIGITS_MAX && (digits == 1 || text.charAt(start) != '0');
            if (!number || numbers.size() == NUMBERS_MAX) {
                failed = true;
                return Fraction.UNDEFINED;
            }
            int value = Integer.parseInt(text, start, position, 10);
            numbers.add(value);
            return Fraction.of(value);
        }

        private boolean take(char wanted) {
            blanks();
            boolean found = position < text.length() && text.charAt(position) == wanted;
            position += found ? 1 : 0;
            return found;
        }

        private void blanks() {
            while (position < text.length() && text.charAt(position) == ' ') {
                position++;
            }
        }
    }
}
