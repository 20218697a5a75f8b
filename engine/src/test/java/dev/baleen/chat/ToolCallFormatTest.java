package dev.baleen.chat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.baleen.Goldens;
import dev.baleen.chat.ReadAnswer.Call;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ToolCallFormatTest {
    private static final Map<ToolCallFormat, String> TWO_CALLS = new EnumMap<>(ToolCallFormat.class);

    static {
        TWO_CALLS.put(ToolCallFormat.NONE, "");
        TWO_CALLS.put(ToolCallFormat.DSML, """
                <｜DSML｜tool_calls>
                <｜DSML｜invoke name="find">
                <｜DSML｜parameter name="a" string="true">x</｜DSML｜parameter>
                </｜DSML｜invoke>
                <｜DSML｜invoke name="stop">
                </｜DSML｜invoke>
                </｜DSML｜tool_calls>""");
        TWO_CALLS.put(ToolCallFormat.DEEPSEEK_R1, """
                <｜tool▁calls▁begin｜><｜tool▁call▁begin｜>function<｜tool▁sep｜>find
                ```json
                {"a": "x"}
                ```<｜tool▁call▁end｜>
                <｜tool▁call▁begin｜>function<｜tool▁sep｜>stop
                ```json
                {}
                ```<｜tool▁call▁end｜><｜tool▁calls▁end｜>""");
        TWO_CALLS.put(
                ToolCallFormat.DEEPSEEK_V3_1,
                "<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>find<｜tool▁sep｜>{\"a\": \"x\"}<｜tool▁call▁end｜>"
                        + "<｜tool▁call▁begin｜>stop<｜tool▁sep｜>{}<｜tool▁call▁end｜><｜tool▁calls▁end｜>");
        TWO_CALLS.put(ToolCallFormat.QWEN, """
                <tool_call>
                {"name": "find", "arguments": {"a": "x"}}
                </tool_call>
                <tool_call>
                {"name": "stop", "arguments": {}}
                </tool_call>""");
        TWO_CALLS.put(ToolCallFormat.LLAMA, """
                <|python_tag|>{"name": "find", "parameters": {"a": "x"}}; {"name": "stop", "parameters": {}}""");
    }

    private static final List<Call> CALLS = List.of(new Call("find", "{\"a\": \"x\"}"), new Call("stop", "{}"));

    @Test
    void readsCallsAfterThoughtsAndText() {
        for (ToolCallFormat format : callers()) {
            OutputRules rules = OutputRules.of(AnswerStart.THOUGHTS).withFormat(format);
            assertEquals(
                    new ReadAnswer("I look.", "Wait.", CALLS),
                    ReadAnswer.of(rules, List.of("I look.\n</think>\n\nWait.\n\n" + TWO_CALLS.get(format))),
                    format.toString());
        }
    }

    @Test
    void callsAreTextWhereNoToolsAreOffered() {
        OutputRules rules = OutputRules.of(AnswerStart.CONTENT);
        for (ToolCallFormat format : callers()) {
            String text = TWO_CALLS.get(format);
            assertEquals(new ReadAnswer("", text, List.of()), ReadAnswer.of(rules, List.of(text)));
        }
    }

    @Test
    void callsInThoughtsEndThem() {
        for (ToolCallFormat format : callers()) {
            OutputRules rules = OutputRules.of(AnswerStart.THOUGHTS).withFormat(format);
            assertEquals(
                    new ReadAnswer("I look.", "", CALLS),
                    ReadAnswer.of(rules, List.of("I look.\n\n" + TWO_CALLS.get(format))),
                    format.toString());
        }
    }

    @Test
    void llamaCallsWithNothingBeforeTheObject() {
        OutputRules rules = OutputRules.of(AnswerStart.EITHER).withFormat(ToolCallFormat.LLAMA);
        assertEquals(
                new ReadAnswer("", "", List.of(new Call("find", "{\"a\": [1,2]}"))),
                ReadAnswer.of(rules, List.of("\n{\"name\": \"find\", \"parameters\": {\"a\": [1,2]}}")));
        for (String json : List.of("{\"x\": 1}", "{\"name\": \"Ada\"", "{", "{}", "a {\"name\": \"find\"}")) {
            assertEquals(new ReadAnswer("", json, List.of()), ReadAnswer.of(rules, List.of(json)));
        }
    }

    @Test
    void tellsAnAnswerInJsonAsSoonAsItCannotBeACall() {
        OutputParser parser =
                new OutputParser(OutputRules.of(AnswerStart.EITHER).withFormat(ToolCallFormat.LLAMA));
        assertEquals(List.of(), parser.add("{"));
        assertEquals("{\"x", ReadAnswer.of(parser.add("\"x")).content());
        assertEquals("\": 1", ReadAnswer.of(parser.add("\": 1")).content());
        OutputRules rules = OutputRules.of(AnswerStart.EITHER).withFormat(ToolCallFormat.LLAMA);
        String blanks = "{" + " ".repeat(100);
        assertEquals(blanks, ReadAnswer.of(new OutputParser(rules).add(blanks)).content());
    }

    @Test
    void whatIsNoCallAfterAllComesOutAsItIs() {
        OutputRules qwen = OutputRules.of(AnswerStart.CONTENT).withFormat(ToolCallFormat.QWEN);
        for (String text : List.of(
                "<tool_call>not JSON</tool_call>",
                "<tool_call>{\"name\": 5}</tool_call> and on",
                "<tool_call>{\"name\": \"x\"",
                "<tool_call>",
                "a <tool_cal",
                "<tool_call>" + "[".repeat(10_000) + "</tool_call>")) {
            assertEquals(new ReadAnswer("", text, List.of()), ReadAnswer.of(qwen, List.of(text)));
        }
    }

    @Test
    void keepsAnUnfinishedCallAsFarAsItCame() {
        OutputRules rules = OutputRules.of(AnswerStart.CONTENT);
        assertEquals(
                List.of(new Call("find", "{\"a\": \"x")),
                ReadAnswer.of(
                                rules.withFormat(ToolCallFormat.DEEPSEEK_V3_1),
                                List.of("<｜tool▁call▁begin｜>find<｜tool▁sep｜>{\"a\": \"x"))
                        .calls());
        assertEquals(
                List.of(new Call("find", "{\"a\": \"x")),
                ReadAnswer.of(
                                rules.withFormat(ToolCallFormat.DEEPSEEK_R1),
                                List.of("<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>function<｜tool▁sep｜>find\n{\"a\": \"x"))
                        .calls());
    }

    /// A mark that the vocabulary has as a token is one only as that token: text that spells it is text.
    @Test
    void spellingAMarkIsNoMark() {
        for (ToolCallFormat format : callers()) {
            String text = "x" + TWO_CALLS.get(format) + "</think>y";
            List<String> marks = Stream.concat(format.controls().stream(), Stream.of("</think>"))
                    .toList();
            OutputRules rules =
                    OutputRules.of(AnswerStart.THOUGHTS).withFormat(format).withControls(Set.copyOf(marks));
            assertEquals(new ReadAnswer(text, "", List.of()), ReadAnswer.of(rules, List.of(text)), format.toString());

            OutputParser parser = new OutputParser(rules);
            List<Delta> deltas = new ArrayList<>(parser.add("t"));
            int from = 0;
            String calls = TWO_CALLS.get(format);
            for (int at = 0; at < calls.length(); at++) {
                for (String mark : marks) {
                    if (calls.startsWith(mark, at)) {
                        deltas.addAll(parser.add(calls.substring(from, at), false, List.of()));
                        deltas.addAll(parser.add(mark, true, List.of()));
                        from = at + mark.length();
                    }
                }
            }
            deltas.addAll(parser.add(calls.substring(from), false, List.of()));
            deltas.addAll(parser.finish());
            assertEquals(new ReadAnswer("t", "", CALLS), ReadAnswer.of(deltas), format.toString());
        }
    }

    @Test
    void keepsStrangersWithinBounds() {
        String name = "n".repeat(1_000_000);
        OutputRules dsml = OutputRules.of(AnswerStart.CONTENT).withFormat(ToolCallFormat.DSML);
        ReadAnswer named = ReadAnswer.of(dsml, List.of("<｜DSML｜tool_calls>\n<｜DSML｜invoke name=\"" + name + "\">"));
        assertEquals(OutputParser.NAME_MAX, named.calls().getFirst().name().length());

        OutputParser parser =
                new OutputParser(OutputRules.of(AnswerStart.CONTENT).withFormat(ToolCallFormat.QWEN));
        StringBuilder told = new StringBuilder();
        String endless = "<tool_call>{\"name\": \"" + "x".repeat(2 * OutputParser.COLLECTED_MAX);
        told.append(ReadAnswer.of(parser.add(endless)).content());
        assertEquals(endless, told.toString());
        assertEquals(
                "\"}</tool_call>", ReadAnswer.of(parser.add("\"}</tool_call>")).content());
    }

    /// However an answer is cut, the same is read. (Blanks in the place of text around JSON are one for a piece;
    /// there alone it depends on the pieces.)
    @Test
    void doesNotDependOnThePieces() {
        String[] common = {
            "\n", "\n\n", "a", "b ", "<think>", "</think>", "</thi", "nk>", "<", "{", "}", "\"", "🐋", "STOP", "ST"
        };
        long seed = 11;
        Random random = new Random(seed);
        for (int round = 0; round < 4_000; round++) {
            ToolCallFormat format = ToolCallFormat.values()[random.nextInt(ToolCallFormat.values().length)];
            List<String> bricks = new ArrayList<>(List.of(common));
            bricks.addAll(format.controls());
            bricks.addAll(List.of(TWO_CALLS.get(format).split("(?<=\n)|(?=<)")));
            bricks.add(TWO_CALLS.get(format));
            StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(16); i > 0; i--) {
                text.append(bricks.get(random.nextInt(bricks.size())));
            }
            AnswerStart start = AnswerStart.values()[random.nextInt(AnswerStart.values().length)];
            OutputRules rules = OutputRules.of(start).withFormat(format);
            rules = random.nextInt(3) == 0 ? rules.withStop(List.of("STOP", "Sa")) : rules;
            List<String> pieces = ReadAnswer.cut(text.toString(), random, 5);
            assertEquals(
                    ReadAnswer.of(rules, List.of(text.toString())),
                    ReadAnswer.of(rules, pieces),
                    "seed %d, round %d: %s %s %s".formatted(seed, round, format, start, pieces));
        }
    }

    /// Without marks in it, everything that a model writes is told, whatever the format.
    @Test
    void losesNothing() {
        String[] bricks = {
            "<", "</", "｜DSM", "<tool_", "call>", "{\"x\"", "\n", "a", "<｜tool▁call", "think>", "<|python_"
        };
        long seed = 12;
        Random random = new Random(seed);
        for (int round = 0; round < 3_000; round++) {
            StringBuilder built = new StringBuilder();
            for (int i = random.nextInt(10); i > 0; i--) {
                built.append(bricks[random.nextInt(bricks.length)]);
            }
            String text = built.toString().replace("</think>", "").replace("<tool_call>", "");
            for (ToolCallFormat format : ToolCallFormat.values()) {
                OutputRules rules =
                        OutputRules.of(AnswerStart.CONTENT_CONTINUED).withFormat(format);
                assertEquals(
                        new ReadAnswer("", text, List.of()),
                        ReadAnswer.of(rules, ReadAnswer.cut(text, random, 3)),
                        "seed %d, round %d: %s".formatted(seed, round, format));
            }
        }
    }

    /// What the built-in layouts write into a history is read back.
    @Test
    void readsBackWhatTheLayoutsWrite() {
        String arguments = "{\"a\": \"q\\\"\\n</b> 猫\", \"n\": -1.5, \"o\": {\"k\": [1, null, true]}, \"e\": \"\"}";
        List<ToolCall> calls = List.of(new ToolCall("c1", "find", arguments), new ToolCall("c2", "stop", "{}"));
        Tool tool = new Tool("find", "", JsonText.parse("{\"type\": \"object\"}"), false);
        for (ChatTemplate template : List.of(
                new DeepSeekV32Template(),
                new DeepSeekV4Template(DeepSeekV4Template.Version.V4),
                new DeepSeekV4Template(DeepSeekV4Template.Version.V4_1))) {
            List<Message> question = List.of(Message.user("Find it"));
            List<Message> history = List.of(
                    question.getFirst(),
                    Message.assistant("Wait.", "I look.", calls),
                    Message.tool("1", "c1"),
                    Message.tool("2", "c2"));
            Prompt asked = template.render(ChatRequest.of(question, true).withTools(List.of(tool)));
            String told = template.render(ChatRequest.of(history, true).withTools(List.of(tool)))
                    .text();
            String answer = told.substring(asked.text().length(), told.indexOf("<｜end▁of▁sentence｜>"));
            OutputRules rules = OutputRules.of(asked.start()).withFormat(template.toolCalls());
            ReadAnswer read = ReadAnswer.of(rules, List.of(answer));
            assertEquals(
                    new ReadAnswer("I look.", "Wait.", List.of(new Call("find", arguments), new Call("stop", "{}"))),
                    read);
        }
    }

    /// The calls of the published templates' histories are read as the ones that were given.
    @Test
    void readsWhatPublishedTemplatesWrite() throws IOException {
        int read = 0;
        for (String name : List.of(
                "deepseek-v2.5",
                "deepseek-v3",
                "deepseek-v3-0324",
                "deepseek-r1-initial",
                "deepseek-r1",
                "deepseek-r1-distill",
                "deepseek-v3.1",
                "deepseek-v3.2-exp")) {
            ToolCallFormat format =
                    ToolCallFormat.ofTemplate(Files.readString(Goldens.path("chat-template/" + name + ".jinja")));
            assertEquals(
                    name.equals("deepseek-v3.1") || name.equals("deepseek-v3.2-exp")
                            ? ToolCallFormat.DEEPSEEK_V3_1
                            : ToolCallFormat.DEEPSEEK_R1,
                    format,
                    name);
            for (JsonNode example : JsonText.parse(Files.readString(Goldens.path("chat-template/" + name + ".json")))
                    .get("cases")) {
                String rendered = example.path("rendered").asText();
                int begin = rendered.indexOf("<｜tool▁calls▁begin｜>");
                JsonNode given = example.at("/messages/1/tool_calls");
                if (begin < 0 || !example.get("name").asText().startsWith("two-calls-null") || given.isMissingNode()) {
                    continue;
                }
                List<Call> calls = new ArrayList<>();
                for (JsonNode call : given) {
                    calls.add(new Call(
                            call.at("/function/name").asText(),
                            call.at("/function/arguments").asText()));
                }
                String answer = rendered.substring(begin, rendered.indexOf("<｜end▁of▁sentence｜>", begin));
                OutputRules rules = OutputRules.of(AnswerStart.CONTENT).withFormat(format);
                assertEquals(calls, ReadAnswer.of(rules, List.of(answer)).calls(), name);
                read++;
            }
        }
        assertTrue(read >= 8, "only " + read + " examples");
    }

    private static List<ToolCallFormat> callers() {
        return TWO_CALLS.keySet().stream()
                .filter(format -> format != ToolCallFormat.NONE)
                .toList();
    }
}
