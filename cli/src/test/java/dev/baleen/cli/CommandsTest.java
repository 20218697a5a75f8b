package dev.baleen.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Commands over a model that knows nothing.
class CommandsTest {
    @TempDir
    private static Path folder;

    private static Path model;

    @BeforeAll
    static void writeModel() {
        model = RandomFolder.write(folder.resolve("model"));
    }

    @Test
    void chatAnswersTheSameToTheSameSeed() {
        Cli first = chat("-p", "What is 1 + 2?", "--seed", 7);
        Cli second = chat("-p", "What is 1 + 2?", "--seed", 7);
        Cli third = chat("-p", "What is 1 + 2?", "--seed", 8);
        assertEquals(0, first.status(), first.err());
        assertFalse(first.out().isBlank(), "no answer");
        assertEquals(first.out(), second.out());
        assertFalse(first.out().equals(third.out()), "another seed gave the same answer: " + first.out());
    }

    @Test
    void chatRefusesSettingsThatMakeNoSense() {
        assertTrue(chat("-p", "x", "--temp", -1).failed(2).contains("temperature"));
        assertTrue(chat("-p", "x", "--top-p", "most").failed(2).contains("most"));
        assertTrue(chat("-p", "x", "-n", 0).failed(2).contains("--predict"));
        assertTrue(chat("-p", "x", "-t", 0).failed(2).contains("--threads"));
        assertTrue(
                chat("-p", "x", "-c", 1 << 30, "--cache-memory", "1m").failed(2).contains("raise --cache-memory"));
        assertTrue(chat("-p", "x", "--memory", "1k").failed(2).contains("raise --memory"));
        assertTrue(chat("-p", "  ").failed(2).contains("no question"));
        assertTrue(chat("-p", "long ".repeat(1000)).failed(1).contains("context"));
    }

    @Test
    void aModelThatIsNoneIsOneLineAndATraceOnlyIfAskedFor() throws IOException {
        assertTrue(Cli.run("chat", "-p", "x", "--model", folder.resolve("none"))
                .failed(2)
                .contains("--model"));
        Path noModel = Files.writeString(folder.resolve("text.gguf"), "This is no model.");
        String told = Cli.run("chat", "-p", "x", "--model", noModel).failed(1);
        assertTrue(told.contains(noModel.toString()), told);
        Cli traced = Cli.run("chat", "-p", "x", "--model", noModel, "--verbose");
        assertEquals(1, traced.status());
        assertTrue(traced.err().contains("\tat dev.baleen.checkpoint"), traced.err());
    }

    @Test
    void inspectTellsSizesTensorsAndMemory() {
        String told = Cli.run("inspect", model, "--tensors").succeeded();
        assertTrue(told.contains("deepseek_v3"), told);
        assertTrue(told.contains("parameters    69,404"), told);
        assertTrue(told.contains("pages × 64 tokens"), told);
        assertTrue(told.contains("model.layers.1.mlp.experts.3.down_proj.weight"), told);
        assertTrue(told.contains("cuts text as baleen"), told);
        assertTrue(told.contains("cache         of 512 tokens"), told);
        assertTrue(Cli.run("inspect", folder.resolve("none")).failed(2).contains("none"));
    }

    @Test
    void inspectTellsTheSameToPrograms() throws IOException {
        String told =
                Cli.run("inspect", model, "--json", "--tensors", "--metadata").succeeded();
        JsonNode json = new ObjectMapper().readTree(told);
        assertEquals(69_404, json.at("/model/parameters").asLong());
        assertTrue(json.at("/model/active_parameters").asLong() < 69_404, told);
        assertEquals("deepseek_v3", json.at("/metadata/model_type").asText());
        long numbers = 0;
        for (JsonNode tensor : json.path("tensors")) {
            long elements = 1;
            for (JsonNode length : tensor.path("shape")) {
                elements *= length.asLong();
            }
            numbers += elements;
        }
        assertEquals(numbers, json.at("/types/F32/numbers").asLong());
        assertTrue(json.at("/model/memory/cache/512/F16").asLong() > 0, told);
    }

