package dev.baleen.chat;

import dev.baleen.tokenizer.ControlTokens;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// The layout of DeepSeek-V3.2, as the encoder does it that is published with the weights (`encoding_dsv32.py`, and
/// the prompts that its tests expect).
///
///     {BOS}{system}{tools}{format}<｜User｜>{u}<｜Assistant｜><think>{thoughts}</think>{calls}{EOS}
///
///     <function_results>
///     <result>…</result>
///     </function_results>
///
///     <think>{thoughts}</think>{answer}{EOS}
///
/// - System messages stay where they stand. Tools and format join the one that comes first, or an empty one.
/// - Thoughts are kept after the last user turn and dropped before it. A turn without thoughts begins with
///   `</think>`.
/// - Developers speak to search agents: their turns are a user's with a heading; while the model thinks, only the
///   last one is kept.
/// - An answer that follows results of tools begins without a new mark.
public final class DeepSeekV32Template implements ChatTemplate {
    private static final String BLANK_LINE = "\n\n";

    private static final String TOOLS = """


            ## Tools

            You have access to a set of tools you can use to answer the user's question.
            You can invoke functions by writing a "<{block}>" block like the following as part of your reply to the \
            user:
            <{block}>
            <{dsml}invoke name="$FUNCTION_NAME">
            <{dsml}parameter name="$PARAMETER_NAME" string="true|false">$PARAMETER_VALUE</{dsml}parameter>
            ...
            </{dsml}invoke>
            <{dsml}invoke name="$FUNCTION_NAME2">
            ...
            </{dsml}invoke>
            </{block}>

            String and scalar parameters should be specified as is without any escaping or quotes, while lists and \
            objects should use JSON format. The "string" attribute should be set to "true" for string type parameters \
            and "false" for other types (numbers, booleans, arrays, objects).

            If the thinking_mode is enabled, then after function results you should strongly consider outputting a \
            thinking block. Here is an example:

            <{block}>
            ...
            </{block}>

            <function_results>
            ...
            </function_results>

            <think>...thinking about results</think>

            Here are the functions available in JSONSchema format:
            <functions>
            """;

    private static final String TOOLS_END = """

            </functions>
            """;

    private static final String FORMAT = """


            ## Response Format:

            You MUST strictly adhere to the following schema to reply:
            """;

    private static final Dsml DSML = Dsml.V3_2;

    @Override
    public ToolCallFormat toolCalls() {
        return ToolCallFormat.DSML;
    }

    @Override
    public Prompt render(ChatRequest request) {
        List<Message> messages = kept(request);
        int lastUser = lastUser(messages);
        Prompt.Builder prompt = new Prompt.Builder().mark(ControlTokens.BEGIN);
        boolean systemFirst =
                !request.messages().isEmpty() && request.messages().getFirst().role() == Role.SYSTEM;
        if (!systemFirst) {
            writeAdditions(prompt, request);
        }
        AnswerStart start = AnswerStart.EITHER;
        for (int i = 0; i < messages.size(); i++) {
            Message message = messages.get(i);
            boolean thinks = request.thinking() && i >= lastUser;
            switch (message.role()) {
                case SYSTEM -> {
                    prompt.text(message.content());
                    if (i == 0 && systemFirst) {
                        writeAdditions(prompt, request);
                    }
                }
                case USER, DEVELOPER -> {
                    prompt.mark(ControlTokens.USER)
                            .text(message.role() == Role.USER ? "" : BLANK_LINE + "# The user's message is: ")
                            .text(message.content())
                            .mark(ControlTokens.ASSISTANT);
                    start = begin(prompt, thinks);
                }
                case TOOL -> {
                    int end = writeResults(prompt, messages, i);
                    prompt.text(BLANK_LINE);
                    start = begin(prompt, request.thinking() && end > lastUser);
                    i = end - 1;
                }
                case ASSISTANT -> {
                    start = AnswerStart.EITHER;
                    if (thinks) {
                        prompt.text(message.reasoning());
                        if (isOpenThought(messages, i)) {
                            return prompt.build(AnswerStart.THOUGHTS_CONTINUED);
                        }
                        prompt.mark(ControlTokens.END_OF_THINKING);
                    }
                    prompt.text(message.content());
                    if (!message.toolCalls().isEmpty()) {
                        prompt.text(BLANK_LINE);
                        DSML.write(prompt, message.toolCalls());
                    }
                    if (message.prefix() && i == messages.size() - 1) {
                        return prompt.build(AnswerStart.CONTENT_CONTINUED);
                    }
                    prompt.mark(ControlTokens.END);
                }
                case LATEST_REMINDER ->
                    throw new IllegalArgumentException("DeepSeek-V3.2's layout has no place for a message of the role"
                            + " latest_reminder; say it in a system message");
            }
        }
        return forced(prompt, request, start);
    }

    /// A call that has to be made is begun, where the model does not think: our own addition, in the way of V4.
    private static Prompt forced(Prompt.Builder prompt, ChatRequest request, AnswerStart start) {
        return request.forcesCall() && start == AnswerStart.CONTENT
                ? prompt.layout(BLANK_LINE + DSML.opening() + "\n", Dsml.MARKS).build(AnswerStart.TOOL_CALLS)
                : prompt.build(start);
    }

    private static AnswerStart begin(Prompt.Builder prompt, boolean thinks) {
        prompt.mark(thinks ? ControlTokens.THINK : ControlTokens.END_OF_THINKING);
        return thinks ? AnswerStart.THOUGHTS : AnswerStart.CONTENT;
    }

    /// What a developer said before the last turn is not shown to a model that thinks.
    private static List<Message> kept(ChatRequest request) {
        List<Message> messages = request.messages();
        int lastUser = lastUser(messages);
        if (!request.thinking()) {
            return messages;
        }
        return IntStream.range(0, messages.size())
                .filter(i -> i >= lastUser || messages.get(i).role() != Role.DEVELOPER)
                .mapToObj(messages::get)
                .toList();
    }

    private static int lastUser(List<Message> messages) {
        for (int i = messages.size() - 1; i >= 0; i--) {
            Role role = messages.get(i).role();
            if (role == Role.USER || role == Role.DEVELOPER) {
                return i;
            }
        }
        return -1;
    }

    private static void writeAdditions(Prompt.Builder prompt, ChatRequest request) {
        List<Tool> tools = request.offeredTools();
        if (!tools.isEmpty()) {
            prompt.layout(DSML.spell(TOOLS), Dsml.MARKS)
                    .text(tools.stream()
                            .map(tool -> DSML.json(tool.declaration()))
                            .collect(Collectors.joining("\n")))
                    .text(TOOLS_END);
        }
        prompt.text(
                switch (request.responseFormat()) {
                    case ResponseFormat.Text _, ResponseFormat.Regex _ -> "";
                    case ResponseFormat.JsonObject _ -> FORMAT + "{\"type\": \"json_object\"}";
                    case ResponseFormat.JsonSchema(var schema) -> FORMAT + DSML.json(schema);
                });
    }

    /// Results stand in the order in which they were given; tells where they end.
    private static int writeResults(Prompt.Builder prompt, List<Message> messages, int from) {
        int end = from;
        prompt.text(BLANK_LINE + "<function_results>");
        while (end < messages.size() && messages.get(end).role() == Role.TOOL) {
            prompt.text("\n<result>" + messages.get(end).content() + "</result>");
            end++;
        }
        prompt.text("\n</function_results>");
        return end;
    }

    private static boolean isOpenThought(List<Message> messages, int at) {
        Message message = messages.get(at);
        return message.prefix()
                && at == messages.size() - 1
                && message.content().isEmpty();
    }
}
