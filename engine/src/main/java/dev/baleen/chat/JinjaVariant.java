package dev.baleen.chat;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.baleen.jinja.JinjaException;
import dev.baleen.jinja.Template;
import dev.baleen.tokenizer.ControlTokens;
import java.util.Optional;

/// One template of a model, and what was found out about it.
final class JinjaVariant {
    private static final String NO_THOUGHTS = "\n" + ControlTokens.END_OF_THINKING + "\n\n";

    private final String source;
    private final Template template;
    private final SpecialTokens tokens;
    /// Found out when first asked for; whoever asks at the same time finds the same.
    private volatile Optional<CallStyle> style = Optional.empty();

    private volatile Optional<Boolean> switches = Optional.empty();

    /// @throws JinjaException if the source is no template
    JinjaVariant(String source, SpecialTokens tokens) {
        this.source = source;
        this.template = Template.parse(source);
        this.tokens = tokens;
    }

    String source() {
        return source;
    }

    /// The variables stay as they are; the model's tokens are there besides.
    ///
    /// @throws JinjaException if the template fails or refuses them
    String render(ObjectNode variables) {
        ObjectNode all = JsonNodeFactory.instance.objectNode();
        tokens.putInto(all);
        return template.render(all.setAll(variables));
    }

    /// How it wants to be told of calls of tools.
    CallStyle callStyle() {
        Optional<CallStyle> known = style;
        if (known.isEmpty()) {
            known = Optional.of(CallStyle.of(messages -> render(variables(messages))));
            style = known;
        }
        return known.get();
    }

    private static ObjectNode variables(ArrayNode messages) {
        ObjectNode variables = JsonNodeFactory.instance.objectNode();
        variables.set("messages", messages);
        return variables.putNull("tools").put("add_generation_prompt", true);
    }

    /// Whether it asks if the model is to think.
    private boolean switchesThinking() {
        Optional<Boolean> known = switches;
        if (known.isEmpty()) {
            known = Optional.of(!question(true).equals(question(false)));
            switches = known;
        }
        return known.get();
    }

    private Optional<String> question(boolean thinking) {
        ArrayNode messages = JsonNodeFactory.instance.arrayNode();
        messages.addObject().put("role", "user").put("content", "question");
        ObjectNode variables = variables(messages);
        JinjaVariables.SWITCHES.forEach(name -> variables.put(name, thinking));
        try {
            return Optional.of(render(variables));
        } catch (JinjaException e) {
            return Optional.empty();
        }
    }

    /// A rendered prompt with its thoughts begun, or begun and ended, if the template leaves that to the model.
    ///
    /// The first templates of DeepSeek-R1 end after the assistant's mark; the publisher asks that thoughts be
    /// forced then, since the model would skip them now and then. Empty thoughts keep such a model from thinking.
    String withThoughts(String rendered, boolean thinking) {
        boolean reasons = source.contains(ControlTokens.END_OF_THINKING);
        if (!reasons || switchesThinking()) {
            return rendered;
        }
        if (rendered.endsWith(ControlTokens.ASSISTANT)) {
            return rendered + ControlTokens.THINK + (thinking ? "\n" : "\n" + NO_THOUGHTS);
        }
        boolean open = rendered.stripTrailing().endsWith(ControlTokens.THINK);
        return open && !thinking ? rendered + NO_THOUGHTS : rendered;
    }
}
