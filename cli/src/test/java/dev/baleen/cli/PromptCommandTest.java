package dev.baleen.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class PromptCommandTest {
    private static final String QUESTION =
            "{\"messages\": [{\"role\": \"user\", \"content\": \"猫?\\n\"}], \"thinking\": {\"type\": \"disabled\"}}";

    @Test
    void writesThePromptToTheCharacter() {
        assertEquals(
                "<｜begin▁of▁sentence｜><｜User｜>猫?\n<｜Assistant｜></think>",
                run(QUESTION, "--encoding", "deepseek-v3.2").out());
        assertEquals(
                "<｜begin▁of▁sentence｜><｜User｜>猫?\n<｜Assistant｜></think>",
                run(QUESTION, "--encoding", "deepseek-v4").out());
        assertEquals(
                "<｜begin▁of▁sentence｜><｜User｜>猫?\n<｜Assistant｜></think>",
                run(QUESTION, "--encoding", "deepseek-v4.1").out());
    }

    @Test
    void linesAreRequestsOfTheirOwn() {
        Run run =
                run(QUESTION + "\n\n{\"messages\": []}\nno JSON\n" + QUESTION, "--encoding", "deepseek-v4", "--jsonl");
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
        Run run = run("{\"messages\": []}", "--encoding", "deepseek-v4");
        assertEquals(1, run.status());
        assertEquals("baleen: Empty input messages\n", run.err());
    }

    @Test
    void namesTheEncodingsThatThereAre() {
        Run run = run(QUESTION, "--encoding", "deepseek-v5");
        assertEquals(2, run.status());
        assertTrue(run.err().contains("deepseek-v3.2, deepseek-v4, deepseek-v4.1"), run.err());
    }

    @Test
    void rendersATemplateInAFile(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(
                folder.resolve("t.jinja"),
                "{{ bos_token }}{% for m in messages %}[{{ m.role }}]{{ m.content }}{% endfor %}"
                        + "{{ eos_token }}{{ tools }}{{ date }}{% if add_generation_prompt %}[assistant]{% endif %}");
        String body = "{\"messages\": [{\"role\": \"user\", \"content\": \"猫\"}], \"bos_token\": \"<s>\","
                + " \"chat_template_kwargs\": {\"date\": \"today\"}}";
        assertEquals(
                "<s>[user]猫Nonetoday[assistant]",
                run(body, "--template", file.toString()).out());
        Files.writeString(
                folder.resolve("tokenizer_config.json"),
                "{\"bos_token\": \"<b>\", \"eos_token\": {\"content\": \"</b>\"}}");
        String plain = "{\"messages\": [], \"add_generation_prompt\": false}";
        assertEquals("<b></b>None", run(plain, "--template", file.toString()).out());
        List<String> lines = run(plain + "\n{}\n[]", "--template", file.toString(), "--jsonl")
                .out()
                .lines()
                .toList();
        assertEquals("\"<b></b>None\"", lines.get(0));
        assertTrue(lines.get(1).contains("messages: has to be an array"), lines.get(1));
        assertTrue(lines.get(2).contains("A request is a JSON object"), lines.get(2));
    }

    @Test
    void saysWhereATemplateIsWrong(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("t.jinja"), "\n{{ x");
        Run run = run(QUESTION, "--template", file.toString());
        assertEquals(1, run.status());
        assertTrue(run.err().contains("t.jinja cannot be read: a tag has no end '}}' (line 2, column 1"), run.err());
    }

    @Test
    void rendersTheTemplateThatAModelCarries(@TempDir Path folder) throws IOException {
        Files.writeString(
                folder.resolve("tokenizer_config.json"),
                "{\"bos_token\": \"<s>\", \"eos_token\": \"</s>\", \"chat_template\":"
                        + " \"{{ bos_token }}{% for m in messages %}{{ m.content }}"
                        + "{% for c in m.tool_calls or [] %}{{ c.function.name }}{{ c.function.arguments|tojson }}{% endfor %}{% endfor %}"
                        + "{% if enable_thinking is defined and not enable_thinking %}</think>{% endif %}\"}");
        assertEquals(
                "<s>猫?\n</think>", run(QUESTION, "--model", folder.toString()).out());
        String call = "{\"messages\": [{\"role\": \"assistant\", \"content\": \"\", \"tool_calls\": [{\"function\":"
                + " {\"name\": \"f\", \"arguments\": \"{\\\"a\\\": 1.0}\"}}]}]}";
        assertEquals("<s>f{\"a\": 1.0}", run(call, "--model", folder.toString()).out());
    }

    @Test
    void laysOutWhatAModelWithoutATemplateIsGiven(@TempDir Path folder) throws IOException {
        Files.writeString(folder.resolve("config.json"), "{\"model_type\": \"deepseek_v32\"}");
        assertEquals(
                run(QUESTION, "--encoding", "deepseek-v3.2").out(),
                run(QUESTION, "--model", folder.toString()).out());
    }

    @Test
    void takesOneLayoutOnly() {
        assertEquals(
                2,
                run(QUESTION, "--encoding", "deepseek-v4", "--template", "t.jinja")
                        .status());
    }

    private record Run(int status, String out, String err) {}

    private static Run run(String in, String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        StringWriter err = new StringWriter();
        Failures failures = new Failures(() -> false);
        CommandLine line = new CommandLine(
                        new PromptCommand(new ByteArrayInputStream(in.getBytes(StandardCharsets.UTF_8)), out))
                .setErr(new PrintWriter(err, true))
                .setParameterExceptionHandler(failures)
                .setExecutionExceptionHandler(failures);
        int status = line.execute(arguments);
        return new Run(status, out.toString(StandardCharsets.UTF_8), err.toString());
    }
}
