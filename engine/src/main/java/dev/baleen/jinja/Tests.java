package dev.baleen.jinja;

import dev.baleen.jinja.Value.Bool;
import dev.baleen.jinja.Value.Container;
import dev.baleen.jinja.Value.Dict;
import dev.baleen.jinja.Value.Int;
import dev.baleen.jinja.Value.None;
import dev.baleen.jinja.Value.Real;
import dev.baleen.jinja.Value.Scalar;
import dev.baleen.jinja.Value.Text;
import dev.baleen.jinja.Value.Undefined;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Predicate;

/// Every test by its name: what may stand behind `is`.
final class Tests {
    private interface Test {
        boolean holds(Value input, Arguments arguments, Budget budget);
    }

    private static final Map<String, Test> TESTS = new HashMap<>();

    static {
        one("defined", value -> !(value instanceof Undefined));
        one("undefined", Undefined.class::isInstance);
        one("none", None.class::isInstance);
        one("boolean", Bool.class::isInstance);
        one("true", value -> value instanceof Bool(boolean truth) && truth);
        one("false", value -> value instanceof Bool(boolean truth) && !truth);
        one("integer", Int.class::isInstance);
        one("float", Real.class::isInstance);
        one("number", Numbers::isNumber);
        one("string", Text.class::isInstance);
        one("mapping", Dict.class::isInstance);
        one("sequence", Tests::isSequence);
        one("iterable", Sequences::isIterable);
        one("callable", Tests::isCallable);
        one("escaped", _ -> false);
        one("filter", value -> value instanceof Text(String name) && Filters.exist(name));
        one("test", value -> value instanceof Text(String name) && exist(name));
        TESTS.put("lower", (input, arguments, budget) -> {
            arguments.bind("lower");
            return TextQuestions.isLower(scanned(input, budget));
        });
        TESTS.put("upper", (input, arguments, budget) -> {
            arguments.bind("upper");
            return TextQuestions.isUpper(scanned(input, budget));
        });
        TESTS.put("odd", (input, arguments, budget) -> remainder(input, Value.of(2), budget, Value.of(1)));
        TESTS.put("even", (input, arguments, budget) -> remainder(input, Value.of(2), budget, Value.of(0)));
        TESTS.put(
                "divisibleby",
                (input, arguments, budget) ->
                        remainder(input, arguments.bind("divisibleby", "num").get("num"), budget, Value.of(0)));
        TESTS.put(
                "sameas",
                (input, arguments, budget) ->
                        isSame(input, arguments.bind("sameas", "other").get("other"), budget));
        TESTS.put(
                "in",
                (input, arguments, budget) ->
                        Comparison.contains(arguments.bind("in", "seq").get("seq"), input, budget));
        compare(Relation.EQUAL, "==", "eq", "equalto");
        compare(Relation.NOT_EQUAL, "!=", "ne");
        compare(Relation.LESS, "<", "lt", "lessthan");
        compare(Relation.LESS_OR_EQUAL, "<=", "le");
        compare(Relation.GREATER, ">", "gt", "greaterthan");
        compare(Relation.GREATER_OR_EQUAL, ">=", "ge");
    }

    private Tests() {}

    static boolean exist(String name) {
        return TESTS.containsKey(name);
    }

    static boolean holds(String name, Value input, Arguments arguments, Budget budget) {
        budget.builtIn();
        Test test = TESTS.get(name);
        if (test == null) {
            throw Fault.of("there is no test '%s'", name);
        }
        return test.holds(input, arguments, budget);
    }

    private static void one(String name, Predicate<Value> predicate) {
        TESTS.put(name, (input, arguments, _) -> {
            arguments.bind(name);
            return predicate.test(input);
        });
    }

    private static void compare(Relation relation, String... names) {
        for (String name : names) {
            TESTS.put(
                    name,
                    (input, arguments, budget) -> Comparison.holds(
                            relation, input, arguments.bind(name, "other").get("other"), budget));
        }
    }

    /// What has a length and can be indexed; a dict can.
    private static boolean isSequence(Value value) {
        return switch (value) {
            case Undefined _, Text _, Value.Array _, Value.Tuple _, Dict _, Value.Range _ -> true;
            case Scalar _, Container _, Callable _, Namespace _ -> false;
        };
    }

    /// An undefined value can be called, and fails.
    private static boolean isCallable(Value value) {
        return value instanceof Callable || value instanceof Undefined;
    }

    private static String scanned(Value input, Budget budget) {
        String text = Printer.text(input, budget);
        budget.scan(text.length());
        return text;
    }

    private static boolean remainder(Value value, Value divisor, Budget budget, Value wanted) {
        return Comparison.equal(Arithmetic.apply(Operator.MODULO, value, divisor, budget), wanted, budget);
    }

    /// Scalars of the same type are the same if they are equal, as Python keeps small ones once.
    private static boolean isSame(Value value, Value other, Budget budget) {
        return value instanceof Scalar
                ? value.getClass() == other.getClass() && Comparison.equal(value, other, budget)
                : value == other;
    }
}
