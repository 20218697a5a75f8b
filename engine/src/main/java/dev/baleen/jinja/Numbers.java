package dev.baleen.jinja;

import dev.baleen.jinja.Value.Bool;
import dev.baleen.jinja.Value.Int;
import dev.baleen.jinja.Value.Real;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;

/// Python's numbers: integers of any size, doubles, and truth values, which count as 1 and 0.
final class Numbers {
    /// What [#compare] gives where one of the two is no number.
    static final int UNORDERED = 2;

    /// More digits than Python prints of an integer.
    private static final int BITS_MAX = 1 << 14;

    /// Whole numbers up to so many bits are doubles too.
    private static final int DOUBLE_BITS = 53;

    private Numbers() {}

    static boolean isNumber(Value value) {
        return value instanceof Int || value instanceof Real || value instanceof Bool;
    }

    static boolean isWhole(Value value) {
        return value instanceof Int || value instanceof Bool;
    }

    /// Of an [Int] or a [Bool].
    static BigInteger whole(Value value) {
        return switch (value) {
            case Int(BigInteger whole) -> whole;
            case Bool(boolean truth) -> truth ? BigInteger.ONE : BigInteger.ZERO;
            default -> throw Fault.of("'%s' object cannot be interpreted as an integer", value.typeName());
        };
    }

    /// Of any number.
    static double real(Value value) {
        if (value instanceof Real(double real)) {
            return real;
        }
        double real = whole(value).doubleValue();
        if (Double.isInfinite(real)) {
            throw Fault.of("int too large to convert to float");
        }
        return real;
    }

    /// A small number, for counts, widths and indices: what is outside the range of `int` becomes its end.
    static int clamped(Value value) {
        BigInteger whole = whole(value);
        if (whole.bitLength() < Integer.SIZE) {
            return whole.intValue();
        }
        return whole.signum() < 0 ? Integer.MIN_VALUE : Integer.MAX_VALUE;
    }

    static Value of(BigInteger value) {
        if (value.bitLength() > BITS_MAX) {
            throw tooLarge();
        }
        return new Int(value);
    }

    /// The result of arithmetic on finite numbers.
    static Value finite(double value) {
        if (Double.isInfinite(value)) {
            throw Fault.of("the result is too large for a float");
        }
        return new Real(value);
    }

    /// @throws Fault if the power has more digits than Python would print
    static BigInteger power(BigInteger base, BigInteger exponent) {
        if (base.abs().compareTo(BigInteger.ONE) <= 0) {
            return base.pow(
                    exponent.testBit(0) || exponent.signum() == 0
                            ? exponent.min(BigInteger.ONE).intValue()
                            : 2);
        }
        if (exponent.bitLength() > 31 || (long) base.bitLength() * exponent.intValue() > 2L * BITS_MAX) {
            throw tooLarge();
        }
        return base.pow(exponent.intValue());
    }

    private static Fault tooLarge() {
        return Fault.of("an integer has more than %,d bits, which is more than is allowed", BITS_MAX);
    }

    /// Negative, 0, positive or [#UNORDERED].
    static int compare(Value left, Value right) {
        if (left instanceof Real(double a) && right instanceof Real(double b)) {
            return Double.isNaN(a) || Double.isNaN(b) ? UNORDERED : a < b ? -1 : a > b ? 1 : 0;
        }
        if (left instanceof Real(double a)) {
            return compare(a, whole(right));
        }
        if (right instanceof Real(double b)) {
            int turned = compare(b, whole(left));
            return turned == UNORDERED ? UNORDERED : -turned;
        }
        return whole(left).compareTo(whole(right));
    }

    private static int compare(double real, BigInteger whole) {
        if (Double.isNaN(real)) {
            return UNORDERED;
        }
        if (Double.isInfinite(real)) {
            return real > 0 ? 1 : -1;
        }
        if (whole.bitLength() <= DOUBLE_BITS) {
            return Double.compare(real + 0.0, whole.doubleValue());
        }
        // A double as large is whole; a smaller one is nearer to zero.
        boolean large = Math.abs(real) >= 1L << DOUBLE_BITS;
        return large ? new BigDecimal(real).toBigInteger().compareTo(whole) : -whole.signum();
    }

    static boolean equal(Value left, Value right) {
        return isNumber(left) && isNumber(right) && compare(left, right) == 0;
    }

    /// The same for equal numbers of different types.
    static int hash(Value number) {
        double real =
                number instanceof Real(double value) ? value : whole(number).doubleValue();
        return Double.hashCode(real + 0.0); // Minus zero is zero.
    }

    /// As Python's `repr`: the shortest digits that give the same number back, with an exponent outside of
    /// [1e-4, 1e16).
    static String text(double value) {
        if (Double.isNaN(value)) {
            return "nan";
        }
        String sign = value < 0 || 1 / value < 0 ? "-" : "";
        double magnitude = Math.abs(value);
        if (Double.isInfinite(value)) {
            return sign + "inf";
        }
        if (value == 0) {
            return sign + "0.0";
        }
        BigDecimal decimal = shortest(magnitude);
        String digits = decimal.unscaledValue().toString();
        int exponent = digits.length() - 1 - decimal.scale();
        if (exponent >= -4 && exponent < 16) {
            String plain = decimal.toPlainString();
            return sign + (plain.indexOf('.') < 0 ? plain + ".0" : plain);
        }
        String fraction = digits.length() == 1 ? "" : "." + digits.substring(1);
        int size = Math.abs(exponent);
        return sign + digits.charAt(0) + fraction + (exponent < 0 ? "e-" : "e+") + (size < 10 ? "0" : "") + size;
    }

    /// Java gives the nearest of two digits where one digit would do, which matters below 1e-322.
    private static BigDecimal shortest(double magnitude) {
        BigDecimal decimal = new BigDecimal(Double.toString(magnitude)).stripTrailingZeros();
        if (decimal.precision() == 2) {
            BigDecimal rounded = decimal.round(new MathContext(1)).stripTrailingZeros();
            if (rounded.doubleValue() == magnitude) {
                return rounded;
            }
        }
        return decimal;
    }
}
