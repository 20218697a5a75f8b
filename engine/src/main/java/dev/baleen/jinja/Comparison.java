package dev.baleen.jinja;

import dev.baleen.jinja.Value.Array;
import dev.baleen.jinja.Value.Dict;
import dev.baleen.jinja.Value.DictView;
import dev.baleen.jinja.Value.Range;
import dev.baleen.jinja.Value.Scalar;
import dev.baleen.jinja.Value.Stream;
import dev.baleen.jinja.Value.Text;
import dev.baleen.jinja.Value.Tuple;
import dev.baleen.jinja.Value.Undefined;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;

/// Whether values are equal, which comes first, and what holds what.
final class Comparison {
    private Comparison() {}

    static boolean holds(Relation relation, Value left, Value right, Budget budget) {
        return switch (relation) {
            case EQUAL -> equal(left, right, budget);
            case NOT_EQUAL -> !equal(left, right, budget);
            case LESS -> ordered(order(relation, left, right, budget)) < 0;
            case LESS_OR_EQUAL -> ordered(order(relation, left, right, budget), 1) <= 0;
            case GREATER -> ordered(order(relation, left, right, budget), -1) > 0;
            case GREATER_OR_EQUAL -> ordered(order(relation, left, right, budget), -1) >= 0;
            case IN -> contains(right, left, budget);
            case NOT_IN -> !contains(right, left, budget);
        };
    }

    static boolean equal(Value left, Value right, Budget budget) {
        budget.step();
        return switch (left) {
            case Text(String a)
            when right instanceof Text(String b) -> {
                budget.scan(Math.min(a.length(), b.length()));
                yield a.equals(b);
            }
            case Scalar scalar -> scalar.equals(right);
            case Array(List<Value> a, var _) ->
                right instanceof Array(List<Value> b, var _) && equalLists(a, b, budget);
            case Tuple(List<Value> a, var _) ->
                right instanceof Tuple(List<Value> b, var _) && equalLists(a, b, budget);
            case Dict a -> right instanceof Dict b && equalDicts(a, b, budget);
            case Range a -> right instanceof Range b && equalRanges(a, b);
            case DictView _, Stream _, Callable _, Namespace _ -> left == right;
        };
    }

    private static boolean equalLists(List<Value> left, List<Value> right, Budget budget) {
        if (left.size() != right.size()) {
            return false;
        }
        for (int i = 0; i < left.size(); i++) {
            if (!equal(left.get(i), right.get(i), budget)) {
                return false;
            }
        }
        return true;
    }

    /// Ranges are what they go through.
    private static boolean equalRanges(Range left, Range right) {
        return left.length() == right.length()
                && (left.length() == 0 || left.start().equals(right.start()))
                && (left.length() < 2 || left.step().equals(right.step()));
    }

    private static boolean equalDicts(Dict left, Dict right, Budget budget) {
        if (left.entries().size() != right.entries().size()) {
            return false;
        }
        for (Map.Entry<Value, Value> entry : left.entries().entrySet()) {
            Value other = right.entries().get(entry.getKey());
            if (other == null || !equal(entry.getValue(), other, budget)) {
                return false;
            }
        }
        return true;
    }

    /// Sorted, equal ones in their order.
    static Comparator<Value> comparator(Budget budget) {
        return (left, right) -> ordered(order(Relation.LESS, left, right, budget));
    }

    /// @throws Fault if Python cannot tell which comes first
    private static int order(Relation relation, Value left, Value right, Budget budget) {
        budget.step();
        if (Numbers.isNumber(left) && Numbers.isNumber(right)) {
            return Numbers.compare(left, right);
        }
        if (left instanceof Text(String a) && right instanceof Text(String b)) {
            budget.scan(Math.min(a.length(), b.length()));
            return Texts.compare(a, b);
        }
        if (left instanceof Array(List<Value> a, var _) && right instanceof Array(List<Value> b, var _)) {
            return order(relation, a, b, budget);
        }
        if (left instanceof Tuple(List<Value> a, var _) && right instanceof Tuple(List<Value> b, var _)) {
            return order(relation, a, b, budget);
        }
        for (Value value : List.of(left, right)) {
            if (value instanceof Undefined undefined) {
                throw undefined.fault();
            }
        }
        throw Fault.of(
                "'%s' not supported between instances of '%s' and '%s'",
                relation.symbol(), left.typeName(), right.typeName());
    }

    private static int order(Relation relation, List<Value> left, List<Value> right, Budget budget) {
        int common = Math.min(left.size(), right.size());
        for (int i = 0; i < common; i++) {
            if (!equal(left.get(i), right.get(i), budget)) {
                return order(relation, left.get(i), right.get(i), budget);
            }
        }
        return Integer.compare(left.size(), right.size());
    }

    private static int ordered(int order) {
        return ordered(order, 0);
    }

    private static int ordered(int order, int unordered) {
        return order == Numbers.UNORDERED ? unordered : order;
    }

    static boolean contains(Value container, Value item, Budget budget) {
        budget.step();
        return switch (container) {
            case Text(String text) -> {
                if (!(item instanceof Text(String part))) {
                    throw Fault.of("'in <string>' requires string as left operand, not %s", item.typeName());
                }
                budget.search(text.length(), part.length());
                yield text.contains(part);
            }
            case Dict dict -> dict.entries().containsKey(Dicts.key(item));
            case DictView view
            when view.kind() == DictView.Kind.KEYS -> view.dict().entries().containsKey(Dicts.key(item));
            case Value other -> containsByLooking(other, item, budget);
        };
    }

    private static boolean containsByLooking(Value container, Value item, Budget budget) {
        if (!Sequences.isIterable(container)) {
            throw Fault.of("argument of type '%s' is not iterable", container.typeName());
        }
        Iterator<Value> values = Sequences.iterate(container, budget);
        while (values.hasNext()) {
            if (equal(values.next(), item, budget)) {
                return true;
            }
        }
        return false;
    }

    /// A stable sort that gives up, as a comparator may, where numbers are none.
    static <T> List<T> sorted(List<T> values, Comparator<? super T> comparator) {
        List<T> sorted = new ArrayList<>(values);
        try {
            sorted.sort(comparator);
        } catch (IllegalArgumentException e) {
            throw Fault.of("the values have no order, as some of their numbers are nan");
        }
        return sorted;
    }
}
