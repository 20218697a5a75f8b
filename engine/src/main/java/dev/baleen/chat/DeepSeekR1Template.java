package dev.baleen.chat;

import dev.baleen.tokenizer.ControlTokens;
import java.util.List;
import java.util.stream.Collectors;

/// DeepSeek-R1's layout, as its published template writes it.
///
///     {BOS}{system}<｜User｜>{u}<｜Assistant｜>{a}<｜end▁of▁sentence｜><｜User｜>{u}<｜Assistant｜><think>\n
///
/// System messages come first, wherever they stood, joined by a blank line. Of the assistant's turns only the answer
/// is kept, not the thoughts: neither those of [Message#reasoning()] nor what stands before a `</think>` in the
/// content. Without thinking the thoughts are forced to be empty. Calls of tools follow the words of their turn,
/// results follow the turn that made them, and the answer to them follows without a new mark, as the model was
/// trained.
public final class DeepSeekR1Template implements ChatTemplate {
    private static final String OUTPUTS_BEGIN = "<｜tool▁outputs▁begin｜>";
    private static final String OUTPUTS_END = "<｜tool▁outputs▁end｜>";
    private static final String OUTPUT_BEGIN = "<｜tool▁output▁begin｜>";
    private static final String OUTPUT_END = "<｜tool▁output▁end｜>";

    @Override
    public ToolCallFormat toolCalls() {
        return ToolCallFormat.DEEPSEEK_R1;
    }

    @Override
    public Prompt render(ChatRequest request) {
        List<Message> messages = request.messages();
        Prompt.Builder prompt = new Prompt.Builder().mark(ControlTokens.BEGIN).text(systemText(messages));
        boolean afterTool = false;
        boolean callsBegan = false;
        boolean outputsBegan = false;
        for (Message message : messages) {
            switch (message.role()) {
                // The published template has no place for the latter two either.
                case SYSTEM, DEVELOPER, LATEST_REMINDER -> {}
                case USER -> {
                    prompt.mark(ControlTokens.USER).text(message.content());
                    afterTool = false;
                }
                case ASSISTANT -> {
                    if (message.toolCalls().isEmpty()) {
                        prompt.mark(afterTool ? OUTPUTS_END : ControlTokens.ASSISTANT)
                                .text(answer(message.content(), afterTool));
                    } else {
                        writeCalls(prompt, message, callsBegan);
                        callsBegan = true;
                    }
                    if (message.prefix() && message == messages.getLast()) {
                        return prompt.build(AnswerStart.CONTENT_CONTINUED);
                    }
                    prompt.mark(ControlTokens.END);
                    afterTool = false;
                }
                case TOOL -> {
                    if (!outputsBegan) {
                        prompt.mark(OUTPUTS_BEGIN);
                        outputsBegan = true;
                    }
                    prompt.mark(OUTPUT_BEGIN).text(message.content()).mark(OUTPUT_END);
                    afterTool = true;
                }
            }
        }
        return afterTool
                ? prompt.mark(OUTPUTS_END).build(false)
                : begin(prompt, request.thinking()).build(request.thinking());
    }

    /// Only the first calls of a conversation have a mark of their turn and its words before them: the published
    /// template forgets to begin anew.
    private static void writeCalls(Prompt.Builder prompt, Message message, boolean callsBegan) {
        boolean isFirst = !callsBegan;
        for (ToolCall call : message.toolCalls()) {
            if (isFirst) {
                prompt.mark(ControlTokens.ASSISTANT).text(message.content()).mark(DeepSeekCalls.CALLS_BEGIN);
            } else {
                prompt.text("\n");
            }
            isFirst = false;
            prompt.mark(DeepSeekCalls.CALL_BEGIN)
                    .text("function")
                    .mark(DeepSeekCalls.SEPARATOR)
                    .text(call.name() + "\n```json\n" + call.arguments() + "\n```")
                    .mark(DeepSeekCalls.CALL_END);
        }
        prompt.mark(DeepSeekCalls.CALLS_END);
    }

    private static Prompt.Builder begin(Prompt.Builder prompt, boolean thinking) {
        prompt.mark(ControlTokens.ASSISTANT).mark(ControlTokens.THINK).text("\n");
        return thinking
                ? prompt
                : prompt.text("\n").mark(ControlTokens.END_OF_THINKING).text("\n\n");
    }

    private static String systemText(List<Message> messages) {
        return messages.stream()
                .filter(message -> message.role() == Role.SYSTEM)
                .map(Message::content)
                .collect(Collectors.joining("\n\n"));
    }

    private static String answer(String content, boolean afterTool) {
        int end = content.lastIndexOf(ControlTokens.END_OF_THINKING);
        return end < 0 || afterTool ? content : content.substring(end + ControlTokens.END_OF_THINKING.length());
    }
}
