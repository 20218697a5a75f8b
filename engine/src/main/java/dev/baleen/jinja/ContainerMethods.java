package dev.baleen.jinja;

import dev.baleen.jinja.Value.Array;
import dev.baleen.jinja.Value.Container;
import dev.baleen.jinja.Value.Dict;
import dev.baleen.jinja.Value.DictView;
import dev.baleen.jinja.Value.None;
import dev.baleen.jinja.Value.Range;
import dev.baleen.jinja.Value.Stream;
import dev.baleen.jinja.Value.Tuple;
import java.util.List;
import java.util.Optional;

/// The methods of dicts and lists that change nothing.
final class ContainerMethods {
    private ContainerMethods() {}

    static Optional<Value> find(Container container, String name, Budget budget) {
        return switch (container) {
            case Dict dict -> ofDict(dict, name);
            case Array array -> ofList(array, array.items(), name, budget);
            case Tuple tuple -> ofList(tuple, tuple.items(), name, budget);
            case Range range -> ofRange(range, name, budget);
            case DictView _, Stream _ -> Optional.empty();
        };
    }

    private static Optional<Value> ofDict(Dict dict, String name) {
        return switch (name) {
            case "get" ->
                method(name, arguments -> {
                    Arguments.Bound bound = arguments.bind("get", "key", "default?");
                    Value found = dict.entries().get(Dicts.key(bound.get("key")));
                    return found == null ? bound.find("default").orElse(None.NONE) : found;
                });
            case "keys" -> view(dict, name, DictView.Kind.KEYS);
            case "values" -> view(dict, name, DictView.Kind.VALUES);
            case "items" -> view(dict, name, DictView.Kind.ITEMS);
            case "copy" -> same(dict, name);
            default -> Optional.empty();
        };
    }

    private static Optional<Value> view(Dict dict, String name, DictView.Kind kind) {
        return method(name, arguments -> {
            arguments.bind(name);
            return new DictView(kind, dict);
        });
    }

    private static Optional<Value> ofList(Value list, List<Value> items, String name, Budget budget) {
        return switch (name) {
            case "index" -> method(name, arguments -> index(items, arguments, budget));
            case "count" ->
                method(name, arguments -> {
                    Value wanted = arguments.bind("count", "value").get("value");
                    return Value.of(items.stream()
                            .filter(item -> Comparison.equal(item, wanted, budget))
                            .count());
                });
            case "copy" -> list instanceof Array ? same(list, name) : Optional.empty();
            default -> Optional.empty();
        };
    }

    private static Value index(List<Value> items, Arguments arguments, Budget budget) {
        Arguments.Bound bound = arguments.bind("index", "value", "start?", "stop?");
        Value start = bound.find("start").orElse(None.NONE);
        Value stop = bound.find("stop").orElse(None.NONE);
        Slicing within = Slicing.of(items.size(), start, stop, None.NONE);
        for (int i = within.first(); i < within.first() + within.count(); i++) {
            if (Comparison.equal(items.get(i), bound.get("value"), budget)) {
                return Value.of(i);
            }
        }
        throw Fault.of("%s is not in list", Printer.representation(bound.get("value"), budget));
    }

    private static Optional<Value> ofRange(Range range, String name, Budget budget) {
        return switch (name) {
            case "start" -> Optional.of(Numbers.of(range.start()));
            case "step" -> Optional.of(Numbers.of(range.step()));
            case "stop" -> Optional.of(Numbers.of(range.stop()));
            case "index", "count" -> ofList(range, Sequences.list(range, budget), name, budget);
            default -> Optional.empty();
        };
    }

    private static Optional<Value> same(Value value, String name) {
        return method(name, arguments -> {
            arguments.bind(name);
            return value;
        });
    }

    private static Optional<Value> method(String name, Function.Body body) {
        return Optional.of(new Function(name, body));
    }
}
