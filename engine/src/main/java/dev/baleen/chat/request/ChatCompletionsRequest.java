package dev.baleen.chat.request;

import com.fasterxml.jackson.databind.JsonNode;
import dev.baleen.chat.ChatRequest;
import dev.baleen.chat.Effort;
import dev.baleen.chat.Message;
import dev.baleen.chat.ResponseFormat;
import dev.baleen.chat.ToolChoice;
import dev.baleen.chat.request.ConvertedRequest.OutputConstraint;
import dev.baleen.chat.request.Tools.Declared;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/// The body of a request to OpenAI's Chat Completions, with DeepSeek's additions: `thinking`, `reasoning_content`,
/// `prefix`, the role `latest_reminder`. Unknown fields are ignored.
public final class ChatCompletionsRequest {
    private static final int COUNT_MAX = 255;
    private final Optional<String> model;
    private final List<ChatMessages.Given> messages;
    private final List<Declared> tools;
    private final ToolChoice toolChoice;
    private final Optional<Boolean> thinking;
    private final Optional<Optional<Effort>> effort;
    private final Format format;
    private final List<String> stop;
    private final boolean stopIsArray;
    private final boolean stream;
    private final Optional<Boolean> includeUsage;
    private final boolean hasStreamOptions;
    private final OptionalInt count;
    private final Optional<Float> presencePenalty;
    private final Optional<Float> frequencyPenalty;
    private final Optional<Float> temperature;
    private final Optional<Float> topP;
    private final boolean logprobs;
    private final OptionalInt topLogprobs;
    private final Optional<BigInteger> tokensMax;
    private final Optional<BigInteger> seed;

    /// @param strict whether answers are to follow the schema to the letter
    private record Format(ResponseFormat format, boolean strict) {
        static final Format TEXT = new Format(new ResponseFormat.Text(), false);
    }

    private ChatCompletionsRequest(Fields fields, ConversionOptions options) {
        model = Bodies.model(fields, options);
        messages = ChatMessages.read(fields.objects("messages"), options.takesDevelopers());
        tools = fields.findObjects("tools").orElse(List.of()).stream()
                .map(ChatCompletionsRequest::tool)
                .toList();
        toolChoice = toolChoice(fields);
        thinking = Thinking.findSwitch(fields);
        effort = Thinking.findEffort(fields, "reasoning_effort");
        format = fields.findObject("response_format")
                .map(ChatCompletionsRequest::format)
                .orElse(Format.TEXT);
        Optional<JsonNode> stops = fields.find("stop");
        stopIsArray = stops.isPresent() && !stops.get().isTextual();
        stop = stops.isEmpty()
                ? List.of()
                : stopIsArray ? fields.findStrings("stop").orElseThrow() : List.of(fields.string("stop"));
        stream = fields.flag("stream");
        Optional<Fields> streamOptions = fields.findObject("stream_options");
        hasStreamOptions = streamOptions.isPresent();
        includeUsage = streamOptions.flatMap(given -> given.findFlag("include_usage"));
        count = fields.findCount("n", COUNT_MAX);
        presencePenalty = fields.findNumber("presence_penalty");
        frequencyPenalty = fields.findNumber("frequency_penalty");
        temperature = fields.findNumber("temperature");
        topP = fields.findNumber("top_p");
        logprobs = fields.flag("logprobs");
        topLogprobs = fields.findCount("top_logprobs", SamplingRules.LOGPROBS_MAX);
        tokensMax = fields.findCount("max_tokens", SamplingRules.TOKENS_MAX);
        seed = fields.findCount("seed", SamplingRules.SEED_MAX);
        fields.findFlag("parallel_tool_calls");
    }

    /// @throws RequestException if the request is refused
    public static ConvertedRequest convert(String body, ConversionOptions options) {
        return convert(Bodies.parse(body), options);
    }

    /// @throws RequestException if the request is refused
    public static ConvertedRequest convert(JsonNode body, ConversionOptions options) {
        Fields fields = Fields.of(body, "");
        return new ChatCompletionsRequest(fields, options).convert(options);
    }

