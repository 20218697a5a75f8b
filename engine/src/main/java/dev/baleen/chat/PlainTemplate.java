package dev.baleen.chat;

import dev.baleen.tokenizer.ControlTokens;
import dev.baleen.tokenizer.Tokenizer;

/// A layout in words, for models that were never taught one: that of DeepSeek-LLM.
///
///     {BOS}{system}\n\nUser: {u}\n\nAssistant: {a}{EOS}User: {u}\n\nAssistant:
///
/// Results of tools are told as a user's words.
public final class PlainTemplate implements ChatTemplate {
    private final boolean begins;
    private final String end;

    /// @param tokenizer says whether there is a token that begins, and which ends
    public PlainTemplate(Tokenizer tokenizer) {
        begins = tokenizer.beginId().isPresent();
        end = tokenizer.endId().isPresent() ? tokenizer.token(tokenizer.endId().getAsInt()) : "\n\n";
    }

    @Override
    public Prompt render(ChatRequest request) {
        Prompt.Builder prompt = new Prompt.Builder();
        if (begins) {
            prompt.mark(ControlTokens.BEGIN);
        }
        for (Message message : request.messages()) {
            switch (message.role()) {
                case SYSTEM, DEVELOPER, LATEST_REMINDER -> prompt.text(message.content() + "\n\n");
                case USER, TOOL -> prompt.text("User: " + message.content() + "\n\n");
                case ASSISTANT -> {
                    prompt.text("Assistant: " + message.content());
                    if (message == request.messages().getLast() && message.prefix()) {
                        return prompt.build(AnswerStart.CONTENT_CONTINUED);
                    }
                    prompt.mark(end);
                }
            }
        }
        return prompt.text("Assistant:").build(AnswerStart.EITHER);
    }
}
