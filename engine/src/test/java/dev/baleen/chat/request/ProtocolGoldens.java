package dev.baleen.chat.request;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.baleen.Goldens;
import dev.baleen.chat.AnswerStart;
import dev.baleen.chat.DeepSeekV4Template;
import dev.baleen.chat.DeepSeekV4Template.Version;
import dev.baleen.chat.JsonText;
import dev.baleen.chat.Prompt;
import dev.baleen.chat.ResponseFormat;
import dev.baleen.chat.ToolChoice;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// Holds the conversion of one protocol against what DeepSeek's own library made of the same requests: prompts to the
/// character with their control tokens, parameters, constraints, and the refusals.
final class ProtocolGoldens {
    private static final int PROMPT_TOKENS = 100;
    private static final int CONTEXT_TOKENS = 65536;

    interface Converter {
        ConvertedRequest convert(String body, ConversionOptions options);
    }

    private ProtocolGoldens() {}

    static void check(String file, Converter converter) throws IOException {
        List<String> wrong = new ArrayList<>();
        int cases = 0;
        for (String line : Files.readAllLines(Goldens.path("protocol/" + file))) {
            JsonNode golden = JsonText.parse(line);
            for (Version version : Version.values()) {
                cases++;
                check(golden, version, converter)
                        .ifPresent(problem -> wrong.add(
                                "%s, %s: %s".formatted(golden.get("name").textValue(), version, problem)));
            }
        }
        assertTrue(cases > 400, cases + " cases");
        assertEquals(List.of(), wrong, wrong.size() + " of " + cases + " cases\n" + String.join("\n", wrong) + "\n");
    }

    private static Optional<String> check(JsonNode golden, Version version, Converter converter) {
        JsonNode request = golden.get("request");
        String body = request.isTextual() ? request.textValue() : JsonText.writeCompact(request);
        String suffix = version == Version.V4 ? "_v4" : "_v41";
        JsonNode error = golden.has("error") ? golden.get("error") : golden.path("error" + suffix);
        ConvertedRequest converted;
        Prompt prompt;
        try {
            converted = converter.convert(body, options(golden.path("options"), version));
            prompt = new DeepSeekV4Template(version).render(converted.chat());
        } catch (RequestException e) {
            if (error.isMissingNode()) {
                return Optional.of("refused: " + e.getMessage());
            }
            return difference("error", error.get("body"), error.get("body").isNull() ? error.get("body") : e.body());
        }
        if (!error.isMissingNode()) {
            return Optional.of("should have been refused: " + error);
        }
        JsonNode result = golden.get("result");
        return difference("prompt", result.get("prompt" + suffix).textValue(), prompt.text())
                .or(() -> difference("marks", result.get("special" + suffix), marks(prompt)))
                .or(() -> difference("images", get(result, "images", version), images(converted)))
                .or(() -> difference("inference", get(result, "inference", version), inference(converted)))
                .or(() -> difference("parsing", get(result, "parsing", version), parsing(converted, prompt)))
                .or(() -> difference("rest", rest(result), rest(converted)))
                .or(() -> difference(
                        "max_tokens_resolved", get(result, "max_tokens_resolved", version), tokensMax(converted)));
    }

    private static JsonNode get(JsonNode result, String name, Version version) {
        return version == Version.V4_1 && result.has(name + "_v41") ? result.get(name + "_v41") : result.get(name);
    }

    private static <T> Optional<String> difference(String what, T expected, T actual) {
        return expected.equals(actual)
                ? Optional.empty()
                : Optional.of("%s%n    expected %s%n    but was  %s".formatted(what, expected, actual));
    }

    private static ConversionOptions options(JsonNode given, Version version) {
        ConversionOptions plain = ConversionOptions.of(version);
        return new ConversionOptions(
                version,
                Optional.of(Set.of("deepseek-v4")),
                given.path("default_thinking_mode").asBoolean(true),
                given.path("reasoning_content_behavior").asText().equals("Reject"),
                given.path("messages_web_search").asText().equals("Drop"),
                !given.path("responses_web_search").asText().equals("Reject"),
                false,
                given.path("thinking_max_tokens_upper_bound").asInt(plain.thinkingTokensMax()),
                given.path("non_thinking_max_tokens_upper_bound").asInt(plain.plainTokensMax()));
    }

