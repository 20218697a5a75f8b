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
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/// What can be gone through, counted, indexed and sliced.
final class Sequences {
    private Sequences() {}

    static boolean isIterable(Value value) {
        return switch (value) {
            case Undefined _, Text _, Array _, Tuple _, Dict _, DictView _, Range _, Stream _ -> true;
            case Scalar _, Callable _, Namespace _ -> false;
        };
    }

    /// Each element costs a step.
    static Iterator<Value> iterate(Value value, Budget budget) {
        Iterator<Value> values = elements(value);
        return new Iterator<>() {
            @Override
            public boolean hasNext() {
                return values.hasNext();
            }

            @Override
            public Value next() {
                budget.step();
                return values.next();
            }
        };
    }

    private static Iterator<Value> elements(Value value) {
        return switch (value) {
            case Undefined _ -> List.<Value>of().iterator();
            case Text(String text) ->
                text.codePoints()
                        .mapToObj(codePoint -> Value.of(Character.toString(codePoint)))
                        .iterator();
            case Array(List<Value> items, var _) -> items.iterator();
            case Tuple(List<Value> items, var _) -> items.iterator();
            case Dict dict -> dict.entries().keySet().iterator();
            case DictView view -> Dicts.iterate(view);
            case Range range ->
                IntStream.range(0, range.length())
                        .mapToObj(i -> element(range, i))
                        .iterator();
            case Stream(Iterator<Value> values, var _) -> values;
            case Scalar _, Callable _, Namespace _ -> throw notIterable(value);
        };
    }

    private static Fault notIterable(Value value) {
        return Fault.of("'%s' object is not iterable", value.typeName());
    }

    static List<Value> list(Value value, Budget budget) {
        List<Value> list = new ArrayList<>();
        Iterator<Value> values = iterate(value, budget);
        while (values.hasNext()) {
            budget.elements(1);
            list.add(values.next());
        }
        return list;
    }

    static Value element(Range range, int index) {
        return Numbers.of(range.start().add(range.step().multiply(BigInteger.valueOf(index))));
    }

    /// The elements of a value that has to have so many, for `a, b = value`.
    static List<Value> unpack(Value value, int count, Budget budget) {
        if (value instanceof Undefined undefined) {
            throw undefined.fault();
        }
        if (!isIterable(value)) {
            throw Fault.of("cannot unpack non-iterable %s object", value.typeName());
        }
        List<Value> parts = new ArrayList<>(count);
        Iterator<Value> values = iterate(value, budget);
        while (values.hasNext()) {
            if (parts.size() == count) {
                throw Fault.of("too many values to unpack (expected %d)", count);
            }
            parts.add(values.next());
        }
        if (parts.size() < count) {
            throw Fault.of("not enough values to unpack (expected %d, got %d)", count, parts.size());
        }
        return parts;
    }

    /// Empty for what has no length.
    static OptionalInt findLength(Value value) {
        return switch (value) {
            case Undefined _ -> OptionalInt.of(0);
            case Text(String text) -> OptionalInt.of(Texts.length(text));
            case Array(List<Value> items, var _) -> OptionalInt.of(items.size());
            case Tuple(List<Value> items, var _) -> OptionalInt.of(items.size());
            case Dict dict -> OptionalInt.of(dict.entries().size());
            case DictView view -> OptionalInt.of(view.dict().entries().size());
            case Range range -> OptionalInt.of(range.length());
            case Loop loop -> OptionalInt.of(loop.length());
            case Scalar _, Stream _, Function _, Macro _, Namespace _ -> OptionalInt.empty();
        };
    }

    static int length(Value value) {
        return findLength(value).orElseThrow(() -> Fault.of("object of type '%s' has no len()", value.typeName()));
    }

    /// The element at an index that may count from the end; empty past either end and where there are no indices.
    static Optional<Value> at(Value value, BigInteger index) {
        OptionalInt length = value instanceof Dict || value instanceof DictView || value instanceof Callable
                ? OptionalInt.empty()
                : findLength(value);
        if (length.isEmpty() || index.bitLength() >= Integer.SIZE) {
            return Optional.empty();
        }
        int at = index.intValue() < 0 ? index.intValue() + length.getAsInt() : index.intValue();
        if (at < 0 || at >= length.getAsInt()) {
            return Optional.empty();
        }
        return Optional.of(
                switch (value) {
                    case Text(String text) -> Value.of(Texts.between(text, at, at + 1));
                    case Array(List<Value> items, var _) -> items.get(at);
                    case Tuple(List<Value> items, var _) -> items.get(at);
                    case Range range -> element(range, at);
                    case Value other -> throw notIterable(other);
                });
    }
}
