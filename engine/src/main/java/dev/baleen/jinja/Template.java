package dev.baleen.jinja;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Clock;
import java.util.List;
import java.util.Map;

/// A template, read once and rendered any number of times, by any number of threads.
///
///     Template.parse("Hello {{ name }}!").render(variables)
public final class Template {
    private final Source source;
    private final List<Statement> statements;

    private Template(Source source, List<Statement> statements) {
        this.source = source;
        this.statements = statements;
    }

    /// @throws JinjaException if the text is no template
    public static Template parse(String text) {
        if (text.length() > Source.CHARACTERS_MAX) {
            String problem = "a template of %,d characters is longer than the %,d that are allowed"
                    .formatted(text.length(), Source.CHARACTERS_MAX);
            throw new JinjaException(problem, new Source.Place(1, 1), false);
        }
        Source source = Source.of(text);
        try {
            return new Template(source, Parser.parse(source));
        } catch (Misread e) {
            throw new JinjaException(e.getMessage(), source.place(e.position()), false);
        }
    }

    /// @param variables what the template's names mean; a name that is not among them is undefined, and one that is
    ///     null is `none`
    /// @throws JinjaException if the template fails, refuses its variables, or takes more time or memory than any
    ///     chat template needs
    public String render(ObjectNode variables) {
        return render(variables, Clock.systemDefaultZone());
    }

    /// As above, at the time that the clock tells.
    public String render(ObjectNode variables, Clock clock) {
        InputSize size = InputSize.of(variables);
        Budget budget = new Budget(size.characters(), size.elements());
        Evaluator evaluator = new Evaluator(budget);
        try {
            Scope globals = Scope.outermost();
            Functions.define(globals, budget, clock);
            for (Map.Entry<String, JsonNode> variable : variables.properties()) {
                globals.set(variable.getKey(), JsonValues.of(variable.getValue()));
            }
            return evaluator.render(statements, globals.inner());
        } catch (Fault e) {
            throw new JinjaException(e.getMessage(), source.place(evaluator.position()), e.raisedByTemplate());
        }
    }

    /// How much there is in the variables.
    private record InputSize(long characters, long elements) {
        static InputSize of(JsonNode node) {
            long characters = node.isTextual() ? node.textValue().length() : 0;
            long elements = 1;
            for (JsonNode child : node) {
                InputSize size = of(child);
                characters += size.characters;
                elements += size.elements;
            }
            return new InputSize(characters, elements);
        }
    }
}
