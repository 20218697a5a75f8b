package dev.baleen.chat.request;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/// Reads the fields of a JSON object. A field that is `null` counts as absent, one of a wrong type is refused by its
/// path: integers are no strings, `5.0` is no integer, a number is no boolean.
final class Fields {
    private static final int BRIEF = 60;

    private final JsonNode object;
    private final String path;

    private Fields(JsonNode object, String path) {
        this.object = object;
        this.path = path;
    }

    static Fields of(JsonNode node, String path) {
        if (!node.isObject()) {
            throw wrong(path.isEmpty() ? "the request body" : path, node, "an object");
        }
        return new Fields(node, path);
    }

    /// Where a field stands, for messages.
    String path(String name) {
        return path.isEmpty() ? name : path + "." + name;
    }

    JsonNode node() {
        return object;
    }

    boolean has(String name) {
        return object.has(name);
    }

    Optional<JsonNode> find(String name) {
        return Optional.ofNullable(object.get(name)).filter(value -> !value.isNull());
    }

    JsonNode get(String name) {
        JsonNode value = object.get(name);
        if (value == null) {
            throw new RequestException("'%s' is missing".formatted(path(name)));
        }
        return value;
    }

    Optional<String> findString(String name) {
        return find(name).map(value -> text(path(name), value));
    }

    String string(String name) {
        return text(path(name), get(name));
    }

    Optional<Boolean> findFlag(String name) {
        return find(name).map(value -> {
            if (!value.isBoolean()) {
                throw wrong(path(name), value, "true or false");
            }
            return value.booleanValue();
        });
    }

    boolean flag(String name) {
        return findFlag(name).orElse(false);
    }

    /// An integer from 0 to `max`.
    Optional<BigInteger> findCount(String name, BigInteger max) {
        return find(name).map(value -> {
            if (!value.isIntegralNumber()
                    || value.bigIntegerValue().signum() < 0
                    || value.bigIntegerValue().compareTo(max) > 0) {
                throw wrong(path(name), value, "an integer from 0 to " + max);
            }
            return value.bigIntegerValue();
        });
    }

    /// An integer from 0 to `max`.
    OptionalInt findCount(String name, int max) {
        return findCount(name, BigInteger.valueOf(max))
                .map(value -> OptionalInt.of(value.intValueExact()))
                .orElse(OptionalInt.empty());
    }

    /// A number in single precision, as which DeepSeek's library takes it.
    Optional<Float> findNumber(String name) {
        return find(name).map(value -> {
            if (!value.isNumber()) {
                throw wrong(path(name), value, "a number");
            }
            return (float) value.doubleValue();
        });
    }

    Optional<Fields> findObject(String name) {
        return find(name).map(value -> of(value, path(name)));
    }

    Fields object(String name) {
        return of(get(name), path(name));
    }

    /// The objects of an array; empty where there is none.
    Optional<List<Fields>> findObjects(String name) {
        return find(name).map(value -> objects(path(name), value));
    }

    List<Fields> objects(String name) {
        return objects(path(name), get(name));
    }

    static List<Fields> objects(String path, JsonNode array) {
        if (!array.isArray()) {
            throw wrong(path, array, "an array");
        }
        List<Fields> objects = new ArrayList<>();
        for (int i = 0; i < array.size(); i++) {
            objects.add(of(array.get(i), path + "[" + i + "]"));
        }
        return objects;
    }

    Optional<List<String>> findStrings(String name) {
        return find(name).map(value -> {
            if (!value.isArray()) {
                throw wrong(path(name), value, "an array of strings");
            }
            List<String> strings = new ArrayList<>();
            for (int i = 0; i < value.size(); i++) {
                strings.add(text(path(name) + "[" + i + "]", value.get(i)));
            }
            return strings;
        });
    }

    <T> Optional<T> findChoice(String name, Map<String, T> choices) {
        return find(name).map(value -> choice(name, value, choices));
    }

    <T> T choice(String name, Map<String, T> choices) {
        return choice(name, get(name), choices);
    }

    private <T> T choice(String name, JsonNode value, Map<String, T> choices) {
        T choice = value.isTextual() ? choices.get(value.textValue()) : null;
        if (choice == null) {
            throw wrong(path(name), value, "one of " + String.join(", ", choices.keySet()));
        }
        return choice;
    }

    /// Choices that are known by their own names.
    static Map<String, String> names(String... names) {
        Map<String, String> choices = new LinkedHashMap<>();
        for (String name : names) {
            choices.put(name, name);
        }
        return choices;
    }

    private static String text(String path, JsonNode value) {
        if (!value.isTextual()) {
            throw wrong(path, value, "a string");
        }
        return value.textValue();
    }

    RequestException wrong(String name, String expected) {
        return wrong(path(name), get(name), expected);
    }

    static RequestException wrong(String path, JsonNode value, String expected) {
        String given = value.isContainerNode() ? value.isArray() ? "an array" : "an object" : brief(value.toString());
        return new RequestException("'%s' must be %s, not %s".formatted(path, expected, given));
    }

    private static String brief(String text) {
        int end = text.offsetByCodePoints(0, Math.min(BRIEF, text.codePointCount(0, text.length())));
        return end == text.length() ? text : text.substring(0, end) + "…";
    }
}
