package dev.baleen.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/// Settings by key, read with the type that the caller needs.
///
/// A missing or mistyped setting does not throw: it is recorded, a harmless value is returned, and [#finish()] tells
/// all of them together. Build nothing from the values before that call. A JSON `null` counts as absent. Keys inside a
/// section are joined by dots in messages, as GGUF writes them.
public final class Config {
    private final String file;
    private final String prefix;
    private final Function<String, Optional<JsonNode>> values;
    private final Problems problems;

    private Config(String file, String prefix, Function<String, Optional<JsonNode>> values, Problems problems) {
        this.file = file;
        this.prefix = prefix;
        this.values = values;
        this.problems = problems;
    }

    /// @param file what messages call the place of the settings
    static Config of(String file, Function<String, Optional<JsonNode>> values) {
        return new Config(file, "", values, new Problems(file));
    }

    /// The settings of a JSON object.
    ///
    /// @param file what messages call the place of the settings
    public static Config of(String file, JsonNode object) {
        return of(file, lookUp(object));
    }

    public boolean has(String key) {
        return find(key).isPresent();
    }

    /// A whole number of at least 1.
    public int positive(String key) {
        return find(key).map(value -> positive(key, value)).orElseGet(() -> missing(key, "a number of at least 1", 1));
    }

    /// A whole number of at least 1, or `absent` (which may be any number) where there is none.
    public int positive(String key, int absent) {
        return find(key).map(value -> positive(key, value)).orElse(absent);
    }

    public int integer(String key) {
        return find(key).map(value -> integer(key, value)).orElseGet(() -> missing(key, "a whole number", 1));
    }

    public int integer(String key, int absent) {
        return find(key).map(value -> integer(key, value)).orElse(absent);
    }

    public double number(String key) {
        return find(key).map(value -> number(key, value)).orElseGet(() -> missing(key, "a number", 1.0));
    }

    public double number(String key, double absent) {
        return find(key).map(value -> number(key, value)).orElse(absent);
    }

    public boolean flag(String key) {
        return find(key).map(value -> flag(key, value)).orElseGet(() -> missing(key, "true or false", false));
    }

    public boolean flag(String key, boolean absent) {
        return find(key).map(value -> flag(key, value)).orElse(absent);
    }

    public String text(String key) {
        return find(key).map(value -> text(key, value)).orElseGet(() -> missing(key, "a text", ""));
    }

    public String text(String key, String absent) {
        return find(key).map(value -> text(key, value)).orElse(absent);
    }

    /// Whole numbers; one number alone counts as a list of one, and nothing as an empty list.
    public List<Integer> integers(String key) {
        return list(key, value -> integer(key, value));
    }

    /// Numbers; one number alone counts as a list of one, and nothing as an empty list.
    public List<Double> numbers(String key) {
        return list(key, value -> number(key, value));
    }

    /// Texts; one text alone counts as a list of one, and nothing as an empty list.
    public List<String> texts(String key) {
        return list(key, value -> text(key, value));
    }

    /// The settings under `key`: a JSON object, or the GGUF keys that start with `key.`. Their problems are
    /// told with this config's. Empty if there is no such object; of a GGUF file never empty.
    public Optional<Config> section(String key) {
        Optional<JsonNode> object = find(key);
        if (object.isEmpty() && values instanceof FlatKeys flat) {
            return Optional.of(new Config(file, prefix + key + ".", flat.under(key), problems));
        }
        if (object.isPresent() && !object.get().isObject()) {
            wrong(key, object.get(), "an object", 0);
            return Optional.empty();
        }
        return object.map(found -> new Config(file, prefix + key + ".", lookUp(found), problems));
    }

    /// Records a problem that only the caller can see, such as two settings that contradict each other.
    public void problem(String key, String what, String remedy) {
        problems.add(where(key), what, remedy);
    }

    /// @throws CheckpointException with every problem that was met, if there was any
    public void finish() {
        problems.throwIfAny();
    }

    /// Where keys are flat, with dots in them, as in GGUF.
    record FlatKeys(String prefix, Function<String, Optional<JsonNode>> all)
            implements Function<String, Optional<JsonNode>> {
        @Override
        public Optional<JsonNode> apply(String key) {
            return all.apply(prefix + key);
        }

        FlatKeys under(String key) {
            return new FlatKeys(prefix + key + ".", all);
        }
    }

    private static Function<String, Optional<JsonNode>> lookUp(JsonNode object) {
        return key -> Optional.ofNullable(object.get(key));
    }

    private Optional<JsonNode> find(String key) {
        return values.apply(key).filter(value -> !value.isNull());
    }

    private int positive(String key, JsonNode value) {
        int number = integer(key, value);
        return number >= 1 ? number : wrong(key, value, "a whole number of at least 1", 1);
    }

    /// Takes 40 and 40.0, not 40.5 and not what does not fit 32 bits.
    private int integer(String key, JsonNode value) {
        return value.isNumber() && isWhole(value)
                ? value.intValue()
                : wrong(key, value, "a whole number of at most 2147483647", 1);
    }

    private static boolean isWhole(JsonNode value) {
        if (value.isIntegralNumber()) {
            return value.canConvertToInt();
        }
        double number = value.doubleValue();
        return number == Math.rint(number) && Math.abs(number) <= Integer.MAX_VALUE;
    }

    private double number(String key, JsonNode value) {
        return value.isNumber() && Double.isFinite(value.doubleValue())
                ? value.doubleValue()
                : wrong(key, value, "a finite number", 1.0);
    }

    private boolean flag(String key, JsonNode value) {
        return value.isBoolean() ? value.booleanValue() : wrong(key, value, "true or false", false);
    }

    private String text(String key, JsonNode value) {
        return value.isTextual() ? value.textValue() : wrong(key, value, "a text", "");
    }

    private <T> List<T> list(String key, Function<JsonNode, T> entry) {
        List<T> entries = new ArrayList<>();
        find(key).ifPresent(value -> {
            if (value.isArray()) {
                value.forEach(each -> entries.add(entry.apply(each)));
            } else {
                entries.add(entry.apply(value));
            }
        });
        return List.copyOf(entries);
    }

    private <T> T missing(String key, String wanted, T harmless) {
        problems.add(where(key), "missing", "it has to be " + wanted);
        return harmless;
    }

    private <T> T wrong(String key, JsonNode value, String wanted, T harmless) {
        String found = value.isContainerNode()
                ? (value.isArray() ? "a list" : "an object") + " of %,d entries".formatted(value.size())
                : Problems.quote(value.asText());
        problems.add(where(key), "is " + found, "it has to be " + wanted);
        return harmless;
    }

    private String where(String key) {
        return file + ", key " + Problems.quote(prefix + key);
    }
}
