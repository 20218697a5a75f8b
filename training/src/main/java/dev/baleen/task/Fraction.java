package dev.baleen.task;

/// An exact rational number in lowest terms with a positive denominator; denominator 0 stands for "undefined", which is
/// what division by zero and all that follows from it gives. Exact for the few small numbers that an [Expression]
/// admits.
record Fraction(long numerator, long denominator) {

    static final Fraction UNDEFINED = new Fraction(0, 0);

    static Fraction of(long number) {
        return new Fraction(number, 1);
    }

    boolean isWhole() {
        return denominator == 1;
    }

    Fraction plus(Fraction other) {
        return reduced(
                Math.addExact(numerator * other.denominator, other.numerator * denominator),
                denominator * other.denominator);
    }

    Fraction minus(Fraction other) {
        return plus(new Fraction(-other.numerator, other.denominator));
    }

    Fraction times(Fraction other) {
        return reduced(
                Math.multiplyExact(numerator, other.numerator), Math.multiplyExact(denominator, other.denominator));
    }

    Fraction over(Fraction other) {
        return other.numerator == 0 ? UNDEFINED : times(new Fraction(other.denominator, other.numerator));
    }

    private static Fraction reduced(long numerator, long denominator) {
        if (denominator == 0) {
            return UNDEFINED;
        }
        long divisor = gcd(Math.abs(numerator), Math.abs(denominator));
        long sign = denominator < 0 ? -1 : 1;
        return new Fraction(sign * numerator / divisor, sign * denominator / divisor);
    }

    private static long gcd(long a, long b) {
        return b == 0 ? Math.max(a, 1) : gcd(b, a % b);
    }
}
