package dev.baleen.chat;

import dev.baleen.chat.Content.Image;
import dev.baleen.chat.Content.Text;
import dev.baleen.chat.Content.ToolSchemas;
import dev.baleen.tokenizer.ControlTokens;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;

/// The layouts of DeepSeek-V4 and V4.1, which have no template in Jinja.
///
///     V4    {BOS}{effort}{all system messages}{tools}{format}<｜User｜>{u}<｜Assistant｜><think>
///     V4.1  {BOS}<｜System｜>{effort}{first system message}{tools}{format}<｜User｜>{u}<｜System｜>{s}<｜Assistant｜><think>
///
/// - Neighbouring messages of users and tools share one `<｜User｜>`.
/// - V4 orders calls of tools and their results by the calls' ids, as text; V4.1 leaves calls as they are and orders
///   results by them.
/// - V4 moves system messages to the front, V4.1 leaves all but the first where they stand.
/// - Thoughts of the past are kept where tools are offered, and dropped otherwise; those that an answer is to begin
///   with ([Message#prefix()]) are kept.
/// - A call that has to be made is begun by the prompt, without thoughts.
public final class DeepSeekV4Template implements ChatTemplate {
    /// The members of the family.
    public enum Version {
        V4(Dsml.V4),
        V4_1(Dsml.V4_1);

        private final Dsml dsml;

        Version(Dsml dsml) {
            this.dsml = dsml;
        }
    }

    private static final String SYSTEM = "<｜System｜>";
    private static final String REMINDER = "<｜latest_reminder｜>";
    private static final String IMAGE = "<｜image｜>";
    private static final String BLANK_LINE = "\n\n";

    private static final Comparator<ToolCall> BY_ID =
            Comparator.comparing(call -> call.id().getBytes(StandardCharsets.UTF_8), Arrays::compareUnsigned);

    private final Version version;

    public DeepSeekV4Template(Version version) {
        this.version = version;
    }

    public Version version() {
        return version;
    }

    @Override
    public ToolCallFormat toolCalls() {
        return ToolCallFormat.DSML;
    }

    @Override
    public Prompt render(ChatRequest request) {
        List<Message> messages = request.messages();
        Prompt.Builder prompt = new Prompt.Builder().mark(ControlTokens.BEGIN);
        int first = writeHead(prompt, request);
        boolean userOpen = false;
        for (int i = first; i < messages.size(); i++) {
            Message message = messages.get(i);
            boolean leaves = false;
            switch (message.role()) {
                case SYSTEM, DEVELOPER -> {
                    if (isUser(message)) {
                        writeUser(prompt, message, userOpen);
                        leaves = true;
                    } else if (version == Version.V4) {
                        leaves = userOpen; // It stands in the head already.
                    } else {
                        writeContent(prompt.mark(SYSTEM), message);
                    }
                }
                case USER -> {
                    writeUser(prompt, message, userOpen);
                    leaves = true;
                }
                case TOOL -> {
                    int end = endOfResults(messages, i);
                    writeResults(prompt, messages, i, end, userOpen);
                    i = end - 1;
                    leaves = true;
                }
                case LATEST_REMINDER -> writeContent(prompt.mark(REMINDER), message);
                case ASSISTANT -> {
                    writeAssistant(prompt, request, message);
                    if (isPrefix(messages, i)) {
                        return prompt.build(startOfContinuation(request, message));
                    }
                    prompt.mark(ControlTokens.END);
                }
            }
            userOpen = leaves;
        }
        return begin(prompt.mark(ControlTokens.ASSISTANT), request);
    }

    private Prompt begin(Prompt.Builder prompt, ChatRequest request) {
        if (!request.forcesCall()) {
            return prompt.mark(request.thinking() ? ControlTokens.THINK : ControlTokens.END_OF_THINKING)
                    .build(request.thinking() ? AnswerStart.THOUGHTS : AnswerStart.CONTENT);
        }
        if (request.thinking()) {
            throw new IllegalArgumentException(
                    "A call of a tool cannot be forced while the model thinks; turn thinking off, or leave the choice");
        }
        return prompt.mark(ControlTokens.END_OF_THINKING)
                .layout(BLANK_LINE + version.dsml.opening() + "\n", Dsml.MARKS)
                .build(AnswerStart.TOOL_CALLS);
    }

