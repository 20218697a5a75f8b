package dev.baleen.jinja;

import dev.baleen.jinja.Value.Array;
import dev.baleen.jinja.Value.Real;
import dev.baleen.jinja.Value.Text;
import dev.baleen.jinja.Value.Tuple;
import dev.baleen.jinja.Value.Undefined;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;

/// The operators of arithmetic, which also join and repeat texts and lists.
final class Arithmetic {
    private static final MathContext DIVISION = new MathContext(60);

    /// Products of two machine words that take as long as a step.
    private static final int WORDS_PER_STEP = 8;

    private static final int POWER_STEPS = 1_000;

    private Arithmetic() {}

    static Value apply(Operator operator, Value left, Value right, Budget budget) {
        requireDefined(left);
        requireDefined(right);
        if (Numbers.isNumber(left) && Numbers.isNumber(right)) {
            return left instanceof Real || right instanceof Real
                    ? reals(operator, Numbers.real(left), Numbers.real(right))
                    : wholes(operator, Numbers.whole(left), Numbers.whole(right), budget);
        }
        return switch (operator) {
            case ADD -> join(left, right, budget);
            case MULTIPLY -> multiply(left, right, budget);
            case MODULO -> {
                if (left instanceof Text(String format)) {
                    yield PercentFormat.apply(format, right, budget);
                }
                throw unsupported(operator, left, right);
            }
            case SUBTRACT, DIVIDE, FLOOR_DIVIDE, POWER -> throw unsupported(operator, left, right);
        };
    }

    static Value negate(Value value) {
        requireDefined(value);
        return switch (value) {
            case Real(double real) -> new Real(-real);
            case Value number
            when Numbers.isWhole(number) -> Numbers.of(Numbers.whole(number).negate());
            case Value other -> throw Fault.of("bad operand type for unary -: '%s'", other.typeName());
        };
    }

    static Value plus(Value value) {
        requireDefined(value);
        return switch (value) {
            case Real real -> real;
            case Value number when Numbers.isWhole(number) -> Numbers.of(Numbers.whole(number));
            case Value other -> throw Fault.of("bad operand type for unary +: '%s'", other.typeName());
        };
    }

    private static void requireDefined(Value value) {
        if (value instanceof Undefined undefined) {
            throw undefined.fault();
        }
    }

    private static Value wholes(Operator operator, BigInteger a, BigInteger b, Budget budget) {
        long words = (a.bitLength() / Long.SIZE + 1L) * (b.bitLength() / Long.SIZE + 1L);
        budget.steps(operator == Operator.POWER ? POWER_STEPS : words / WORDS_PER_STEP);
        return switch (operator) {
            case ADD -> Numbers.of(a.add(b));
            case SUBTRACT -> Numbers.of(a.subtract(b));
            case MULTIPLY -> Numbers.of(a.multiply(b));
            case DIVIDE -> Numbers.finite(quotient(a, b));
            case FLOOR_DIVIDE -> Numbers.of(floorDivide(a, b));
            case MODULO -> Numbers.of(a.subtract(floorDivide(a, b).multiply(b)));
            case POWER -> b.signum() < 0 ? power(a.doubleValue(), b.doubleValue()) : Numbers.of(Numbers.power(a, b));
        };
    }

    private static double quotient(BigInteger a, BigInteger b) {
        if (b.signum() == 0) {
            throw divisionByZero();
        }
        boolean exact = a.bitLength() <= 53 && b.bitLength() <= 53;
        return exact
                ? a.doubleValue() / b.doubleValue()
                : new BigDecimal(a).divide(new BigDecimal(b), DIVISION).doubleValue();
    }

    private static BigInteger floorDivide(BigInteger a, BigInteger b) {
        if (b.signum() == 0) {
            throw divisionByZero();
        }
        BigInteger[] parts = a.divideAndRemainder(b);
        boolean between = parts[1].signum() != 0 && parts[1].signum() != b.signum();
        return between ? parts[0].subtract(BigInteger.ONE) : parts[0];
    }

