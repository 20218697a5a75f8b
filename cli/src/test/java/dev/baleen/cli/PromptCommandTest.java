package dev.baleen.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class PromptCommandTest {
    private static final String QUESTION =
            "{\"messages\": [{\"role\": \"user\", \"content\": \"猫?\\n\"}], \"thinking\": {\"type\": \"disabled\"}}";

    @Test
    void writesThePromptToTheCharacter() {
        assertEquals(
                "<｜begin▁of▁sentence｜><｜User｜>猫?\n<｜Assistant｜></think>",
                run(QUESTION, "deepseek-v3.2").out());
        assertEquals(
                "<｜begin▁of▁sentence｜><｜User｜>猫?\n<｜Assistant｜></think>",
                run(QUESTION, "deepseek-v4").out());
        assertEquals(
                "<｜begin▁of▁sentence｜><｜User｜>猫?\n<｜Assistant｜></think>",
                run(QUESTION, "deepseek-v4.1").out());
    }

    @Test
    void linesAreRequestsOfTheirOwn() {
        Run run = run(QUESTION + "\n\n{\"messages\": []}\nno JSON\n" + QUESTION, "deepseek-v4", "--jsonl");
        assertEquals(0, run.status(), run.err());
        List<String> lines = run.out().lines().toList();
        assertEquals(4, lines.size(), run.out());
        assertEquals("\"<｜begin▁of▁sentence｜><｜User｜>猫?\\n<｜Assistant｜></think>\"", lines.get(0));
        assertEquals(
                "{\"error\":{\"message\":\"Empty input messages\",\"type\":\"invalid_request_error\",\"param\":null,"
                        + "\"code\":\"invalid_request_error\"}}",
                lines.get(1));
        assertTrue(lines.get(2).startsWith("{\"error\":{\"message\":\"The request body is no JSON"), lines.get(2));
        assertEquals(lines.get(0), lines.get(3));
    }

    @Test
    void aRefusalIsSaidAndEndsTheProgram() {
        Run run = run("{\"messages\": []}", "deepseek-v4");
        assertEquals(1, run.status());
        assertEquals("baleen: Empty input messages\n", run.err());
    }

    @Test
    void namesTheEncodingsThatThereAre() {
        Run run = run(QUESTION, "deepseek-v5");
        assertEquals(2, run.status());
        assertTrue(run.err().contains("deepseek-v3.2, deepseek-v4, deepseek-v4.1"), run.err());
    }

    private record Run(int status, String out, String err) {}

    private static Run run(String in, String encoding, String... more) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        StringWriter err = new StringWriter();
        Failures failures = new Failures(() -> false);
        CommandLine line = new CommandLine(
                        new PromptCommand(new ByteArrayInputStream(in.getBytes(StandardCharsets.UTF_8)), out))
                .setErr(new PrintWriter(err, true))
                .setParameterExceptionHandler(failures)
                .setExecutionExceptionHandler(failures);
        String[] arguments = new String[more.length + 2];
        arguments[0] = "--encoding";
        arguments[1] = encoding;
        System.arraycopy(more, 0, arguments, 2, more.length);
        int status = line.execute(arguments);
        return new Run(status, out.toString(StandardCharsets.UTF_8), err.toString());
    }
}