    /// What stands before the turns; gives the index of the first message that is not in it.
    private int writeHead(Prompt.Builder prompt, ChatRequest request) {
        List<Message> messages = request.messages();
        if (messages.isEmpty() && version == Version.V4_1) {
            return 0;
        }
        Prompt.Builder head = new Prompt.Builder();
        if (request.thinking()) {
            head.text(effort(request.effort()));
        }
        int first = 0;
        switch (version) {
            case V4 ->
                head.text(messages.stream()
                        .filter(message -> message.role() == Role.SYSTEM)
                        .map(Message::content)
                        .filter(content -> !content.isEmpty())
                        .collect(Collectors.joining(BLANK_LINE)));
            case V4_1 -> {
                // An empty one at the beginning gives its place to the next.
                while (first < messages.size() && isSystem(messages.get(first)) && isEmpty(messages.get(first))) {
                    first++;
                }
                if (first < messages.size() && isSystem(messages.get(first))) {
                    writeContent(head, messages.get(first));
                    first++;
                }
            }
        }
        writeTools(head, request.offeredTools());
        head.text(format(request.responseFormat()));
        List<Prompt.Part> parts = head.build(AnswerStart.CONTENT).parts();
        if (version == Version.V4_1 && !parts.isEmpty()) {
            prompt.mark(SYSTEM);
        }
        prompt.append(parts);
        return first;
    }

    private boolean isSystem(Message message) {
        return message.role() == Role.SYSTEM || message.role() == Role.DEVELOPER;
    }

    private static boolean isEmpty(Message message) {
        return message.parts().stream().allMatch(part -> part instanceof Text(String text) && text.isEmpty());
    }

    /// V4 takes what a developer says as said by a user.
    private boolean isUser(Message message) {
        return message.role() == Role.USER || message.role() == Role.DEVELOPER && version == Version.V4;
    }

    private void writeUser(Prompt.Builder prompt, Message message, boolean userOpen) {
        openUser(prompt, userOpen);
        writeContent(prompt, message);
    }

    private static void openUser(Prompt.Builder prompt, boolean userOpen) {
        if (userOpen) {
            prompt.text(BLANK_LINE);
        } else {
            prompt.mark(ControlTokens.USER);
        }
    }

    private static int endOfResults(List<Message> messages, int from) {
        int end = from;
        while (end < messages.size() && messages.get(end).role() == Role.TOOL) {
            end++;
        }
        return end;
    }

    private void writeResults(Prompt.Builder prompt, List<Message> messages, int from, int end, boolean userOpen) {
        List<String> calls = from == 0
                ? List.of()
                : inOrder(messages.get(from - 1).toolCalls()).stream()
                        .map(ToolCall::id)
                        .toList();
        List<Message> results = messages.subList(from, end).stream()
                .sorted(Comparator.comparingInt(result -> calls.indexOf(result.toolCallId())))
                .toList();
        boolean open = userOpen;
        for (Message result : results) {
            openUser(prompt, open);
            prompt.text("<tool_result>");
            writeContent(prompt, result);
            prompt.text("</tool_result>");
            open = true;
        }
    }

    private List<ToolCall> inOrder(List<ToolCall> calls) {
        return switch (version) {
            case V4 -> calls.stream().sorted(BY_ID).toList();
            case V4_1 -> calls;
        };
    }

