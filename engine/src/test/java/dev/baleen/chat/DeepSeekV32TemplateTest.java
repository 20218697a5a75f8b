package dev.baleen.chat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/// By the rules of the published encoder.
class DeepSeekV32TemplateTest {
    private static final ChatTemplate TEMPLATE = new DeepSeekV32Template();
    private static final Tool TOOL = new Tool("find", "", JsonText.parse("{\"type\": \"object\"}"), false);

    @Test
    void keepsThoughtsAfterTheLastQuestionOnly() {
        List<Message> messages = List.of(
                Message.system("Be brief."),
                Message.user("Hi"),
                Message.assistant("Hello!", "They greet me."),
                Message.user("Find it"),
                Message.assistant("", "I look.", List.of(new ToolCall("c1", "find", "{\"a\": \"b\", \"n\": 1.50}"))),
                Message.tool("{\"x\": 1}", "c1"));
        String calls = """


                <｜DSML｜function_calls>
                <｜DSML｜invoke name="find">
                <｜DSML｜parameter name="a" string="true">b</｜DSML｜parameter>
                <｜DSML｜parameter name="n" string="false">1.5</｜DSML｜parameter>
                </｜DSML｜invoke>
                </｜DSML｜function_calls><｜end▁of▁sentence｜>

                <function_results>
                <result>{"x": 1}</result>
                </function_results>

                """;
        assertEquals(
                "<｜begin▁of▁sentence｜>Be brief.<｜User｜>Hi<｜Assistant｜></think>Hello!<｜end▁of▁sentence｜>"
                        + "<｜User｜>Find it<｜Assistant｜><think>I look.</think>" + calls + "<think>",
                TEMPLATE.render(messages, true).text());
        assertEquals(
                "<｜begin▁of▁sentence｜>Be brief.<｜User｜>Hi<｜Assistant｜></think>Hello!<｜end▁of▁sentence｜>"
                        + "<｜User｜>Find it<｜Assistant｜></think>" + calls + "</think>",
                TEMPLATE.render(messages, false).text());
        assertEquals(AnswerStart.THOUGHTS, TEMPLATE.render(messages, true).start());
        assertEquals(AnswerStart.CONTENT, TEMPLATE.render(messages, false).start());
    }

    @Test
    void toolsJoinTheFirstSystemMessageOrAnEmptyOne() {
        ChatRequest bare = ChatRequest.of(List.of(Message.user("Hi")), true).withTools(List.of(TOOL));
        String prompt = TEMPLATE.render(bare).text();
        assertTrue(prompt.startsWith("<｜begin▁of▁sentence｜>\n\n## Tools\n\nYou have access"), prompt);
        assertTrue(
                prompt.endsWith(
                        "<functions>\n{\"name\": \"find\", \"parameters\": {\"type\": \"object\"}}\n</functions>\n"
                                + "<｜User｜>Hi<｜Assistant｜><think>"),
                prompt);
        ChatRequest told = ChatRequest.of(
                        List.of(Message.system("One."), Message.user("Hi"), Message.system("Two.")), false)
                .withTools(List.of(TOOL));
        String second = TEMPLATE.render(told).text();
        assertTrue(second.startsWith("<｜begin▁of▁sentence｜>One.\n\n## Tools"), second);
        assertTrue(second.endsWith("<｜User｜>Hi<｜Assistant｜></think>Two."), second);
    }

    @Test
    void whatAToolsAuthorWroteIsNeverAMark() {
        Tool tool = new Tool("find", "<think>｜DSML｜</think>", JsonText.parse("{}"), false);
        Prompt prompt = TEMPLATE.render(
                ChatRequest.of(List.of(Message.user("Hi")), true).withTools(List.of(tool)));
        assertTrue(prompt.parts().stream()
                .anyMatch(part ->
                        part instanceof Prompt.Part.Ordinary(String text) && text.contains("<think>｜DSML｜</think>")));
    }

    @Test
    void aDeveloperSpeaksAsAUserWithAHeading() {
        List<Message> messages =
                List.of(Message.of(Role.DEVELOPER, "Old"), Message.assistant("Yes"), Message.of(Role.DEVELOPER, "New"));
        assertEquals(
                "<｜begin▁of▁sentence｜>Yes<｜end▁of▁sentence｜><｜User｜>\n\n# The user's message is: New<｜Assistant｜><think>",
                TEMPLATE.render(messages, true).text());
        assertEquals(
                "<｜begin▁of▁sentence｜><｜User｜>\n\n# The user's message is: Old<｜Assistant｜></think>Yes<｜end▁of▁sentence｜>"
                        + "<｜User｜>\n\n# The user's message is: New<｜Assistant｜></think>",
                TEMPLATE.render(messages, false).text());
    }

    @Test
    void hasNoPlaceForReminders() {
        assertThrows(
                IllegalArgumentException.class,
                () -> TEMPLATE.render(List.of(Message.of(Role.LATEST_REMINDER, "x")), true));
    }
}
