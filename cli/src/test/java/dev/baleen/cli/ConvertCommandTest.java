package dev.baleen.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// From a folder to a file and back, as people type it.
class ConvertCommandTest {
    @TempDir
    private static Path folder;

    private static Path model;

    @BeforeAll
    static void writeModel() {
        model = RandomFolder.write(folder.resolve("model"));
    }

    @Test
    void aModelGoesToGgufAndBackAndAnswersTheSame() throws IOException {
        Path file = folder.resolve("there.gguf");
        Path back = folder.resolve("back");
        String told = Cli.run("convert", model, file, "--type", "f32").succeeded();
        assertTrue(told.contains("written: " + file), told);
        Cli.run("convert", file, back, "--shard-size", "64k").succeeded();
        assertTrue(Files.exists(back.resolve("model.safetensors.index.json")));
        assertEquals(logits(model), logits(file));
        assertEquals(logits(model), logits(back));
        assertEquals(
                Files.readString(model.resolve("tokenizer.json")).length(),
                Files.readString(back.resolve("tokenizer.json")).length());
    }

    /// The greedy tokens, and the bits of all logits as one number.
    private static String logits(Path path) throws IOException {
        Path output = folder.resolve("logits.f32");
        String greedy = Cli.run(
                        "logits", "--model", path, "--tokens", "5,17,9,17,30", "--output", output, "--greedy", 8)
                .succeeded();
        return greedy + Arrays.hashCode(Files.readAllBytes(output));
    }

    @Test
    void refusesWhatIsNoConversion() {
        Path file = folder.resolve("refused.gguf");
        assertTrue(
                Cli.run("convert", model, folder.resolve("refused")).failed(2).contains(".gguf"));
        assertTrue(Cli.run("convert", model, model).failed(2).contains("already"));
        assertTrue(Cli.run("convert", model, file, "--type", "Q4_K").failed(2).contains("quantize"));
        assertTrue(
                Cli.run("convert", model, file, "--pre", "unheard-of").failed(1).contains("deepseek-v3"));
        assertTrue(Cli.run("convert", folder.resolve("none"), file).failed(2).contains("none"));
        assertTrue(!Files.exists(file));
    }
}