    @Test
    void perplexityIsMeasuredInWindowsAndRefusesWhatIsTooShort() throws IOException {
        Path text = Files.writeString(folder.resolve("text.txt"), "What is 1 + 2? ".repeat(40));
        String told =
                Cli.run("perplexity", text, "--model", model, "-c", 64, "-t", 1).succeeded();
        assertTrue(told.contains("window 2 of") && told.contains("perplexity "), told);
        assertTrue(Cli.run("perplexity", text, "--model", model, "-c", 64, "--stride", 16, "--windows", 2, "-t", 1)
                .succeeded()
                .contains("over 79 tokens"));
        Path word = Files.writeString(folder.resolve("word.txt"), "What");
        assertTrue(Cli.run("perplexity", word, "--model", model).failed(2).contains("too few"));
        assertTrue(Cli.run("perplexity", text, "--model", model, "-c", 513)
                .failed(2)
                .contains("512"));
        assertTrue(Cli.run("perplexity", folder.resolve("no.txt"), "--model", model)
                .failed(1)
                .contains("no.txt"));
    }

    @Test
    void serveSaysThatThePortIsTaken() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            String told = Cli.run("serve", "--model", model, "--port", taken.getLocalPort())
                    .failed(1);
            assertTrue(told.contains("--port") && told.contains(String.valueOf(taken.getLocalPort())), told);
        }
    }

    @Test
    void evalPrintsATableAndWritesTheSameForPrograms() throws IOException {
        Path json = folder.resolve("scores.json");
        Cli run = Cli.run(
                "eval", "--model", model, "--task", "sorting", "--problems", 2, "--reworded", 0, "--json", json);
        assertEquals(0, run.status(), run.err());
        assertTrue(run.out().lines().anyMatch(line -> line.startsWith("| sorting ")), run.out());
        JsonNode scores = new ObjectMapper().readTree(Files.readString(json));
        assertEquals(2, scores.at("/tasks/0/known_wordings/problems").asInt(), scores.toString());
        assertTrue(
                Cli.run("eval", "--model", model, "--task", "poetry").failed(2).contains("addition"));
        assertTrue(Cli.run("eval", "--model", model, "--problems", 0).failed(2).contains("0 problems"));
    }

    @Test
    @Tag("slow")
    void benchMeasuresWhatTheContextHolds() {
        assertTrue(Cli.run("bench", "--model", model, "-p", 513).failed(2).contains("512"));
        String table = Cli.run("bench", "--model", model, "-p", 8, "-n", 2, "-r", 1, "-t", 1)
                .succeeded();
        assertTrue(table.contains("prompt of 8") && table.contains("answer of 2"), table);
    }

    @Test
    @Tag("slow")
    void benchTellsHowFastATokenizerIs() {
        assertTrue(Cli.run("bench", "tokenizer", "--model", model, "-r", 0)
                .failed(2)
                .contains("--repetitions"));
        String table = Cli.run("bench", "tokenizer", "--model", model, "-r", 1).succeeded();
        assertTrue(table.matches("(?s).*encode +[0-9.]+ MB/s.*decode +[0-9,.]+ MB/s.*"), table);
    }

    @Test
    @Tag("slow")
    void trainMakesAModelThatOtherCommandsUse() {
        Path made = folder.resolve("made");
        Cli run = Cli.run("train", "speck", "--scale", 0.05, "--output", made, "-t", 1);
        assertEquals(0, run.status(), run.err());
        assertTrue(run.out().contains("| countdown "), run.out());
        assertTrue(Files.isRegularFile(made.resolve("training").resolve("loss.svg")));
        assertTrue(Cli.run("train", "speck", "--chart", "--output", made)
                .succeeded()
                .contains("Loss"));
        assertTrue(Cli.run("train", "speck", "--output", made).status() == 1, "trained over a finished model");
        assertEquals(0, Cli.run("chat", "-p", "Hello", "--model", made, "-n", 3).status());
    }

    @Test
    void trainRefusesRecipesAndFoldersThatThereAreNot() {
        assertTrue(Cli.run("train", "oak").failed(2).contains("sprout"));
        assertTrue(Cli.run("train", "--scale", 0).failed(2).contains("more than 0"));
        assertTrue(Cli.run("train", "--chart", "--output", folder.resolve("none"))
                .failed(2)
                .contains("--output"));
    }

    private static Cli chat(Object... words) {
        Object[] all = new Object[words.length + 8];
        all[0] = "chat";
        all[1] = "--model";
        all[2] = model;
        all[3] = "--no-think";
        all[4] = "--temp";
        all[5] = 1;
        all[6] = "-n";
        all[7] = 12;
        System.arraycopy(words, 0, all, 8, words.length);
        return Cli.run(all);
    }
}
