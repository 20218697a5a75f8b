package dev.baleen.chat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.baleen.jinja.JinjaException;
import dev.baleen.tokenizer.ControlTokens;
import dev.baleen.tokenizer.Tokenizer;
import java.util.List;
import java.util.Set;

/// The layout that a model's own Jinja template gives.
///
/// The text is that of the template to the byte, with one exception: where a template of a model that reasons neither
/// opens the thoughts nor asks whether to, they are opened for it. In it, what people and tools said is kept apart from
/// the marks.
public final class JinjaTemplate implements ChatTemplate {
    /// What an assistant's turn may spell: templates look for the end of thoughts in it.
    private static final Set<String> THOUGHTS = Set.of(ControlTokens.THINK, ControlTokens.END_OF_THINKING);

    private final JinjaVariant usual;
    private final JinjaVariant forTools;
    private final SpelledMarks marks;

    /// @param forTools where there are tools
    JinjaTemplate(JinjaVariant usual, JinjaVariant forTools, Tokenizer tokenizer) {
        this.usual = usual;
        this.forTools = forTools;
        marks = new SpelledMarks(tokenizer);
    }

    @Override
    public ToolCallFormat toolCalls() {
        return ToolCallFormat.ofTemplate(forTools.source());
    }

    @Override
    public Prompt render(ChatRequest request) {
        JinjaVariant variant = request.offeredTools().isEmpty() ? usual : forTools;
        ObjectNode variables = new JinjaVariables(variant.source(), variant::callStyle).of(request);
        char breaker = marks.breaker(variables, variant.source());
        String rendered = render(variant, broken(variables, breaker));
        if (JinjaVariables.continues(request.messages())) {
            return continued(rendered, request.messages(), breaker);
        }
        String text = variant.withThoughts(rendered, request.thinking());
        Prompt.Builder prompt = new Prompt.Builder();
        marks.write(text, breaker, prompt);
        return prompt.build(start(text));
    }

    private static String render(JinjaVariant variant, ObjectNode variables) {
        try {
            return variant.render(variables);
        } catch (JinjaException e) {
            throw new IllegalArgumentException(
                    "The model's chat template refuses the conversation: " + e.getMessage(), e);
        }
    }

    private ObjectNode broken(ObjectNode variables, char breaker) {
        ObjectNode broken = JsonNodeFactory.instance.objectNode();
        variables.properties().forEach(entry -> {
            if (entry.getKey().equals("messages")) {
                var messages = broken.putArray("messages");
                entry.getValue().forEach(message -> messages.add(brokenMessage(message, breaker)));
            } else {
                broken.set(entry.getKey(), marks.broken(entry.getValue(), breaker, Set.of()));
            }
        });
        return broken;
    }

    private JsonNode brokenMessage(JsonNode message, char breaker) {
        boolean assistant = message.path("role").asText().equals(Role.ASSISTANT.jsonName());
        ObjectNode broken = JsonNodeFactory.instance.objectNode();
        message.properties().forEach(entry -> {
            boolean answer = assistant && entry.getKey().equals("content");
            broken.set(entry.getKey(), marks.broken(entry.getValue(), breaker, answer ? THOUGHTS : Set.of()));
        });
        return broken;
    }

    /// A prompt that ends where the words of the last turn do, whatever the template writes behind them.
    private Prompt continued(String rendered, List<Message> messages, char breaker) {
        String words =
                marks.broken(messages.getLast().content(), breaker, THOUGHTS).strip();
        int at = rendered.lastIndexOf(words);
        if (words.isEmpty() || at < 0) {
            throw new IllegalArgumentException("The model's chat template does not write the words of the last message,"
                    + " so that they cannot be gone on with; ask without prefix");
        }
        String text = rendered.substring(0, at + words.length());
        Prompt.Builder prompt = new Prompt.Builder();
        marks.write(text, breaker, prompt);
        boolean thinking = text.lastIndexOf(ControlTokens.THINK) > text.lastIndexOf(ControlTokens.END_OF_THINKING);
        return prompt.build(thinking ? AnswerStart.THOUGHTS_CONTINUED : AnswerStart.CONTENT_CONTINUED);
    }

    private static AnswerStart start(String text) {
        String end = text.stripTrailing();
        if (end.endsWith(ControlTokens.THINK)) {
            return AnswerStart.THOUGHTS;
        }
        return end.endsWith(ControlTokens.END_OF_THINKING) ? AnswerStart.CONTENT : AnswerStart.EITHER;
    }
}