    private static Value reals(Operator operator, double a, double b) {
        return switch (operator) {
            case ADD -> new Real(a + b);
            case SUBTRACT -> new Real(a - b);
            case MULTIPLY -> new Real(a * b);
            case DIVIDE -> {
                requireDivisor(b);
                yield new Real(a / b);
            }
            case FLOOR_DIVIDE -> {
                requireDivisor(b);
                yield new Real(floorDivide(a, b));
            }
            case MODULO -> {
                requireDivisor(b);
                yield new Real(modulo(a, b));
            }
            case POWER -> power(a, b);
        };
    }

    /// The quotient is taken of what the remainder leaves, so that the two fit each other.
    private static double floorDivide(double a, double b) {
        double quotient = (a - modulo(a, b)) / b;
        return quotient == 0 ? Math.copySign(0, a / b) : Math.rint(quotient);
    }

    /// The remainder has the sign of the divisor.
    private static double modulo(double a, double b) {
        double remainder = a % b;
        if (remainder == 0) {
            return Math.copySign(0, b);
        }
        return remainder < 0 == b < 0 ? remainder : remainder + b;
    }

    private static Value power(double a, double b) {
        if (a == 0 && b < 0) {
            throw Fault.of("0.0 cannot be raised to a negative power");
        }
        double power = Math.pow(a, b);
        if (Double.isNaN(power) && !Double.isNaN(a) && !Double.isNaN(b)) {
            throw Fault.of("%s ** %s is no real number", Numbers.text(a), Numbers.text(b));
        }
        return Double.isInfinite(a) || Double.isInfinite(b) ? new Real(power) : Numbers.finite(power);
    }

    private static void requireDivisor(double divisor) {
        if (divisor == 0) {
            throw divisionByZero();
        }
    }

    private static Fault divisionByZero() {
        return Fault.of("division by zero");
    }

    private static Value join(Value left, Value right, Budget budget) {
        if (left instanceof Text(String a) && right instanceof Text(String b)) {
            budget.text((long) a.length() + b.length());
            return new Text(a + b);
        }
        if (left instanceof Array(List<Value> a, var _) && right instanceof Array(List<Value> b, var _)) {
            return Value.array(joined(a, b, budget));
        }
        if (left instanceof Tuple(List<Value> a, var _) && right instanceof Tuple(List<Value> b, var _)) {
            return Value.tuple(joined(a, b, budget));
        }
        if (left instanceof Text || left instanceof Array || left instanceof Tuple) {
            throw Fault.of(
                    "can only concatenate %s (not \"%s\") to %s", left.typeName(), right.typeName(), left.typeName());
        }
        throw unsupported(Operator.ADD, left, right);
    }

    private static List<Value> joined(List<Value> a, List<Value> b, Budget budget) {
        budget.elements((long) a.size() + b.size());
        List<Value> joined = new ArrayList<>(a.size() + b.size());
        joined.addAll(a);
        joined.addAll(b);
        return joined;
    }

    private static Value multiply(Value left, Value right, Budget budget) {
        if (Numbers.isWhole(right)) {
            return repeat(left, Math.max(0, Numbers.clamped(right)), budget, right);
        }
        if (Numbers.isWhole(left)) {
            return repeat(right, Math.max(0, Numbers.clamped(left)), budget, left);
        }
        throw unsupported(Operator.MULTIPLY, left, right);
    }

    private static Value repeat(Value value, int times, Budget budget, Value other) {
        return switch (value) {
            case Text(String text) -> {
                budget.text((long) text.length() * times);
                yield new Text(text.repeat(text.isEmpty() ? 0 : times));
            }
            case Array(List<Value> items, var _) -> Value.array(repeated(items, times, budget));
            case Tuple(List<Value> items, var _) -> Value.tuple(repeated(items, times, budget));
            case Value unfit -> throw unsupported(Operator.MULTIPLY, unfit, other);
        };
    }

    private static List<Value> repeated(List<Value> items, int times, Budget budget) {
        budget.elements((long) items.size() * times);
        List<Value> repeated = new ArrayList<>(items.size() * (items.isEmpty() ? 0 : times));
        for (int i = 0; i < times && !items.isEmpty(); i++) {
            repeated.addAll(items);
        }
        return repeated;
    }

    private static Fault unsupported(Operator operator, Value left, Value right) {
        return Fault.of(
                "unsupported operand type(s) for %s: '%s' and '%s'",
                operator.symbol(), left.typeName(), right.typeName());
    }
}
