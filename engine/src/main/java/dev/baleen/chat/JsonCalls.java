package dev.baleen.chat;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import dev.baleen.chat.Action.Collect;
import dev.baleen.chat.Action.EndCollected;
import dev.baleen.chat.Stage.Branch;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;

/// Calls that are JSON objects with a name and arguments, as Qwen and Llama write them. They are collected, and what
/// proves to be none is given back as text.
final class JsonCalls implements CallGrammar {
    static final String QWEN_BEGIN = "<tool_call>";
    static final String PYTHON_TAG = "<|python_tag|>";

    private static final String QWEN_END = "</tool_call>";

    static final List<String> CONTROLS = List.of(QWEN_BEGIN, QWEN_END, PYTHON_TAG);

    /// How a call without a mark begins, but for white space, which may be so long.
    private static final String BEGIN = "{\"name\":";

    private static final String OTHER_BEGIN = "{\"type\":";
    private static final int BEGIN_MAX = 64;

    private static final int DEPTH_MAX = 127;
    private static final JsonFactory JSON = JsonFactory.builder()
            .streamReadConstraints(
                    StreamReadConstraints.builder().maxNestingDepth(DEPTH_MAX).build())
            .build();

    private final Set<String> controls;
    private final boolean llama;

    /// A call, its arguments as they were written.
    record Call(String name, String arguments) {}

    JsonCalls(Set<String> controls, boolean llama) {
        this.controls = controls;
        this.llama = llama;
    }

    @Override
    public List<Branch> openings(boolean atStart, Supplier<Stage> after) {
        if (!llama) {
            return List.of(new Branch(
                    Mark.afterNewlines(QWEN_BEGIN, controls),
                    new Collect(),
                    () -> new Stage(
                            List.of(new Branch(Mark.of(QWEN_END, controls), new EndCollected(), after)),
                            new Collect())));
        }
        Branch tagged = new Branch(Mark.afterNewlines(PYTHON_TAG, controls), new Collect(), JsonCalls::toTheEnd);
        return atStart
                ? List.of(tagged, new Branch(Mark.atStart("{", Set.of()), new Collect(), JsonCalls::toTheEnd))
                : List.of(tagged);
    }

    private static Stage toTheEnd() {
        return new Stage(List.of(), new Collect());
    }

    @Override
    public Stage block() {
        return toTheEnd();
    }

    /// Whether a text that is being collected may still be a call: what begins without a mark has to look like one
    /// soon, or people would wait for an answer in JSON until its end.
    static boolean mayBecomeCall(CharSequence collected) {
        if (collected.isEmpty() || collected.charAt(0) != '{') {
            return true;
        }
        StringBuilder begin = new StringBuilder();
        int looked = Math.min(collected.length(), BEGIN_MAX);
        for (int i = 0; i < looked && begin.length() < BEGIN.length(); i++) {
            if (!Character.isWhitespace(collected.charAt(i))) {
                begin.append(collected.charAt(i));
            }
        }
        String text = begin.toString();
        boolean undecided = text.length() < BEGIN.length() && looked == collected.length();
        return undecided
                ? BEGIN.startsWith(text) || OTHER_BEGIN.startsWith(text)
                : text.equals(BEGIN) || text.equals(OTHER_BEGIN);
    }

    /// The calls that a collected text holds; empty if it is anything else.
    static List<Call> parse(String collected) {
        String text = collected.strip();
        for (String mark : List.of(QWEN_BEGIN, PYTHON_TAG)) {
            text = text.startsWith(mark) ? text.substring(mark.length()) : text;
        }
        if (text.endsWith(QWEN_END)) {
            text = text.substring(0, text.length() - QWEN_END.length());
        }
        List<Call> calls = new ArrayList<>();
        int at = 0;
        try {
            while (true) {
                while (at < text.length() && (Character.isWhitespace(text.charAt(at)) || text.charAt(at) == ';')) {
                    at++;
                }
                if (at == text.length()) {
                    return calls;
                }
                at += parse(text.substring(at), calls);
            }
        } catch (JacksonException e) {
            return List.of();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Reads one call; gives its length.
    private static int parse(String text, List<Call> calls) throws IOException {
        try (JsonParser parser = JSON.createParser(text)) {
            String name = "";
            String arguments = "{}";
            if (parser.nextToken() != JsonToken.START_OBJECT) {
                throw new JsonParseException(parser, "no object");
            }
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String field = parser.currentName();
                JsonToken value = parser.nextToken();
                int begin = (int) parser.currentTokenLocation().getCharOffset();
                parser.skipChildren();
                if (field.equals("name") && value == JsonToken.VALUE_STRING) {
                    name = parser.getText();
                } else if (field.equals("arguments") || field.equals("parameters")) {
                    parser.finishToken();
                    arguments = value == JsonToken.VALUE_STRING
                            ? parser.getText()
                            : text.substring(
                                    begin, (int) parser.currentLocation().getCharOffset());
                }
            }
            if (name.isEmpty()) {
                throw new JsonParseException(parser, "no name");
            }
            calls.add(new Call(name, arguments));
            return (int) parser.currentLocation().getCharOffset();
        }
    }
}