    private ConvertedRequest convert(ConversionOptions options) {
        Bodies.checkModel(model, options);
        for (int i = 0; i < tools.size(); i++) {
            Tools.checkName(tools.get(i).name(), "tools[" + i + "].function.name");
        }
        Thinking thought = Thinking.of(thinking, effort, options.thinkingByDefault());
        ChatMessages checked = new ChatMessages(messages, options, thought.on());
        checked.checkHistory(!tools.isEmpty(), format.format() instanceof ResponseFormat.JsonObject);
        List<Message> conversation = checked.convert();
        if (format.format() instanceof ResponseFormat.JsonObject && !Bodies.mentionsJson(conversation)) {
            throw new RequestException(
                    "Prompt must contain the word 'json' in some form to use 'response_format' of type 'json_object'.");
        }
        Tools.checkUnique(tools, "Tool names must be unique.");
        List<Declared> schemas = Tools.checkSchemas(tools);
        Tools.checkChoice(toolChoice, schemas, thought.on());
        SamplingRules.checkStop(stop, stopIsArray);
        if (hasStreamOptions && !stream) {
            throw new RequestException("stream_options should be set along with stream = true");
        }
        List<Declared> offered = Tools.chosen(toolChoice, schemas);
        Optional<OutputConstraint> wanted = Bodies.constraint(format.format(), format.strict());
        OptionalLong seedChecked = checkSampling();
        return new ConvertedRequest(
                model.orElse(""),
                new ChatRequest(
                        conversation,
                        offered.stream().map(Declared::toTool).toList(),
                        Tools.effective(toolChoice, tools),
                        thought.on(),
                        thought.effort(),
                        format.format(),
                        Map.of()),
                checked.images(),
                SamplingRules.sampling(
                        options.version(),
                        thought.on(),
                        !offered.isEmpty(),
                        temperature,
                        topP,
                        logprobs,
                        topLogprobs,
                        seedChecked),
                SamplingRules.checkTokensMax(tokensMax, options.tokensMax(thought.on())),
                offered.isEmpty() ? wanted : Optional.of(Tools.constraint(toolChoice, offered)),
                format.format() instanceof ResponseFormat.JsonObject,
                stop,
                stream,
                includeUsage.orElse(false));
    }

    private OptionalLong checkSampling() {
        if (count.orElse(1) != 1) {
            throw new RequestException("Invalid n value (currently only n = 1 is supported)");
        }
        SamplingRules.checkPenalty(presencePenalty, "presence_penalty");
        SamplingRules.checkPenalty(frequencyPenalty, "frequency_penalty");
        SamplingRules.checkTemperature(temperature);
        SamplingRules.checkTopP(topP);
        SamplingRules.checkTopLogprobs(topLogprobs);
        if (topLogprobs.isPresent() && !logprobs) {
            throw new RequestException("Invalid top_logprobs and logprobs value, logprobs must be set to true if"
                    + " top_logprobs is used.");
        }
        return SamplingRules.checkSeed(seed);
    }

    private static Declared tool(Fields tool) {
        tool.choice("type", Map.of("function", true));
        Fields function = tool.object("function");
        return new Declared(
                function.string("name"),
                function.findString("description"),
                function.find("parameters"),
                function.findFlag("strict"),
                false,
                function.node());
    }

    private static ToolChoice toolChoice(Fields fields) {
        Optional<JsonNode> given = fields.find("tool_choice");
        if (given.isEmpty()) {
            return new ToolChoice.Auto();
        }
        if (given.get().isObject()) {
            Fields choice = fields.object("tool_choice");
            choice.choice("type", Map.of("function", true));
            return new ToolChoice.Named(choice.object("function").string("name"));
        }
        return fields.choice("tool_choice", Tools.CHOICES);
    }

    private static Format format(Fields format) {
        return switch (format.choice("type", Fields.names("text", "json_object", "json_schema", "regex"))) {
            case "json_object" -> new Format(new ResponseFormat.JsonObject(), false);
            case "regex" -> new Format(new ResponseFormat.Regex(format.string("regex")), false);
            case "json_schema" -> {
                Fields given = format.object("json_schema");
                yield new Format(new ResponseFormat.JsonSchema(given.get("schema")), given.flag("strict"));
            }
            default -> Format.TEXT;
        };
    }
}
