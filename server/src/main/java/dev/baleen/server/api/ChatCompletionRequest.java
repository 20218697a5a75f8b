package dev.baleen.server.api;

import com.fasterxml.jackson.databind.JsonNode;
import dev.baleen.chat.ChatModel;
import dev.baleen.chat.ChatOptions;
import dev.baleen.chat.Message;
import dev.baleen.chat.Role;
import dev.baleen.generation.GenerationRequest;
import dev.baleen.generation.Sampling;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.TreeMap;

/// The body of `POST /v1/chat/completions`, checked. Fields that the server does not know are ignored, as clients add
/// some every week; a known one of a wrong type is refused by its path.
///
/// @param options how the answer is to be made, the model's own habits where the request says nothing
/// @param includeUsage whether a stream ends with a chunk that counts the tokens
record ChatCompletionRequest(List<Message> messages, ChatOptions options, boolean stream, boolean includeUsage) {
    private static final int MESSAGES_MAX = 4096;

    /// What a `top_p` of 0 means: the likeliest token alone.
    private static final double TOP_P_MIN = 1e-9;

    static ChatCompletionRequest parse(JsonNode body, ChatModel model) {
        ChatOptions defaults = model.options();
        Fields fields = new Fields(body, "");
        if (fields.integer("n", 1, Integer.MAX_VALUE).orElse(1) > 1) {
            throw ApiException.invalid("n", "'n' must be 1: this server gives one answer to a request");
        }
        boolean logprobs = fields.flag("logprobs", false);
        OptionalInt top = fields.integer("top_logprobs", 0, GenerationRequest.TOP_LOGPROBS_MAX);
        if (top.isPresent() && !logprobs) {
            throw ApiException.invalid("top_logprobs", "'top_logprobs' needs 'logprobs' to be true");
        }
        refuseUnsupported(fields);
        OptionalInt tokensMax = fields.count("max_completion_tokens");
        ChatOptions options = new ChatOptions(
                thinking(fields).orElse(defaults.thinking()),
                tokensMax.isPresent() ? tokensMax : fields.count("max_tokens"),
                sampling(fields, model),
                stop(fields),
                logprobs ? OptionalInt.of(top.orElse(0)) : OptionalInt.empty());
        return new ChatCompletionRequest(
                messages(fields),
                options,
                fields.flag("stream", false),
                fields.object("stream_options")
                        .map(given -> given.flag("include_usage", false))
                        .orElse(false));
    }

    /// What would silently be wrong if it were ignored.
    private static void refuseUnsupported(Fields fields) {
        fields.get("tools").filter(tools -> !tools.isEmpty()).ifPresent(tools -> {
            throw ApiException.invalid("tools", "'tools' is not supported by this server; leave it out");
        });
        fields.object("response_format").ifPresent(format -> {
            String type = format.string("type").orElse("text");
            if (!type.equals("text")) {
                throw ApiException.invalid(
                        format.path("type"), "'response_format.type' must be 'text', not '" + Fields.brief(type) + "'");
            }
        });
    }

    private static List<Message> messages(Fields fields) {
        JsonNode array = fields.get("messages")
                .filter(JsonNode::isArray)
                .filter(messages -> !messages.isEmpty())
                .orElseThrow(
                        () -> ApiException.invalid("messages", "'messages' must be an array of at least one message"));
        if (array.size() > MESSAGES_MAX) {
            throw ApiException.invalid(
                    "messages", "'messages' has %d entries; at most %d are read".formatted(array.size(), MESSAGES_MAX));
        }
        List<Message> messages = new ArrayList<>();
        for (int i = 0; i < array.size(); i++) {
            String path = "messages[" + i + "]";
            if (!array.get(i).isObject()) {
                throw ApiException.invalid(path, "'" + path + "' must be an object with 'role' and 'content'");
            }
            messages.add(message(new Fields(array.get(i), path + ".")));
        }
        return messages;
    }

    private static Message message(Fields fields) {
        String name = fields.string("role")
                .orElseThrow(() ->
                        ApiException.invalid(fields.path("role"), "'%s' is missing".formatted(fields.path("role"))));
        Role role = switch (name) {
            case "system", "developer" -> Role.SYSTEM;
            case "user" -> Role.USER;
            case "assistant" -> Role.ASSISTANT;
            default ->
                throw ApiException.invalid(
                        fields.path("role"),
                        "'%s' must be system, developer, user or assistant, not '%s'"
                                .formatted(fields.path("role"), Fields.brief(name)));
        };
        String reasoning = role != Role.ASSISTANT
                ? ""
                : fields.string("reasoning_content")
                        .or(() -> fields.string("reasoning"))
                        .orElse("");
        Optional<JsonNode> content = fields.get("content");
        if (content.isEmpty() && role != Role.ASSISTANT) {
            throw ApiException.invalid(fields.path("content"), "'" + fields.path("content") + "' is missing");
        }
        String text = content.map(value -> text(fields, value)).orElse("");
        return role == Role.ASSISTANT ? Message.assistant(text, reasoning) : Message.of(role, text);
    }

