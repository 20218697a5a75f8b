package dev.baleen.chat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.baleen.chat.DeepSeekV4Template.Version;
import dev.baleen.generation.FinishReason;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Tools through the real engine, with a model that says what it was given.
class ChatToolsTest {
    private static final Tool TOOL = new Tool("find", "", JsonText.parse("{\"type\": \"object\"}"), false);
    private static final ChatTemplate TEMPLATE = new DeepSeekV4Template(Version.V4);
    private static final String[] CALL = {
        "I",
        " look.",
        "</think>",
        "Wait",
        ".",
        "\n\n<",
        "｜DSML｜",
        "tool_calls>\n<",
        "｜DSML｜",
        "invoke",
        " name=\"",
        "find",
        "\">\n",
        "<",
        "｜DSML｜",
        "parameter name=\"a\" string=\"true\">",
        "x",
        "STOP",
        "\"",
        "</",
        "｜DSML｜",
        "parameter>\n</",
        "｜DSML｜",
        "invoke>\n</",
        "｜DSML｜",
        "tool_calls>"
    };

    @Test
    void aCallComesInEventsAndInTheReply() throws InterruptedException {
        try (ChatModel model = ScriptedChat.open(TEMPLATE, CALL)) {
            List<String> events = new ArrayList<>();
            ChatStream stream = model.stream(question(true), model.options());
            Optional<ChatEvent> event = stream.next();
            while (event.isPresent()) {
                events.add(
                        switch (event.get()) {
                            case ChatEvent.Piece piece -> piece.text();
                            case ChatEvent.ToolCallBegun(int index, String _, String name) -> index + name;
                            case ChatEvent.ToolCallPiece(int index, String arguments) -> index + arguments;
                            case ChatEvent.Finished end -> end.reason().name();
                        });
                event = stream.next();
            }
            assertEquals(
                    List.of(
                            "I", " look.", "Wait", ".", "0find", "0{", "0\"a\"", "0: ", "0\"", "0x", "0STOP", "0\\\"",
                            "0\"", "0}", "STOP"),
                    events);
            ToolCall call = stream.message().toolCalls().getFirst();
            assertEquals("{\"a\": \"xSTOP\\\"\"}", call.arguments());
            assertTrue(call.id().matches("call_00_[0-9A-Za-z]{20}[0-9]{4}"), call.id());
            assertEquals("I look.", stream.message().reasoning());
        }
    }

    @Test
    void theIdOfACallAfterAnEmptyThoughtSaysSo() throws InterruptedException {
        String[] call = CALL.clone();
        call[0] = "\n";
        call[1] = "\n";
        try (ChatModel model = ScriptedChat.open(TEMPLATE, call)) {
            ChatReply reply = model.stream(question(true), model.options()).await();
            String id = reply.toolCalls().getFirst().id();
            assertTrue(id.startsWith("call_00_ET_"), id);
        }
    }

    @Test
    void aStopTextMeansNothingInACallAndEndsTheAnswer() throws InterruptedException {
        try (ChatModel model = ScriptedChat.open(TEMPLATE, CALL)) {
            ChatReply reply = model.stream(question(true), model.options().withStop(List.of("STOP")))
                    .await();
            assertEquals(1, reply.toolCalls().size());
        }
        try (ChatModel model = ScriptedChat.open(TEMPLATE, "a", "STOP", "b", "</think>", "c", "ST", "OP", "d", "e")) {
            ChatReply reply = model.stream(question(true), model.options().withStop(List.of("STOP")))
                    .await();
            assertEquals("aSTOPb", reply.reasoning());
            assertEquals("c", reply.content());
            assertEquals(FinishReason.STOP, reply.reason());
        }
    }

    @Test
    void withoutToolsACallIsText() throws InterruptedException {
        try (ChatModel model = ScriptedChat.open(TEMPLATE, CALL)) {
            ChatReply reply = model.complete(List.of(Message.user("Hi")), model.options());
            assertTrue(reply.content().startsWith("Wait.\n\n<｜DSML｜tool_calls>"), reply.content());
            assertEquals(List.of(), reply.toolCalls());
        }
    }

    /// Ordinary tokens that spell `</think>` do not end the thoughts of a model that has a token for it.
    @Test
    void whatOrdinaryTokensSpellIsText() throws InterruptedException {
        try (ChatModel model = ScriptedChat.open(TEMPLATE, "a", "</thi", "nk>", "b", "</think>", "c")) {
            ChatReply reply = model.stream(question(true), model.options()).await();
            assertEquals("a</think>b", reply.reasoning());
            assertEquals("c", reply.content());
            assertEquals(4, reply.usage().reasoningTokens());
        }
    }

    @Test
    void aForcedCallIsReadFromTheMiddleOfItsBlock() throws InterruptedException {
        String[] rest = {"<", "｜DSML｜", "invoke name=\"find\">\n</", "｜DSML｜", "invoke>\n</", "｜DSML｜", "tool_calls>"};
        ChatTemplate template = request -> {
            Prompt prompt = TEMPLATE.render(request);
            assertEquals(AnswerStart.TOOL_CALLS, prompt.start());
            // The scripted model begins after the mark, and knows nothing of what the prompt says behind it.
            List<Prompt.Part> parts = new ArrayList<>(prompt.parts());
            parts.add(new Prompt.Part.Mark("</think>"));
            return new Prompt(parts, prompt.start());
        };
        try (ChatModel model = ScriptedChat.open(new Dressed(template), rest)) {
            ChatReply reply = model.stream(question(false).withToolChoice(new ToolChoice.Required()), model.options())
                    .await();
            assertEquals("find", reply.toolCalls().getFirst().name());
            assertEquals("{}", reply.toolCalls().getFirst().arguments());
        }
    }

    private record Dressed(ChatTemplate template) implements ChatTemplate {
        @Override
        public Prompt render(ChatRequest request) {
            return template.render(request);
        }

        @Override
        public ToolCallFormat toolCalls() {
            return ToolCallFormat.DSML;
        }
    }

    private static ChatRequest question(boolean thinking) {
        return ChatRequest.of(List.of(Message.user("Find it")), thinking).withTools(List.of(TOOL));
    }
}
