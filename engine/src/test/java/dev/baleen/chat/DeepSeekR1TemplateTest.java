package dev.baleen.chat;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.baleen.Goldens;
import dev.baleen.chat.Prompt.Part.Mark;
import dev.baleen.generation.ByteTokenizer;
import dev.baleen.tokenizer.ControlTokens;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class DeepSeekR1TemplateTest {
    private static final ByteTokenizer TOKENIZER = new ByteTokenizer();
    private static final ChatTemplate TEMPLATE = new DeepSeekR1Template();

    @Test
    void laysOutAConversationAsR1WasTrained() {
        List<Message> messages = List.of(
                Message.system("Be brief."),
                Message.user("Hi"),
                Message.assistant("Hello!", "They greet me."),
                Message.user("2+2?"));
        Prompt prompt = TEMPLATE.render(messages, true);
        assertEquals(
                "<｜begin▁of▁sentence｜>Be brief.<｜User｜>Hi<｜Assistant｜>Hello!<｜end▁of▁sentence｜><｜User｜>2+2?<｜Assistant｜><think>\n",
                prompt.text());
        assertTrue(prompt.startsThinking());
    }

    @Test
    void forcesEmptyThoughtsWithoutThinking() {
        Prompt prompt = TEMPLATE.render(List.of(Message.user("Hi")), false);
        assertTrue(prompt.text().endsWith("<｜Assistant｜><think>\n\n</think>\n\n"), prompt.text());
        assertEquals(false, prompt.startsThinking());
    }

    @Test
    void goesOnWithAnAnswerThatWasBegun() {
        Message begun = new Message(Role.ASSISTANT, "4 is", "", List.of(), "", "", true);
        Prompt prompt = TEMPLATE.render(List.of(Message.user("2+2?"), begun), true);
        assertEquals("<｜begin▁of▁sentence｜><｜User｜>2+2?<｜Assistant｜>4 is", prompt.text());
        assertEquals(AnswerStart.CONTENT_CONTINUED, prompt.start());
    }

    @Test
    void encodesMarksAsTheTokensThatTheyAre() {
        Prompt prompt = TEMPLATE.render(List.of(Message.user("é")), true);
        assertArrayEquals(TOKENIZER.encode(prompt.text()), prompt.encode(TOKENIZER));
        assertEquals(256, prompt.encode(TOKENIZER)[0]);
    }

    /// Whoever writes a mark gets its characters, not its token.
    @Test
    void takesNoMarkFromAnybodysText() {
        for (String mark : List.of(
                ControlTokens.BEGIN,
                ControlTokens.END,
                ControlTokens.USER,
                ControlTokens.ASSISTANT,
                ControlTokens.THINK,
                ControlTokens.END_OF_THINKING)) {
            String text = "x" + mark + "y";
            List<Message> hostile =
                    List.of(Message.system(text), Message.user(text), Message.assistant(text), Message.user(text));
            List<Message> harmless =
                    List.of(Message.system("x"), Message.user("x"), Message.assistant("x"), Message.user("x"));
            for (boolean thinking : new boolean[] {true, false}) {
                assertEquals(
                        controls(TEMPLATE.render(harmless, thinking)),
                        controls(TEMPLATE.render(hostile, thinking)),
                        mark);
            }
            int[] ids = TEMPLATE.render(List.of(Message.user(text)), true).encode(TOKENIZER);
            assertEquals("<｜begin▁of▁sentence｜><｜User｜>" + text + "<｜Assistant｜><think>\n", TOKENIZER.decode(ids));
        }
    }

    /// Each case of the published template that asks for an answer and calls no tools.
    @Test
    void rendersWhatThePublishedTemplateRenders() throws IOException {
        JsonNode golden = new ObjectMapper()
                .readTree(Goldens.path("chat-template/deepseek-r1.json").toFile());
        List<String> compared = new ArrayList<>();
        for (JsonNode each : golden.get("cases")) {
            if (each.has("rendered") && each.path("add_generation_prompt").asBoolean() && !callsTools(each)) {
                List<Message> messages = new ArrayList<>();
                each.get("messages").forEach(message -> messages.add(message(message)));
                String name = each.get("name").asText();
                assertEquals(
                        each.get("rendered").asText(),
                        TEMPLATE.render(messages, true).text(),
                        name);
                compared.add(name);
            }
        }
        assertTrue(compared.size() >= 10, compared.toString());
    }

    /// Each case of the published template that asks for an answer after calls of tools.
    @Test
    void rendersCallsOfToolsAsThePublishedTemplateDoes() throws IOException {
        JsonNode golden = new ObjectMapper()
                .readTree(Goldens.path("chat-template/deepseek-r1.json").toFile());
        List<String> compared = new ArrayList<>();
        for (JsonNode each : golden.get("cases")) {
            if (each.has("rendered") && each.path("add_generation_prompt").asBoolean() && hasCalls(each)) {
                List<Message> messages = new ArrayList<>();
                each.get("messages").forEach(message -> messages.add(messageWithCalls(message)));
                String name = each.get("name").asText();
                assertEquals(
                        each.get("rendered").asText(),
                        TEMPLATE.render(messages, true).text(),
                        name);
                compared.add(name);
            }
        }
        assertTrue(compared.size() >= 5, compared.toString());
    }

    private static boolean hasCalls(JsonNode each) {
        for (JsonNode message : each.get("messages")) {
            if (!message.path("tool_calls").isEmpty()) {
                return true;
            }
        }
        return false;
    }

    private static Message messageWithCalls(JsonNode node) {
        List<ToolCall> calls = new ArrayList<>();
        for (JsonNode call : node.path("tool_calls")) {
            JsonNode function = call.get("function");
            calls.add(new ToolCall(
                    call.path("id").asText(),
                    function.get("name").textValue(),
                    function.get("arguments").textValue()));
        }
        String content = node.path("content").asText("");
        Role role = Role.ofJsonName(role(node)).orElseThrow();
        return role == Role.ASSISTANT ? Message.assistant(content, "", calls) : Message.of(role, content);
    }

    private static boolean callsTools(JsonNode each) {
        for (JsonNode message : each.get("messages")) {
            if (message.has("tool_calls")
                    || !message.path("content").isTextual()
                    || Role.ofJsonName(role(message)).isEmpty()) {
                return true;
            }
        }
        return false;
    }

    private static Message message(JsonNode node) {
        return Message.of(
                Role.ofJsonName(role(node)).orElseThrow(), node.get("content").asText());
    }

    private static String role(JsonNode message) {
        return message.path("role").asText();
    }

    private static List<String> controls(Prompt prompt) {
        List<String> marks = new ArrayList<>();
        prompt.parts().forEach(part -> {
            if (part instanceof Mark(String token)) {
                marks.add(token);
            }
        });
        long encoded =
                Arrays.stream(prompt.encode(TOKENIZER)).filter(id -> id >= 256).count();
        assertEquals(marks.size(), encoded);
        return marks;
    }
}
