package dev.baleen.chat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.baleen.jinja.JinjaException;
import dev.baleen.jinja.PythonJson;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/// The body of a request to Chat Completions, straight to a template's text: for people who compare implementations, or
/// write a template. Messages and tools reach the template as they are given, without a check.
///
/// Further variables come in `chat_template_kwargs`; `bos_token`, `eos_token`, `add_generation_prompt` and `documents`
/// may stand in the body too.
public final class TemplatePrompt {
    private final JinjaVariant usual;
    private final JinjaVariant forTools;
    /// Whether the text is what the model is given, and not just what Jinja renders.
    private final boolean served;

    private TemplatePrompt(JinjaVariant usual, JinjaVariant forTools, boolean served) {
        this.usual = usual;
        this.forTools = forTools;
        this.served = served;
    }

    /// A template in a file, as Jinja renders it.
    ///
    /// @throws ChatTemplateException if it is none
    public static TemplatePrompt ofFile(Path file) throws IOException {
        CarriedTemplates carried = CarriedTemplates.ofFile(file);
        JinjaVariant variant =
                ChatTemplates.parse(carried.usual().orElseThrow(), file.toString(), carried.tokens(), "mend it");
        return new TemplatePrompt(variant, variant, false);
    }

    /// The template that a model carries, and the text that the model is given; empty for a model without one.
    ///
    /// @throws ChatTemplateException if the template cannot be read
    public static Optional<TemplatePrompt> ofModel(Path path) throws IOException {
        return ChatTemplates.variants(path).map(both -> new TemplatePrompt(both.usual(), both.forTools(), true));
    }

    /// @throws IllegalArgumentException if the body is no request, or the template refuses it
    public String of(String body) {
        if (!(PythonJson.parse(body) instanceof ObjectNode request)) {
            throw new IllegalArgumentException("A request is a JSON object, such as {\"messages\": [...]}");
        }
        if (!(request.get("messages") instanceof ArrayNode messages)) {
            throw new IllegalArgumentException("messages: has to be an array of messages");
        }
        JinjaVariant variant = request.path("tools").isEmpty() ? usual : forTools;
        ObjectNode variables = variables(request);
        if (served) {
            variables.set("messages", adapted(messages, variant));
        }
        try {
            String text = variant.render(variables);
            boolean begins = served && variables.path("add_generation_prompt").asBoolean();
            return begins ? variant.withThoughts(text, thinks(variables)) : text;
        } catch (JinjaException e) {
            throw new IllegalArgumentException("The template refuses the request: " + e.getMessage(), e);
        }
    }

    private static ObjectNode variables(ObjectNode request) {
        ObjectNode variables = JsonNodeFactory.instance.objectNode();
        variables.set("messages", request.get("messages"));
        variables.set(
                "tools",
                request.path("tools").isMissingNode() ? JsonNodeFactory.instance.nullNode() : request.get("tools"));
        variables.putNull("documents").put("add_generation_prompt", true);
        for (String name :
                new String[] {"add_generation_prompt", "documents", "bos_token", "eos_token", "reasoning_effort"}) {
            if (request.has(name)) {
                variables.set(name, request.get(name));
            }
        }
        String thinking = request.path("thinking").path("type").asText();
        if (!thinking.isEmpty()) {
            JinjaVariables.SWITCHES.forEach(name -> variables.put(name, thinking.equals("enabled")));
        }
        if (request.get("chat_template_kwargs") instanceof ObjectNode more) {
            variables.setAll(more);
        }
        return variables;
    }

    private static boolean thinks(ObjectNode variables) {
        return JinjaVariables.SWITCHES.stream()
                .map(variables::path)
                .noneMatch(value -> value.isBoolean() && !value.booleanValue());
    }

    /// Calls of tools in the way in which the template can tell them.
    private static ArrayNode adapted(ArrayNode messages, JinjaVariant variant) {
        ArrayNode adapted = JsonNodeFactory.instance.arrayNode(messages.size());
        for (JsonNode message : messages) {
            boolean calls = message instanceof ObjectNode
                    && message.path("tool_calls").isArray()
                    && !message.path("tool_calls").isEmpty();
            adapted.add(calls ? adapted((ObjectNode) message, variant.callStyle()) : message);
        }
        return adapted;
    }

    private static ObjectNode adapted(ObjectNode message, CallStyle style) {
        ObjectNode adapted = message.deepCopy();
        JsonNode content = message.path("content");
        if (content.isTextual() || content.isNull() || content.isMissingNode()) {
            adapted.set("content", style.content(content.asText("")));
        }
        for (JsonNode call : adapted.path("tool_calls")) {
            if (call.path("function") instanceof ObjectNode function
                    && function.path("arguments").isTextual()) {
                function.set(
                        "arguments", style.arguments(function.get("arguments").textValue()));
            }
        }
        return adapted;
    }
}
