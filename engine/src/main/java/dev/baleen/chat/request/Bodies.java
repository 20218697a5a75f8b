package dev.baleen.chat.request;

import com.fasterxml.jackson.databind.JsonNode;
import dev.baleen.chat.Content;
import dev.baleen.chat.JsonText;
import dev.baleen.chat.Message;
import dev.baleen.chat.ResponseFormat;
import dev.baleen.chat.request.ConvertedRequest.OutputConstraint;
import dev.baleen.chat.request.ConvertedRequest.OutputConstraint.Kind;
import java.util.List;
import java.util.Locale;
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

    /// Whether some part of some message has the word, by itself or inside another.
    static boolean mentionsJson(List<Message> messages) {
        return messages.stream()
                .flatMap(message -> message.parts().stream())
                .anyMatch(part -> part instanceof Content.Text(String text)
                        && text.toLowerCase(Locale.ROOT).contains("json"));
    }

    /// What an answer without calls has to look like.
    ///
    /// @param strict whether it is to follow a schema to the letter
    static Optional<OutputConstraint> constraint(ResponseFormat format, boolean strict) {
        return switch (format) {
            case ResponseFormat.Text _ -> Optional.empty();
            case ResponseFormat.JsonObject _ -> Optional.of(new OutputConstraint(Kind.JSON, ""));
            case ResponseFormat.Regex(String pattern) -> Optional.of(new OutputConstraint(Kind.REGEX, pattern));
            case ResponseFormat.JsonSchema(JsonNode schema) ->
                Optional.of(new OutputConstraint(Kind.JSON, JsonText.writeCompact(checkAnswerSchema(schema, strict))));
        };
    }

    /// The schema that an answer has to follow, rewritten where it is to be followed strictly.
    private static JsonNode checkAnswerSchema(JsonNode schema, boolean strict) {
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
