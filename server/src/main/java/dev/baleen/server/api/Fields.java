package dev.baleen.server.api;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;

/// Typed access to the fields of a request; a wrong one is refused by its path.
///
/// @param node the JSON object
/// @param path where it lies in the request, ending in a dot unless it is the whole
record Fields(JsonNode node, String path) {
    private static final int SHOWN_MAX = 80;

    String path(String name) {
        return path + name;
    }

    /// The field, if it is there and not null.
    Optional<JsonNode> get(String name) {
        JsonNode value = node.get(name);
        return value == null || value.isNull() ? Optional.empty() : Optional.of(value);
    }

    Optional<String> string(String name) {
        return get(name).map(value -> {
            if (!value.isTextual()) {
                throw wrong(name, value, "a string");
            }
            return value.textValue();
        });
    }

    boolean flag(String name, boolean fallback) {
        return get(name)
                .map(value -> {
                    if (!value.isBoolean()) {
                        throw wrong(name, value, "true or false");
                    }
                    return value.booleanValue();
                })
                .orElse(fallback);
    }

    OptionalDouble number(String name, double min, double max) {
        Optional<JsonNode> value = get(name);
        if (value.isEmpty()) {
            return OptionalDouble.empty();
        }
        double number = value.get().doubleValue();
        if (!value.get().isNumber() || number < min || number > max) {
            throw wrong(name, value.get(), "a number from " + plain(min) + " to " + plain(max));
        }
        return OptionalDouble.of(number);
    }

    OptionalInt integer(String name, int min, int max) {
        Optional<JsonNode> value = get(name);
        if (value.isEmpty()) {
            return OptionalInt.empty();
        }
        JsonNode number = value.get();
        if (!number.isIntegralNumber()
                || !number.canConvertToLong()
                || number.longValue() < min
                || number.longValue() > max) {
            throw wrong(name, number, "an integer from " + min + " to " + max);
        }
        return OptionalInt.of(number.intValue());
    }

    /// At least 1, and however many: more than an int can hold is as good as the most that it can.
    OptionalInt count(String name) {
        Optional<JsonNode> value = get(name);
        if (value.isEmpty()) {
            return OptionalInt.empty();
        }
        if (!value.get().isIntegralNumber() || value.get().bigIntegerValue().signum() <= 0) {
            throw wrong(name, value.get(), "an integer of at least 1");
        }
        return OptionalInt.of(value.get().canConvertToInt() ? value.get().intValue() : Integer.MAX_VALUE);
    }

    OptionalLong integer(String name) {
        Optional<JsonNode> value = get(name);
        if (value.isEmpty()) {
            return OptionalLong.empty();
        }
        if (!value.get().isIntegralNumber() || !value.get().canConvertToLong()) {
            throw wrong(name, value.get(), "an integer");
        }
        return OptionalLong.of(value.get().longValue());
    }

    Optional<Fields> object(String name) {
        return get(name).map(value -> {
            if (!value.isObject()) {
                throw wrong(name, value, "an object");
            }
            return new Fields(value, path(name) + ".");
        });
    }

    ApiException wrong(String name, JsonNode value, String expected) {
        return ApiException.invalid(
                path(name), "'%s' must be %s, not %s".formatted(path(name), expected, brief(value.toString())));
    }

    /// As much of what a stranger sent as a message should repeat.
    static String brief(String text) {
        return text.length() > SHOWN_MAX ? text.substring(0, SHOWN_MAX) + "…" : text;
    }

    private static String plain(double value) {
        return value == Math.rint(value) ? Long.toString((long) value) : Double.toString(value);
    }
}
