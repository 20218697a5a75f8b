package dev.baleen.chat.request;

import com.fasterxml.jackson.databind.JsonNode;
import dev.baleen.chat.ChatRequest;
import dev.baleen.chat.Effort;
import dev.baleen.chat.Message;
import dev.baleen.chat.ResponseFormat;
import dev.baleen.chat.Role;
import dev.baleen.chat.ToolChoice;
import dev.baleen.chat.request.ConvertedRequest.OutputConstraint;
import dev.baleen.chat.request.Tools.Declared;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/// The body of a request to OpenAI's Responses. Unknown fields are ignored, and so is what would need a memory of the
/// service's: stored answers, files, background work.
public final class ResponsesRequest {
    private final ConversionOptions options;
    private final Optional<String> model;
    private final Optional<String> instructions;
    private final Optional<List<ResponsesItem>> input;
    private final ResponsesTools tools;
    private final ToolChoice toolChoice;
    private final boolean choosesServerTool;
    private final Optional<Optional<Effort>> effort;
    private final ResponseFormat format;
    private final boolean strict;
    private final boolean stream;
    private final Optional<Float> temperature;
    private final Optional<Float> topP;
    private final OptionalInt topLogprobs;
    private final Optional<BigInteger> tokensMax;

    private ResponsesRequest(Fields fields, ConversionOptions options) {
        this.options = options;
        model = Bodies.model(fields, options);
        instructions = fields.findString("instructions");
        input = fields.find("input").map(given -> input(fields, given));
        tools = new ResponsesTools(fields.findObjects("tools").orElse(List.of()), options);
        Optional<JsonNode> choice = fields.find("tool_choice");
        choosesServerTool =
                choice.isPresent() && choice.get().path("type").asText().startsWith("web_search");
        toolChoice = toolChoice(fields, choice);
        Optional<Fields> reasoning = fields.findObject("reasoning");
        effort = reasoning.flatMap(given -> Thinking.findEffort(given, "effort"));
        reasoning.ifPresent(given -> given.findChoice("summary", Fields.names("auto", "concise", "detailed")));
        Optional<Fields> text = fields.findObject("text");
        text.ifPresent(given -> given.findChoice("verbosity", Fields.names("low", "medium", "high")));
        Optional<Fields> wanted = text.filter(given -> given.has("format")).map(given -> given.object("format"));
        format = wanted.map(ResponsesRequest::format).orElse(new ResponseFormat.Text());
        strict = wanted.map(given -> given.flag("strict")).orElse(false);
        stream = fields.flag("stream");
        temperature = fields.findNumber("temperature");
        topP = fields.findNumber("top_p");
        topLogprobs = fields.findCount("top_logprobs", SamplingRules.LOGPROBS_MAX);
        tokensMax = fields.findCount("max_output_tokens", SamplingRules.TOKENS_MAX);
        fields.findString("user");
    }

    /// @throws RequestException if the request is refused
    public static ConvertedRequest convert(String body, ConversionOptions options) {
        return convert(Bodies.parse(body), options);
    }

    /// @throws RequestException if the request is refused
    public static ConvertedRequest convert(JsonNode body, ConversionOptions options) {
        return new ResponsesRequest(Fields.of(body, ""), options).convert();
    }

    private ConvertedRequest convert() {
        Bodies.checkModel(model, options);
        List<Declared> declared = new ArrayList<>(tools.check());
        Thinking thought = Thinking.of(Optional.empty(), effort, options.thinkingByDefault());
        if (input.isEmpty() && instructions.isEmpty()) {
            throw new RequestException("Either input or instructions must be provided");
        }
        if (input.isPresent() && input.get().isEmpty()) {
            throw new RequestException("Input items array must not be empty");
        }
        ResponsesItems items = new ResponsesItems(input.orElse(List.of()), tools, options, thought.on());
        List<Message> conversation = new ArrayList<>();
        instructions.ifPresent(text -> conversation.add(Message.system(text)));
        conversation.addAll(items.convert());
        declared.addAll(items.found());
        if (choosesServerTool) {
            ResponsesTools.refuseServerTool(options);
        }
        Tools.checkChoice(toolChoice, declared, thought.on());
        Optional<OutputConstraint> wanted = Bodies.constraint(format, strict);
        if (format instanceof ResponseFormat.JsonObject && !Bodies.mentionsJson(conversation)) {
            throw new RequestException("Response input messages must contain the word 'json' in some form to use"
                    + " 'text.format' of type 'json_object'.");
        }
        SamplingRules.checkTemperature(temperature);
        SamplingRules.checkTopP(topP);
        SamplingRules.checkTopLogprobs(topLogprobs);
        List<Declared> offered = Tools.chosen(toolChoice, declared);
        boolean logprobs = topLogprobs.isPresent();
        return new ConvertedRequest(
                model.orElse(""),
                new ChatRequest(
                        conversation,
                        offered.stream().map(Declared::toTool).toList(),
                        Tools.effective(toolChoice, declared),
                        thought.on(),
                        thought.effort(),
                        format,
                        Map.of()),
                items.images(),
                SamplingRules.sampling(
                        options.version(),
                        thought.on(),
                        !offered.isEmpty(),
                        temperature,
                        topP,
                        logprobs,
                        topLogprobs,
                        OptionalLong.empty()),
                SamplingRules.checkTokensMax(tokensMax, options.tokensMax(thought.on())),
                offered.isEmpty() ? wanted : Optional.of(Tools.constraint(toolChoice, offered)),
                format instanceof ResponseFormat.JsonObject,
                List.of(),
                stream,
                false);
    }

    private static List<ResponsesItem> input(Fields fields, JsonNode given) {
        if (given.isTextual()) {
            String text = given.textValue();
            List<ResponsesItem.Part> parts = text.isEmpty() ? List.of() : List.of(new ResponsesItem.Part.Text(text));
            return List.of(new ResponsesItem.Said(Role.USER, parts));
        }
        if (!given.isArray()) {
            throw fields.wrong("input", "a string or an array of items");
        }
        return ResponsesItem.read(fields.objects("input"));
    }

    private static ToolChoice toolChoice(Fields fields, Optional<JsonNode> given) {
        if (given.isEmpty()) {
            return new ToolChoice.Auto();
        }
        if (!given.get().isObject()) {
            return fields.choice("tool_choice", Tools.CHOICES);
        }
        Fields choice = fields.object("tool_choice");
        Map<String, String> types = Fields.names("function", "web_search", "web_search_2025_08_26", "custom");
        return switch (choice.choice("type", types)) {
            case "function", "custom" -> new ToolChoice.Named(choice.string("name"));
            default -> new ToolChoice.Auto();
        };
    }

    private static ResponseFormat format(Fields format) {
        return switch (format.choice("type", Fields.names("text", "json_schema", "json_object"))) {
            case "json_object" -> new ResponseFormat.JsonObject();
            case "json_schema" -> {
                format.string("name");
                yield new ResponseFormat.JsonSchema(format.get("schema"));
            }
            default -> new ResponseFormat.Text();
        };
    }
}
