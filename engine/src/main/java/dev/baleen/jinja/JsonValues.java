package dev.baleen.jinja;

import com.fasterxml.jackson.databind.JsonNode;
import dev.baleen.jinja.Value.None;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/// JSON as values.
final class JsonValues {
    private JsonValues() {}

    static Value of(JsonNode node) {
        return value(node, 1);
    }

    static Value parse(String json) {
        try {
            return of(PythonJson.parse(json));
        } catch (IllegalArgumentException e) {
            throw Fault.of("%s", e.getMessage());
        }
    }

    private static Value value(JsonNode node, int depth) {
        Nesting.check(depth);
        return switch (node.getNodeType()) {
            case STRING -> Value.of(node.textValue());
            case BOOLEAN -> Value.of(node.booleanValue());
            case NUMBER -> node.isIntegralNumber() ? Numbers.of(node.bigIntegerValue()) : Value.of(node.doubleValue());
            case ARRAY -> {
                List<Value> items = new ArrayList<>(node.size());
                node.forEach(item -> items.add(value(item, depth + 1)));
                yield Value.array(items);
            }
            case OBJECT -> {
                SequencedMap<Value, Value> entries = new LinkedHashMap<>();
                node.properties()
                        .forEach(entry -> entries.put(Value.of(entry.getKey()), value(entry.getValue(), depth + 1)));
                yield Value.dict(entries);
            }
            case NULL, MISSING, BINARY, POJO -> None.NONE;
        };
    }
}