    private static JsonNode marks(Prompt prompt) {
        ArrayNode marks = JsonNodeFactory.instance.arrayNode();
        int at = 0;
        for (Prompt.Part part : prompt.parts()) {
            switch (part) {
                case Prompt.Part.Mark(String token) -> {
                    int end = at + length(token);
                    marks.addArray().add((long) at).add((long) end);
                    at = end;
                }
                case Prompt.Part.Ordinary(String text) -> at += length(text);
            }
        }
        return marks;
    }

    private static int length(String text) {
        return text.codePointCount(0, text.length());
    }

    private static JsonNode images(ConvertedRequest converted) {
        ArrayNode images = JsonNodeFactory.instance.arrayNode();
        for (ConvertedRequest.Image image : converted.images()) {
            images.addArray()
                    .add(image.isEmbedded() ? "data_url" : "url")
                    .add(image.detail())
                    .add(image.path());
        }
        return images;
    }

    private static JsonNode inference(ConvertedRequest converted) {
        ConvertedRequest.Sampling sampling = converted.sampling();
        ObjectNode inference = JsonNodeFactory.instance.objectNode();
        converted
                .tokensMax()
                .ifPresentOrElse(
                        tokens -> inference.put("max_tokens", (long) tokens), () -> inference.putNull("max_tokens"));
        inference.put("temperature", Double.parseDouble(Float.toString(sampling.temperature())));
        inference.put("top_p", Double.parseDouble(Float.toString(sampling.topP())));
        inference.put("logprobs", sampling.logprobs());
        sampling.topLogprobs()
                .ifPresentOrElse(
                        top -> inference.put("top_logprobs", (long) top), () -> inference.putNull("top_logprobs"));
        sampling.seed().ifPresentOrElse(seed -> inference.put("seed", seed), () -> inference.putNull("seed"));
        if (converted.constraint().isEmpty()) {
            return inference.putNull("output_constraint");
        }
        inference
                .putObject("output_constraint")
                .put("kind", converted.constraint().get().kind().name().toLowerCase(Locale.ROOT))
                .put("schema", converted.constraint().get().text());
        return inference;
    }

    private static JsonNode parsing(ConvertedRequest converted, Prompt prompt) {
        ObjectNode parsing = JsonNodeFactory.instance.objectNode();
        parsing.put("parse_tool_calls", !converted.chat().offeredTools().isEmpty());
        parsing.put("starts_in_tool_calls", prompt.start() == AnswerStart.TOOL_CALLS);
        parsing.put("parse_json_output", converted.jsonOutput());
        parsing.put(
                "thinking_initial_stage",
                switch (prompt.start()) {
                    case THOUGHTS -> "ReasoningStart";
                    case THOUGHTS_CONTINUED -> "ReasoningContinuation";
                    case CONTENT_CONTINUED -> "ContentContinuation";
                    case CONTENT, EITHER, TOOL_CALLS -> null;
                });
        ArrayNode stop = parsing.putArray("stop_sequences");
        converted.stop().forEach(stop::add);
        return parsing;
    }

    private static List<String> rest(JsonNode result) {
        return List.of(
                result.get("stream").asText(),
                result.get("thinking").asText(),
                result.get("reasoning_effort").asText("null"),
                result.get("tool_choice").asText(),
                result.get("response_format").asText());
    }

    private static List<String> rest(ConvertedRequest converted) {
        boolean thinking = converted.chat().thinking();
        return List.of(
                Boolean.toString(converted.stream()),
                Boolean.toString(thinking),
                thinking ? converted.chat().effort().name().toLowerCase(Locale.ROOT) : "null",
                switch (converted.chat().toolChoice()) {
                    case ToolChoice.Auto _ -> "auto";
                    case ToolChoice.None _ -> "none";
                    case ToolChoice.Required _, ToolChoice.Named _ -> "required";
                },
                switch (converted.chat().responseFormat()) {
                    case ResponseFormat.Text _ -> "text";
                    case ResponseFormat.JsonObject _ -> "json_object";
                    case ResponseFormat.JsonSchema _ -> "json_schema";
                    case ResponseFormat.Regex _ -> "regex";
                });
    }

    private static JsonNode tokensMax(ConvertedRequest converted) {
        try {
            return JsonNodeFactory.instance.numberNode((long) converted.tokensMax(PROMPT_TOKENS, CONTEXT_TOKENS));
        } catch (RequestException e) {
            ObjectNode refusal = JsonNodeFactory.instance.objectNode();
            refusal.put("status_code", (long) e.status()).set("body", e.body());
            return refusal;
        }
    }
}
