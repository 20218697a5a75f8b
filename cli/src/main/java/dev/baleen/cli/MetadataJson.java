package dev.baleen.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.baleen.checkpoint.GgufValue;

/// Metadata of GGUF files as JSON, for people: of a list longer than a few entries only the first are shown, and how
/// many there are.
final class MetadataJson {
    private static final int ENTRIES_SHOWN = 8;

    private MetadataJson() {}

    static JsonNode of(GgufValue value) {
        JsonNodeFactory nodes = JsonNodeFactory.instance;
        return switch (value) {
            case GgufValue.Text text -> nodes.textNode(text.value());
            case GgufValue.Flag flag -> nodes.booleanNode(flag.value());
            case GgufValue.Whole whole ->
                whole.fitsLong()
                        ? nodes.numberNode(whole.value())
                        : nodes.textNode(Long.toUnsignedString(whole.value()));
            // Single precision has fewer digits than its value has as a double.
            case GgufValue.Real real -> nodes.numberNode(Double.parseDouble(Float.toString((float) real.value())));
            case GgufValue.Many many -> {
                ArrayNode array = nodes.arrayNode();
                many.values().stream().limit(ENTRIES_SHOWN).forEach(entry -> array.add(of(entry)));
                if (many.size() > ENTRIES_SHOWN) {
                    array.add("… %,d in all".formatted(many.size()));
                }
                yield array;
            }
        };
    }
}
