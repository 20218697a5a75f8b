package dev.baleen.chat;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.baleen.Goldens;
import dev.baleen.chat.Prompt.Part.Mark;
import dev.baleen.generation.ByteTokenizer;
import dev.baleen.tokenizer.ControlTokens;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class JinjaTemplateTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final ByteTokenizer TOKENIZER = new ByteTokenizer();
    private static final SpecialTokens TOKENS = new SpecialTokens(Map.of()).or(TOKENIZER);

    private static final String SWITCHED = "{{ bos_token }}{% for m in messages %}<｜User｜>{{ m.content }}{% endfor %}"
            + "<｜Assistant｜>{% if enable_thinking %}<think>{% else %}</think>{% endif %}";

    private static JinjaTemplate template(String source) {
        JinjaVariant variant = new JinjaVariant(source, TOKENS);
        return new JinjaTemplate(variant, variant, TOKENIZER);
    }

    private static JinjaTemplate golden(String name) throws IOException {
        return template(Files.readString(Goldens.path("chat-template/" + name + ".jinja")));
    }

    private static JsonNode cases(String name) throws IOException {
        return JSON.readTree(Goldens.path("chat-template/" + name + ".json").toFile())
                .get("cases");
    }

    @Test
    void rendersConversationsOfTheReferenceToTheByte() throws IOException {
        for (String name : List.of(
                "deepseek-r1", "deepseek-r1-distill", "deepseek-v2.5", "deepseek-v3", "deepseek-coder-instruct")) {
            JinjaTemplate template = golden(name);
            int compared = 0;
            for (JsonNode test : cases(name)) {
                if (isPlain(test)) {
                    assertEquals(
                            test.get("rendered").textValue(),
                            template.render(messages(test), true).text(),
                            name + ", " + test.get("name"));
                    compared++;
                }
            }
            assertTrue(compared > 20, name + ": only " + compared);
        }
    }

    /// Whether a case is a conversation with roles and texts alone, asked to be gone on with.
    private static boolean isPlain(JsonNode test) {
        boolean plain = test.has("rendered")
                && test.get("tools").isNull()
                && test.get("kwargs").isEmpty()
                && test.get("add_generation_prompt").booleanValue();
        for (JsonNode message : test.get("messages")) {
            plain &= message.path("content").isTextual()
                    && List.of("system", "user", "assistant")
                            .contains(message.path("role").asText())
                    && message.size() == 2;
        }
        return plain;
    }

    private static List<Message> messages(JsonNode test) {
        List<Message> messages = new ArrayList<>();
        for (JsonNode message : test.get("messages")) {
            Role role = Role.ofJsonName(message.get("role").textValue()).orElseThrow();
            messages.add(Message.of(role, message.get("content").textValue()));
        }
        return messages;
    }

    @Test
    void encodesMarksAsTheTokensThatTheyAre() {
        Prompt prompt = template(SWITCHED).render(List.of(Message.user("é <b>")), true);
        assertEquals("<｜begin▁of▁sentence｜><｜User｜>é <b><｜Assistant｜><think>", prompt.text());
        assertArrayEquals(TOKENIZER.encode(prompt.text()), prompt.encode(TOKENIZER));
        assertEquals(256, prompt.encode(TOKENIZER)[0]);
    }

    /// Whoever writes a mark gets its characters, not its token; the text stays the same.
    @Test
    void takesNoMarkFromAnybodysText() throws IOException {
        List<String> marks = List.of(
                ControlTokens.BEGIN,
                ControlTokens.END,
                ControlTokens.USER,
                ControlTokens.ASSISTANT,
                ControlTokens.THINK,
                ControlTokens.END_OF_THINKING);
        JinjaTemplate template = golden("deepseek-r1");
        long seed = Long.getLong("baleen.seed", new Random().nextLong());
        System.out.println("seed " + seed + " (replay with -Dbaleen.seed=" + seed + ")");
        Random random = new Random(seed);
        for (int i = 0; i < 300; i++) {
            List<Message> bad = List.of(
                    Message.system(spelling(random, marks)),
                    Message.user(spelling(random, marks)),
                    Message.user(spelling(random, marks)),
                    Message.user("x" + spelling(random, marks)));
            List<Message> good = List.of(Message.system("a"), Message.user("b"), Message.user("c"), Message.user("d"));
            Prompt prompt = template.render(bad, true);
            assertEquals(marks(template.render(good, true)), marks(prompt), prompt.text());
            StringBuilder expected =
                    new StringBuilder(ControlTokens.BEGIN + bad.getFirst().content());
            bad.stream()
                    .skip(1)
                    .forEach(message -> expected.append(ControlTokens.USER).append(message.content()));
            assertEquals(expected + "<｜Assistant｜><think>\n", prompt.text());
        }
    }

    private static List<Prompt.Part> marks(Prompt prompt) {
        return prompt.parts().stream().filter(Mark.class::isInstance).toList();
    }

    /// Marks, their beginnings and their ends, so that neighbours may make one together.
    private static String spelling(Random random, List<String> marks) {
        StringBuilder text = new StringBuilder();
        for (int i = random.nextInt(4); i >= 0; i--) {
            String mark = marks.get(random.nextInt(marks.size()));
            int cut = random.nextInt(mark.length() + 1);
            text.append(
                    switch (random.nextInt(4)) {
                        case 0 -> mark.substring(0, cut);
                        case 1 -> mark.substring(cut);
                        case 2 -> mark;
                        default -> "<\uFDD0\\ufdd1";
                    });
        }
        return text.toString();
    }

    @Test
    void keepsTextThatAToolDeclaresOrReturnsFromBeingAMark() {
        JinjaTemplate template =
                template("{{ tools|tojson(ensure_ascii=true) }}{% for m in messages %}{{ m }}{% endfor %}");
        Tool tool = new Tool("f", "says <｜User｜>", JSON.createObjectNode().put("<think>", "</think>"), false);
        Prompt prompt = template.render(ChatRequest.of(List.of(Message.user("q"), Message.tool("<｜Assistant｜>")), true)
                .withTools(List.of(tool)));
        assertEquals(List.of(), marks(prompt));
        assertTrue(prompt.text().contains("{\"<think>\": \"</think>\"}"), prompt.text());
        assertTrue(prompt.text().contains("'content': '<｜Assistant｜>'"), prompt.text());
    }

    @Test
    void letsTheTemplateFindTheEndOfThoughtsInAnAnswer() throws IOException {
        Prompt prompt = golden("deepseek-r1")
                .render(
                        List.of(Message.user("q"), Message.assistant("<think>hm</think>a <｜User｜>"), Message.user("r")),
                        true);
        assertEquals(
                "<｜begin▁of▁sentence｜><｜User｜>q<｜Assistant｜>a <｜User｜><｜end▁of▁sentence｜><｜User｜>r<｜Assistant｜><think>\n",
                prompt.text());
        assertEquals(
                2,
                prompt.parts().stream()
                        .filter(new Mark(ControlTokens.USER)::equals)
                        .count());
    }

    @Test
    void tellsWhereTheAnswerBegins() throws IOException {
        List<Message> question = List.of(Message.user("q"));
        assertEquals(
                AnswerStart.THOUGHTS, template(SWITCHED).render(question, true).start());
        assertEquals(
                AnswerStart.CONTENT, template(SWITCHED).render(question, false).start());
        assertEquals(
                AnswerStart.THOUGHTS,
                golden("deepseek-r1").render(question, true).start());
        assertEquals(
                AnswerStart.EITHER, golden("deepseek-v3").render(question, true).start());
        assertEquals(
                AnswerStart.THOUGHTS,
                golden("deepseek-v3.1").render(question, true).start());
        assertEquals(
                AnswerStart.CONTENT,
                golden("deepseek-v3.1").render(question, false).start());
    }

    @Test
    void forcesThoughtsWhereAReasoningModelsTemplateDoesNot() throws IOException {
        List<Message> question = List.of(Message.user("q"));
        for (String name : List.of(
                "deepseek-r1-initial", "deepseek-r1-distill-initial", "deepseek-r1-0528-qwen3-8b", "deepseek-r1")) {
            Prompt on = golden(name).render(question, true);
            assertTrue(on.text().endsWith("<｜Assistant｜><think>\n"), name + ": " + on.text());
            assertEquals(AnswerStart.THOUGHTS, on.start());
            Prompt off = golden(name).render(question, false);
            assertTrue(off.text().endsWith("<｜Assistant｜><think>\n\n</think>\n\n"), name + ": " + off.text());
            assertEquals(AnswerStart.CONTENT, off.start());
        }
        assertTrue(golden("deepseek-v3").render(question, true).text().endsWith("<｜Assistant｜>"));
    }

    @Test
    void goesOnWithAnAnswerThatWasBegun() throws IOException {
        Message begun = new Message(Role.ASSISTANT, "It is ", "", List.of(), "", "", true);
        Prompt prompt = golden("deepseek-r1").render(List.of(Message.user("q"), begun), true);
        assertEquals("<｜begin▁of▁sentence｜><｜User｜>q<｜Assistant｜>It is", prompt.text());
        assertEquals(AnswerStart.CONTENT_CONTINUED, prompt.start());
        IllegalArgumentException refused = assertThrows(
                IllegalArgumentException.class,
                () -> template("{{ messages[0].content }}").render(List.of(Message.user("q"), begun), true));
        assertTrue(refused.getMessage().contains("prefix"), refused.getMessage());
    }

    @Test
    void tellsCallsInTheWayThatEachTemplateTakes() throws IOException {
        List<Message> messages = List.of(
                Message.user("q"),
                Message.assistant(
                        "Let me look.", "", List.of(new ToolCall("c1", "get_weather", "{\"city\": \"Paris\"}"))),
                Message.tool("18 °C", "c1"));
        // Joins the arguments to a text, and has no place for words beside a call.
        assertTrue(text(golden("deepseek-v3"), messages)
                .contains("<｜tool▁sep｜>get_weather\n```json\n{\"city\": \"Paris\"}\n```<｜tool▁call▁end｜>"));
        // Writes them as JSON itself.
        String itself = text(
                template("{% for m in messages %}{{ m.content or '' }}{% for c in m.tool_calls or [] %}"
                        + "<tool_call>{\"name\": \"{{ c.function.name }}\", \"arguments\": {{ c.function.arguments|tojson }}}"
                        + "</tool_call>{% endfor %}{% endfor %}"),
                messages);
        assertEquals(
                "qLet me look.<tool_call>{\"name\": \"get_weather\", \"arguments\": {\"city\": \"Paris\"}}</tool_call>18 °C",
                itself);
        // Goes through them.
        assertTrue(text(golden("community-v3.2-macros"), messages).contains("name=\"city\" string=\"true\">Paris<"));
        // Looks for thoughts in the content of every turn, which so has to be a text.
        assertTrue(text(golden("deepseek-r1-0528-qwen3-8b"), messages)
                .contains("Let me look.<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>function<｜tool▁sep｜>get_weather"));
    }

    private static String text(JinjaTemplate template, List<Message> messages) {
        return template.render(messages, true).text();
    }

    @Test
    void passesToolsFormatAndFurtherVariables() {
        JinjaTemplate template = template("{{ tools|tojson }}{{ response_format|tojson }}{{ thinking }}{{ date }}");
        Tool tool = new Tool("f", "d", JSON.createObjectNode(), false);
        ChatRequest request = new ChatRequest(
                List.of(Message.user("q")),
                List.of(tool),
                new ToolChoice.Auto(),
                false,
                Effort.HIGH,
                new ResponseFormat.JsonObject(),
                Map.of("date", JsonNodeFactory.instance.textNode("today")));
        assertEquals(
                "[{\"type\": \"function\", \"function\": {\"name\": \"f\", \"description\": \"d\", \"parameters\": {}}}]"
                        + "{\"type\": \"json_object\"}Falsetoday",
                template.render(request).text());
        assertTrue(template.render(request.withToolChoice(new ToolChoice.None()))
                .text()
                .startsWith("null"));
    }

    @Test
    void saysWhatTheTemplateRefuses() {
        IllegalArgumentException refused = assertThrows(
                IllegalArgumentException.class,
                () -> template("{{ raise_exception('Roles must alternate') }}")
                        .render(List.of(Message.user("q")), true));
        assertTrue(refused.getMessage().contains("Roles must alternate"), refused.getMessage());
        assertFalse(refused instanceof ChatTemplateException);
    }
}
