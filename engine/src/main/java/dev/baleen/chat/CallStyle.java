package dev.baleen.chat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.baleen.jinja.JinjaException;
import dev.baleen.jinja.PythonJson;
import java.util.Optional;
import java.util.function.Function;

/// How a template wants to be told of calls of tools. Templates differ, and say so nowhere: some join the arguments to
/// a text, which has to be one, others write them as JSON themselves, and would quote a text; some take a turn without
/// words only if its content is none, others only if it is a text; some have no place for words beside calls. So it is
/// tried out.
///
/// @param argumentsAsText whether arguments are given as they were written, and not as an object
/// @param emptyAsNone     whether a turn without words has no content, and not an empty one
/// @param wordsBesideCalls whether both are written where there are both
record CallStyle(boolean argumentsAsText, boolean emptyAsNone, boolean wordsBesideCalls) {
    private static final String TOOL = "probed_tool";
    private static final String WORDS = "probing words";
    private static final String KEY = "\"probed_key\"";
    private static final String VALUE = "probed value";
    private static final String ARGUMENTS = "{" + KEY + ": \"" + VALUE + "\"}";

    private static final CallStyle[] TRIED = {
        new CallStyle(true, false, true),
        new CallStyle(true, true, true),
        new CallStyle(false, false, true),
        new CallStyle(false, true, true)
    };

    /// The first style in which calls are told whole; the first of all where there is none.
    ///
    /// @param render a rendering of messages; it may fail
    static CallStyle of(Function<ArrayNode, String> render) {
        for (CallStyle style : TRIED) {
            Optional<String> silent = tryOut(render, style, "");
            if (silent.filter(style::tells).isPresent()) {
                boolean both = tryOut(render, style, WORDS)
                        .filter(text -> style.tells(text) && text.contains(WORDS))
                        .isPresent();
                return new CallStyle(style.argumentsAsText, style.emptyAsNone, both);
            }
        }
        return TRIED[0];
    }

    private static Optional<String> tryOut(Function<ArrayNode, String> render, CallStyle style, String words) {
        ArrayNode messages = JsonNodeFactory.instance.arrayNode();
        messages.addObject().put("role", "user").put("content", "question");
        ObjectNode turn = messages.addObject().put("role", "assistant");
        turn.set("content", style.content(words));
        ObjectNode call = turn.putArray("tool_calls").addObject();
        call.put("id", "call_000000000").put("type", "function");
        call.putObject("function").put("name", TOOL).set("arguments", style.arguments(ARGUMENTS));
        messages.addObject()
                .put("role", "tool")
                .put("tool_call_id", "call_000000000")
                .put("name", TOOL)
                .put("content", "result");
        try {
            return Optional.of(render.apply(messages));
        } catch (JinjaException e) {
            return Optional.empty();
        }
    }

    private boolean tells(String text) {
        return text.contains(TOOL)
                && (argumentsAsText ? text.contains(ARGUMENTS) : text.contains(KEY) && text.contains(VALUE));
    }

    /// The content of a turn that calls tools.
    JsonNode content(String words) {
        if (wordsBesideCalls && !words.isEmpty()) {
            return TextNode.valueOf(words);
        }
        return emptyAsNone ? JsonNodeFactory.instance.nullNode() : TextNode.valueOf("");
    }

    /// The arguments of a call; those that are no object of JSON stay as they are.
    JsonNode arguments(String written) {
        if (argumentsAsText) {
            return TextNode.valueOf(written);
        }
        try {
            JsonNode parsed = written.isBlank() ? JsonNodeFactory.instance.objectNode() : PythonJson.parse(written);
            return parsed.isObject() ? parsed : TextNode.valueOf(written);
        } catch (IllegalArgumentException e) {
            return TextNode.valueOf(written);
        }
    }
}