    /// A string, or an array of parts of type `text`.
    private static String text(Fields fields, JsonNode content) {
        if (content.isTextual()) {
            return content.textValue();
        }
        if (!content.isArray()) {
            throw fields.wrong("content", content, "a string or an array of parts");
        }
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < content.size(); i++) {
            JsonNode part = content.get(i);
            String path = fields.path("content") + "[" + i + "]";
            if (!part.path("type").asText().equals("text") || !part.path("text").isTextual()) {
                throw ApiException.invalid(
                        path, "'" + path + "' must be a part of type 'text': this model reads text only");
            }
            text.append(part.get("text").textValue());
        }
        return text.toString();
    }

    /// DeepSeek's `thinking.type`, OpenAI's `reasoning_effort`, and the flags of chat templates: the first
    /// present counts.
    private static Optional<Boolean> thinking(Fields fields) {
        Optional<Fields> object = fields.object("thinking");
        if (object.isPresent()) {
            String type = object.get().string("type").orElse("enabled");
            return switch (type) {
                case "enabled" -> Optional.of(true);
                case "disabled" -> Optional.of(false);
                default ->
                    throw ApiException.invalid(
                            "thinking.type",
                            "'thinking.type' must be 'enabled' or 'disabled', not '" + Fields.brief(type) + "'");
            };
        }
        Optional<String> effort = fields.string("reasoning_effort");
        if (effort.isPresent()) {
            return Optional.of(!effort.get().equals("none") && !effort.get().equals("off"));
        }
        return fields.object("chat_template_kwargs").flatMap(flags -> {
            String name = flags.get("enable_thinking").isPresent() ? "enable_thinking" : "thinking";
            return flags.get(name).map(value -> flags.flag(name, true));
        });
    }

    private static Sampling sampling(Fields fields, ChatModel model) {
        Sampling defaults = model.options().sampling();
        Sampling sampling = defaults.withTemperature(
                        fields.number("temperature", 0, 2).orElse(defaults.temperature()))
                .withTopP(Math.max(TOP_P_MIN, fields.number("top_p", 0, 1).orElse(defaults.topP())))
                .withTopK(fields.integer("top_k", 0, Integer.MAX_VALUE).orElse(defaults.topK()))
                .withMinP(fields.number("min_p", 0, 1).orElse(defaults.minP()))
                .withPresencePenalty(fields.number("presence_penalty", -2, 2).orElse(defaults.presencePenalty()))
                .withFrequencyPenalty(fields.number("frequency_penalty", -2, 2).orElse(defaults.frequencyPenalty()))
                .withRepetitionPenalty(
                        fields.number("repetition_penalty", 0.01, 10).orElse(defaults.repetitionPenalty()))
                .withLogitBias(logitBias(fields, model.model().vocabularySize()));
        return fields.integer("seed").isPresent()
                ? sampling.withSeed(fields.integer("seed").getAsLong())
                : sampling;
    }

    private static Map<Integer, Double> logitBias(Fields fields, int vocabularySize) {
        Map<Integer, Double> biases = new TreeMap<>();
        fields.object("logit_bias").ifPresent(object -> {
            for (Iterator<String> names = object.node().fieldNames(); names.hasNext(); ) {
                String name = names.next();
                int token = tokenId(name);
                if (token < 0 || token >= vocabularySize) {
                    throw ApiException.invalid(
                            "logit_bias",
                            "'logit_bias' has the key '%s'; the model's token ids are 0 to %d"
                                    .formatted(Fields.brief(name), vocabularySize - 1));
                }
                biases.put(token, object.number(name, -100, 100).orElse(0));
            }
        });
        return biases;
    }

    /// Less than 0 for what is none.
    private static int tokenId(String name) {
        try {
            return Integer.parseInt(name);
        } catch (NumberFormatException e) {
            return -1;
        }
    }

    private static List<String> stop(Fields fields) {
        Optional<JsonNode> value = fields.get("stop");
        if (value.isEmpty()) {
            return List.of();
        }
        List<String> stops = new ArrayList<>();
        if (value.get().isTextual()) {
            stops.add(value.get().textValue());
        } else if (value.get().isArray()) {
            for (JsonNode entry : value.get()) {
                if (!entry.isTextual()) {
                    throw fields.wrong("stop", entry, "a string or an array of strings");
                }
                stops.add(entry.textValue());
            }
        } else {
            throw fields.wrong("stop", value.get(), "a string or an array of strings");
        }
        if (stops.size() > GenerationRequest.STOP_MAX
                || stops.stream()
                        .anyMatch(text -> text.isEmpty() || text.length() > GenerationRequest.STOP_LENGTH_MAX)) {
            throw ApiException.invalid(
                    "stop",
                    "'stop' takes at most %d strings of 1 to %,d characters"
                            .formatted(GenerationRequest.STOP_MAX, GenerationRequest.STOP_LENGTH_MAX));
        }
        return stops;
    }
}
