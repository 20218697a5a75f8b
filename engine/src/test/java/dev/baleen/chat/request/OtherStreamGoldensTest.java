package dev.baleen.chat.request;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.baleen.Goldens;
import dev.baleen.chat.Delta;
import dev.baleen.chat.JsonText;
import dev.baleen.chat.request.ProtocolGoldens.Converter;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What the reader makes of raw answers to Messages and Responses: the blocks and items that DeepSeek's own library
/// ends with. How they are told piece by piece is the protocols' own.
class OtherStreamGoldensTest {
    @Test
    void readsAnswersToMessages() throws IOException {
        check("streams-messages.jsonl", MessagesRequest::convert, 190);
    }

    @Test
    void readsAnswersToResponses() throws IOException {
        check("streams-responses.jsonl", ResponsesRequest::convert, 120);
    }

    private static void check(String file, Converter converter, int least) throws IOException {
        List<String> wrong = new ArrayList<>();
        int cases = 0;
        for (String line : Files.readAllLines(Goldens.path("protocol/" + file))) {
            JsonNode golden = JsonText.parse(line);
            cases++;
            List<String> expected = new ArrayList<>();
            JsonNode last = golden.get("final");
            for (JsonNode block : last.has("content") ? last.get("content") : last.get("output")) {
                expected.add(block(block));
            }
            expected.removeIf(block -> block.equals("thought "));
            List<String> read = read(RawAnswer.of(golden, converter), last.has("content"));
            if (!expected.equals(read)) {
                wrong.add("%s%n  expected %s%n  but was  %s".formatted(golden.get("name"), expected, read));
            }
        }
        assertTrue(cases >= least, cases + " cases");
        assertEquals(List.of(), wrong, wrong.size() + " of " + cases + "\n" + String.join("\n", wrong));
    }

    private static String block(JsonNode block) {
        return switch (block.get("type").asText()) {
            case "thinking" -> "thought " + block.get("thinking").asText();
            case "reasoning" -> "thought " + block.at("/content/0/text").asText();
            case "text" -> "text " + block.get("text").asText();
            case "message" -> "text " + block.at("/content/0/text").asText();
            case "tool_search_call" -> "call " + JsonText.writeCompact(block.get("arguments"));
            case "tool_use" -> "call " + JsonText.writeCompact(block.get("input"));
            case "custom_tool_call" -> "call " + block.get("input").asText();
            default -> "call " + block.get("arguments").asText();
        };
    }

    private static List<String> read(RawAnswer raw, boolean parsesArguments) {
        List<Delta> deltas = new ArrayList<>();
        while (raw.hasNext() && raw.parser().stop().isEmpty()) {
            deltas.addAll(raw.next());
        }
        deltas.addAll(raw.parser().finish());
        List<String> blocks = new ArrayList<>();
        List<String> names = new ArrayList<>();
        for (Delta delta : deltas) {
            switch (delta) {
                case Delta.Text(Delta.Kind kind, String text, var _) -> {
                    String begin = kind == Delta.Kind.REASONING ? "thought " : "text ";
                    if (blocks.isEmpty() || !blocks.getLast().startsWith(begin)) {
                        blocks.add(begin);
                    }
                    blocks.add(blocks.removeLast() + text);
                }
                case Delta.CallBegin begin -> {
                    blocks.add("call ");
                    names.add(begin.name());
                }
                case Delta.CallArguments(int _, String text) -> blocks.add(blocks.removeLast() + text);
            }
        }
        int call = 0;
        for (int i = 0; i < blocks.size(); i++) {
            if (blocks.get(i).startsWith("call ")) {
                String arguments = blocks.get(i).substring("call ".length());
                String name = names.get(call++);
                boolean parsed = parsesArguments || name.equals(ResponsesTools.TOOL_SEARCH);
                boolean isPatch = name.equals(ApplyPatch.NAME);
                blocks.set(i, "call " + (parsed ? object(arguments) : isPatch ? input(arguments) : arguments));
            }
        }
        return blocks;
    }

    /// Messages shows what is no JSON as an empty object.
    private static String object(String arguments) {
        JsonNode parsed;
        try {
            parsed = JsonText.parse(arguments);
        } catch (IllegalArgumentException e) {
            parsed = JsonNodeFactory.instance.objectNode();
        }
        return JsonText.writeCompact(parsed);
    }

    /// A patch is told as text, unless its first parameter is another one.
    private static String input(String arguments) {
        return arguments.startsWith("{\"input\"")
                ? JsonText.parse(arguments).get("input").asText()
                : arguments;
    }
}
