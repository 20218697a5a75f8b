package dev.baleen.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/// The command with the tokenizer of a model that knows nothing, alone in a folder.
class TokenizeCommandTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private static Path folder;

    private static Path tokenizer;

    @BeforeAll
    static void keepTheTokenizerOnly() throws IOException {
        Path model = RandomFolder.write(folder.resolve("model"));
        tokenizer = Files.createDirectory(folder.resolve("alone")).resolve("tokenizer.json");
        Files.copy(model.resolve("tokenizer.json"), tokenizer);
        Files.copy(model.resolve("tokenizer_config.json"), tokenizer.resolveSibling("tokenizer_config.json"));
    }

    @Test
    void theTextComesBackByteForByte() throws IOException {
        for (String text : List.of("", "Hello, 中文 \uD83D\uDE00\r\n\t<think>x</think>", "a".repeat(10_000), "\u0000")) {
            for (Path where : List.of(tokenizer, tokenizer.getParent())) {
                byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
                byte[] ids = run(bytes, "--model", where).succeeded();
                assertEquals(1, new String(ids, StandardCharsets.UTF_8).lines().count());
                assertTrue(JSON.readTree(ids).isArray());
                assertArrayEquals(bytes, run(ids, "--model", where, "--decode").succeeded());
            }
        }
    }

    @Test
    void linesAreTextsOfTheirOwn() throws IOException {
        List<String> texts = List.of("one", "two\nlines", "", "\uD83D alone", "\"quoted\" \\ \u2028");
        StringBuilder in = new StringBuilder();
        for (String text : texts) {
            in.append(JSON.writer().with(JsonWriteFeature.ESCAPE_NON_ASCII).writeValueAsString(text))
                    .append('\n');
        }
        byte[] ids = run(bytes(in.toString()), "--model", tokenizer, "--jsonl").succeeded();
        List<String> lines = text(ids).lines().toList();
        assertEquals(texts.size(), lines.size());
        List<String> back = text(run(ids, "--model", tokenizer, "--jsonl", "--decode")
                        .succeeded())
                .lines()
                .toList();
        for (int i = 0; i < texts.size(); i++) {
            String expected = texts.get(i).replace('\uD83D', '\uFFFD');
            assertEquals(expected, JSON.readValue(back.get(i), String.class));
            byte[] alone = run(bytes(expected), "--model", tokenizer).succeeded();
            assertEquals(text(alone).strip(), lines.get(i));
        }
    }

    @Test
    void controlTokensAndTheBeginTokenAreTheCallersChoice() {
        byte[] control = bytes("<｜User｜>");
        assertEquals(1, ids(run(control, "--model", tokenizer).succeeded()).length);
        assertTrue(ids(run(control, "--model", tokenizer, "--no-parse-special").succeeded()).length > 3);
        int[] plain = ids(run(bytes("Hi"), "--model", tokenizer).succeeded());
        int[] begun = ids(run(bytes("Hi"), "--model", tokenizer, "--add-bos").succeeded());
        assertArrayEquals(plain, Arrays.copyOfRange(begun, 1, begun.length));
        assertArrayEquals(
                ids(run(bytes("<｜begin▁of▁sentence｜>"), "--model", tokenizer).succeeded()), Arrays.copyOf(begun, 1));
    }

    @Test
    void anythingOnStandardInputIsTakenOrRefusedWithItsPlace() {
        byte[] noise = new byte[5000];
        for (long seed = 0; seed < 20; seed++) {
            new Random(seed).nextBytes(noise);
            byte[] ids = run(noise, "--model", tokenizer).succeeded();
            assertEquals(
                    text(noise), text(run(ids, "--model", tokenizer, "--decode").succeeded()), "seed " + seed);
        }
        for (String wrong : List.of("", "7", "[1,", "[-1]", "[1.5]", "[99999999999]", "[1] [2]", "{}")) {
            String told = run(bytes(wrong), "--model", tokenizer, "--decode").failed(1);
            assertTrue(told.contains("[5,17,9]"), told);
        }
        for (String wrong : List.of("\"ok\"\nplain", "\"a\"\n\"b", "\"a\"\n\"b\" \"c\"", "\"a\"\n[1]")) {
            String told = run(bytes(wrong), "--model", tokenizer, "--jsonl").failed(1);
            assertTrue(told.contains("line 2"), told);
        }
        assertTrue(run(bytes("[1]"), "--model", tokenizer, "--decode", "--add-bos")
                .failed(2)
                .contains("--add-bos"));
        assertTrue(run(bytes(""), "--model", folder.resolve("none")).failed(2).contains("none"));
        Supplier<Run> textForTokenizer = () -> run(bytes(""), "--model", Cli.repository("LICENSE"));
        assertTrue(textForTokenizer.get().failed(1).contains("LICENSE"));
    }

    /// What came of one command line.
    private record Run(int status, byte[] out, String err) {
        byte[] succeeded() {
            assertEquals("", err);
            assertEquals(0, status);
            return out;
        }

        String failed(int expectedStatus) {
            assertEquals(expectedStatus, status, err);
            assertEquals(1, err.lines().count(), err);
            return err;
        }
    }

    private static Run run(byte[] in, Object... words) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        StringWriter err = new StringWriter();
        CommandLine line = new CommandLine(new TokenizeCommand(new ByteArrayInputStream(in), out));
        Failures failures = new Failures(() -> false);
        int status = line.setErr(new PrintWriter(err))
                .setParameterExceptionHandler(failures)
                .setExecutionExceptionHandler(failures)
                .execute(Arrays.stream(words).map(Object::toString).toArray(String[]::new));
        return new Run(status, out.toByteArray(), err.toString());
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private static int[] ids(byte[] json) {
        try {
            return JSON.readValue(json, int[].class);
        } catch (IOException e) {
            throw new AssertionError(text(json), e);
        }
    }
}