    private void writeAssistant(Prompt.Builder prompt, ChatRequest request, Message message) {
        prompt.mark(ControlTokens.ASSISTANT);
        if (showsThoughts(request, message)) {
            prompt.mark(ControlTokens.THINK).text(message.reasoning());
            if (message.prefix() && message.content().isEmpty()) {
                return; // The thought is to be gone on with.
            }
        }
        prompt.mark(ControlTokens.END_OF_THINKING);
        writeContent(prompt, message);
        if (!message.toolCalls().isEmpty()) {
            prompt.text(BLANK_LINE);
            version.dsml.write(prompt, inOrder(message.toolCalls()));
        }
    }

    private boolean showsThoughts(ChatRequest request, Message message) {
        if (!request.thinking()) {
            return false;
        }
        if (!request.offeredTools().isEmpty()) {
            return true;
        }
        return message.prefix()
                && (version == Version.V4 || request.messages().stream().anyMatch(this::isUser));
    }

    private static boolean isPrefix(List<Message> messages, int at) {
        return at == messages.size() - 1 && messages.get(at).prefix();
    }

    private static AnswerStart startOfContinuation(ChatRequest request, Message prefix) {
        if (!request.thinking()) {
            return AnswerStart.CONTENT;
        }
        if (!prefix.content().isEmpty()) {
            return AnswerStart.CONTENT_CONTINUED;
        }
        return prefix.reasoning().isEmpty() ? AnswerStart.THOUGHTS : AnswerStart.THOUGHTS_CONTINUED;
    }

    private void writeContent(Prompt.Builder prompt, Message message) {
        if (version == Version.V4) {
            prompt.text(message.content());
            return;
        }
        String between = "";
        for (Content part : message.parts()) {
            switch (part) {
                case Text(String text) -> prompt.text(between + text);
                case Image _ -> prompt.text(between).mark(IMAGE);
                case ToolSchemas(List<Tool> tools) ->
                    prompt.text(BLANK_LINE + "### Updated Tool Schemas" + BLANK_LINE + schemas(tools));
            }
            between = BLANK_LINE;
        }
    }

    private void writeTools(Prompt.Builder prompt, List<Tool> offered) {
        if (offered.isEmpty()) {
            return;
        }
        List<Tool> shown = version == Version.V4
                ? offered
                : offered.stream().filter(tool -> !tool.deferred()).toList();
        // What a tool's author wrote is ordinary text, however it is spelt.
        prompt.layout(version.dsml.spell(DeepSeekV4Texts.TOOLS), Dsml.MARKS)
                .text(schemas(shown))
                .text(DeepSeekV4Texts.TOOLS_END);
    }

    private String schemas(List<Tool> tools) {
        return tools.stream().map(this::schema).collect(Collectors.joining("\n"));
    }

    private String schema(Tool tool) {
        StringBuilder line = new StringBuilder("{\"name\": ");
        JsonText.quote(line, tool.name());
        line.append(", \"description\": ");
        JsonText.quote(line, tool.description());
        return line.append(", \"parameters\": ")
                .append(version.dsml.json(tool.parameters()))
                .append('}')
                .toString();
    }

    private String format(ResponseFormat format) {
        return switch (format) {
            case ResponseFormat.Text _, ResponseFormat.Regex _ -> "";
            case ResponseFormat.JsonObject _ ->
                version == Version.V4
                        ? DeepSeekV4Texts.JSON_OBJECT
                        : DeepSeekV4Texts.JSON_SCHEMA + "{\"type\": \"json_object\"}";
            case ResponseFormat.JsonSchema(var schema) -> DeepSeekV4Texts.JSON_SCHEMA + version.dsml.json(schema);
        };
    }

    private String effort(Effort effort) {
        return switch (version) {
            case V4 ->
                switch (effort) {
                    case LOW -> "";
                    case HIGH, XHIGH -> DeepSeekV4Texts.EFFORT_HIGH;
                    case MAX -> DeepSeekV4Texts.EFFORT_MAX;
                };
            case V4_1 ->
                DeepSeekV4Texts.EFFORT_NUMBER.formatted(
                        switch (effort) {
                            case LOW -> 50;
                            case HIGH, XHIGH -> 75;
                            case MAX -> 100;
                        });
        };
    }
}
