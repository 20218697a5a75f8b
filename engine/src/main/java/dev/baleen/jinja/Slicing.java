package dev.baleen.jinja;

import dev.baleen.jinja.Value.Array;
import dev.baleen.jinja.Value.None;
import dev.baleen.jinja.Value.Range;
import dev.baleen.jinja.Value.Text;
import dev.baleen.jinja.Value.Tuple;
import dev.baleen.jinja.Value.Undefined;
import java.math.BigInteger;
import java.util.List;
import java.util.stream.IntStream;

/// Which elements `value[start:stop:step]` takes of so many.
///
/// @param first the index of the first
/// @param step  from one index to the next
/// @param last  the index before which they end
/// @param count how many
record Slicing(int first, int step, int last, int count) {
    /// Bounds are integers or [None]; what lies past an end is cut to it.
    static Slicing of(int length, Value start, Value stop, Value step) {
        int stride = step instanceof None ? 1 : index(step);
        if (stride == 0) {
            throw Fault.of("slice step cannot be zero");
        }
        int lowest = stride > 0 ? 0 : -1;
        int highest = stride > 0 ? length : length - 1;
        int from =
                start instanceof None ? (stride > 0 ? lowest : highest) : bound(index(start), length, lowest, highest);
        int to = stop instanceof None ? (stride > 0 ? highest : lowest) : bound(index(stop), length, lowest, highest);
        long distance = stride > 0 ? (long) to - from : (long) from - to;
        long size = Math.abs((long) stride);
        return new Slicing(from, stride, to, distance <= 0 ? 0 : (int) ((distance + size - 1) / size));
    }

    private static int index(Value value) {
        if (!Numbers.isWhole(value)) {
            throw Fault.of("slice indices must be integers or None, not %s", value.typeName());
        }
        return Numbers.clamped(value);
    }

    private static int bound(int index, int length, int lowest, int highest) {
        long counted = index < 0 ? (long) index + length : index;
        return Math.clamp(counted, lowest, highest);
    }

    static Value apply(Value value, Value start, Value stop, Value step, Budget budget) {
        return switch (value) {
            case Text(String text) -> {
                budget.text(text.length());
                yield Value.of(of(Texts.length(text), start, stop, step).of(text));
            }
            case Array(List<Value> items, var _) ->
                Value.array(of(items.size(), start, stop, step).of(items, budget));
            case Tuple(List<Value> items, var _) ->
                Value.tuple(of(items.size(), start, stop, step).of(items, budget));
            case Range range -> of(range.length(), start, stop, step).of(range);
            case Undefined undefined -> throw undefined.fault();
            case Value other -> throw Fault.of("'%s' object has no slices", other.typeName());
        };
    }

    private String of(String text) {
        if (step == 1) {
            return Texts.between(text, first, first + count);
        }
        StringBuilder slice = new StringBuilder(count);
        int at = text.offsetByCodePoints(0, Math.max(first, 0));
        for (int i = 0; i < count; i++) {
            slice.appendCodePoint(text.codePointAt(at));
            at = i + 1 < count ? text.offsetByCodePoints(at, step) : at;
        }
        return slice.toString();
    }

    private List<Value> of(List<Value> items, Budget budget) {
        budget.elements(count);
        return IntStream.range(0, count)
                .mapToObj(i -> items.get(first + i * step))
                .toList();
    }

    private Range of(Range range) {
        BigInteger start = range.start().add(range.step().multiply(BigInteger.valueOf(first)));
        return new Range(
                start,
                range.start().add(range.step().multiply(BigInteger.valueOf(last))),
                range.step().multiply(BigInteger.valueOf(step)),
                count);
    }
}
