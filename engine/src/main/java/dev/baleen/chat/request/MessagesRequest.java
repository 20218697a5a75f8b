package dev.baleen.chat.request;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import dev.baleen.chat.ChatRequest;
import dev.baleen.chat.DeepSeekV4Template.Version;
import dev.baleen.chat.Effort;
import dev.baleen.chat.Message;
import dev.baleen.chat.ResponseFormat;
import dev.baleen.chat.ToolChoice;
import dev.baleen.chat.request.Tools.Declared;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/// The body of a request to Anthropic's Messages. Unknown fields are ignored, and so are some known ones, as DeepSeek's
/// service does: the budget of thinking, `top_k`, whether a result is an error.
public final class MessagesRequest {
    /// A text by which some clients tell who pays; not for the model.
    private static final String BILLING = "x-anthropic-billing-header";

    private final Optional<String> model;
    private final List<String> system;
    private final List<MessagesHistory.Given> messages;
    private final List<GivenTool> tools;
    private final ToolChoice toolChoice;
    private final Optional<Boolean> thinking;
    private final Optional<Optional<Effort>> effort;
    private final List<String> stop;
    private final boolean stream;
    private final Optional<Float> temperature;
    private final Optional<Float> topP;
    private final Optional<BigInteger> tokensMax;

    /// @param serverType of a tool that the server is to run; empty for the caller's own
    private record GivenTool(String serverType, Declared tool) {}

    private MessagesRequest(Fields fields, ConversionOptions options) {
        model = Bodies.model(fields, options);
        system = system(fields);
        messages = MessagesHistory.read(fields.objects("messages"));
        tools = fields.findObjects("tools").orElse(List.of()).stream()
                .map(MessagesRequest::tool)
                .toList();
        toolChoice = fields.findObject("tool_choice")
                .map(MessagesRequest::toolChoice)
                .orElse(new ToolChoice.Auto());
        thinking = Thinking.findSwitch(fields);
        effort = fields.findObject("output_config").flatMap(config -> Thinking.findEffort(config, "effort"));
        stop = fields.findStrings("stop_sequences").orElse(List.of());
        stream = fields.flag("stream");
        temperature = fields.findNumber("temperature");
        topP = fields.findNumber("top_p");
        tokensMax = fields.findCount("max_tokens", SamplingRules.TOKENS_MAX);
        fields.findObject("metadata").ifPresent(metadata -> metadata.findString("user_id"));
    }

    /// @throws RequestException if the request is refused
    public static ConvertedRequest convert(String body, ConversionOptions options) {
        return convert(Bodies.parse(body), options);
    }

    /// @throws RequestException if the request is refused
    public static ConvertedRequest convert(JsonNode body, ConversionOptions options) {
        return new MessagesRequest(Fields.of(body, ""), options).convert(options);
    }

    private ConvertedRequest convert(ConversionOptions options) {
        Bodies.checkModel(model, options);
        List<Declared> declared = checkTools(options);
        Thinking thought = Thinking.of(thinking, effort, options.thinkingByDefault());
        MessagesHistory history = new MessagesHistory(messages, declared, options, thought.on());
        List<Message> conversation = new ArrayList<>();
        if (!system.isEmpty()) {
            conversation.add(MessagesHistory.system(system));
        }
        conversation.addAll(history.convert());
        Tools.checkChoice(toolChoice, declared, thought.on());
        SamplingRules.checkStop(stop, true);
        SamplingRules.checkTemperature(temperature);
        SamplingRules.checkTopP(topP);
        List<Declared> offered = Tools.chosen(toolChoice, declared);
        // More than there may be is lowered, not refused: clients ask for what Anthropic's models can.
        int most = options.tokensMax(thought.on());
        Optional<BigInteger> asked = tokensMax.map(tokens -> tokens.min(BigInteger.valueOf(most)));
        return new ConvertedRequest(
                model.orElse(""),
                new ChatRequest(
                        conversation,
                        offered.stream().map(Declared::toTool).toList(),
                        Tools.effective(toolChoice, declared),
                        thought.on(),
                        thought.effort(),
                        new ResponseFormat.Text(),
                        Map.of()),
                history.images(),
                SamplingRules.sampling(
                        options.version(),
                        thought.on(),
                        !offered.isEmpty(),
                        temperature,
                        topP,
                        false,
                        OptionalInt.empty(),
                        OptionalLong.empty()),
                SamplingRules.checkTokensMax(asked, most),
                offered.isEmpty() ? Optional.empty() : Optional.of(Tools.constraint(toolChoice, offered)),
                false,
                stop,
                stream,
                false);
    }

    private List<Declared> checkTools(ConversionOptions options) {
        List<Declared> own = new ArrayList<>();
        for (int i = 0; i < tools.size(); i++) {
            GivenTool given = tools.get(i);
            if (given.serverType().isEmpty()) {
                Tools.checkName(given.tool().name(), "tools[" + i + "].name");
                own.add(options.version() == Version.V4 ? given.tool().withoutDeferral() : given.tool());
            } else if (!options.messagesDropWebSearch() || !given.serverType().startsWith("web_search")) {
                throw new RequestException("tools[%d]: server tools are not supported".formatted(i));
            }
        }
        Tools.checkUnique(own, "Tool names must be unique.");
        List<Declared> checked = Tools.checkSchemas(own);
        if (!checked.isEmpty() && checked.stream().allMatch(Declared::deferred)) {
            throw new RequestException(
                    "tools: at least one tool must have defer_loading=false. All tools cannot be deferred.");
        }
        return checked;
    }

    private static List<String> system(Fields fields) {
        Optional<JsonNode> given = fields.find("system");
        if (given.isEmpty()) {
            return List.of();
        }
        if (given.get().isTextual()) {
            return List.of(given.get().textValue());
        }
        List<String> texts = new ArrayList<>();
        for (Fields block : fields.objects("system")) {
            block.choice("type", Map.of("text", true));
            texts.add(block.string("text"));
        }
        if (!texts.isEmpty() && texts.getFirst().startsWith(BILLING)) {
            texts.removeFirst();
        }
        return texts;
    }

    private static GivenTool tool(Fields tool) {
        String serverType = tool.findString("type").orElse("");
        Declared declared = new Declared(
                serverType.isEmpty() ? tool.string("name") : "",
                tool.findString("description"),
                Optional.of(tool.find("input_schema").orElse(NullNode.getInstance())),
                Optional.empty(),
                tool.flag("defer_loading"),
                tool.node());
        return new GivenTool(serverType, declared);
    }

    /// `any` does not force a call.
    private static ToolChoice toolChoice(Fields choice) {
        Map<String, ToolChoice> types = new LinkedHashMap<>();
        types.put("auto", new ToolChoice.Auto());
        types.put("any", new ToolChoice.Auto());
        types.put("tool", new ToolChoice.Required());
        types.put("none", new ToolChoice.None());
        return switch (choice.choice("type", types)) {
            case ToolChoice.Required _ -> new ToolChoice.Named(choice.string("name"));
            case ToolChoice other -> other;
        };
    }
}
