package dev.baleen.chat.request;

import com.fasterxml.jackson.databind.JsonNode;
import dev.baleen.chat.JsonText;
import java.util.Optional;
import java.util.TreeSet;

/// What the protocols have in common about a body as a whole.
final class Bodies {
    private Bodies() {}

    static JsonNode parse(String body) {
        try {
            return JsonText.parse(body);
        } catch (IllegalArgumentException e) {
            throw new RequestException("The request body is no JSON: " + e.getMessage());
        }
    }

    /// Where any model will do it may be left out, but not be something else.
    static Optional<String> model(Fields fields, ConversionOptions options) {
        boolean needed = options.models().isPresent() || fields.has("model");
        return needed ? Optional.of(fields.string("model")) : Optional.empty();
    }

    static void checkModel(Optional<String> model, ConversionOptions options) {
        if (options.models().isPresent() && !options.models().get().contains(model.orElse(""))) {
            throw new RequestException("The supported API model names are %s, but you passed %s."
                    .formatted(String.join(", ", new TreeSet<>(options.models().get())), model.orElse("")));
        }
    }

    /// The schema that an answer has to follow, rewritten where it is to be followed strictly.
    static JsonNode checkAnswerSchema(JsonNode schema, boolean strict) {
        JsonNode kept = strict ? StrictSchema.rewrite(schema, "Invalid json schema: ") : schema;
        SchemaCheck.problem(schema).ifPresent(problem -> {
            throw new RequestException("Invalid json schema: " + problem);
        });
        if (strict && !kept.path("type").asText().equals("object")) {
            throw new RequestException("The top level of the json schema must be an object.");
        }
        return kept;
    }
}
