package dev.baleen.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.baleen.checkpoint.Checkpoint;
import dev.baleen.kernel.Backends;
import dev.baleen.kernel.ComputePool;
import dev.baleen.kernel.EagerOps;
import dev.baleen.model.Architectures;
import dev.baleen.model.Batch;
import dev.baleen.model.KvCache;
import dev.baleen.model.Model;
import dev.baleen.tensor.Workspace;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Logits as people get them, against the model's own and those of other implementations.
class LogitsCommandTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int[] TOKENS = {5, 17, 9, 17, 30};
    private static final double TOLERANCE = 1e-3;

    @TempDir
    private static Path folder;

    private static Path model;

    @BeforeAll
    static void writeModel() {
        model = RandomFolder.write(folder.resolve("model"));
    }

    @Test
    void areThoseOfTheModelInOneBatchAndStepByStep() throws IOException {
        float[] expected = forward();
        Path batch = folder.resolve("batch.f32");
        Path steps = folder.resolve("steps.f32");
        Cli.run("logits", "--model", model, "--tokens", "5,17,9,17,30", "--output", batch)
                .succeeded();
        Cli.run("logits", "--model", model, "--tokens", "5,17,9,17,30", "--output", steps, "--step-by-step", "-t", 1)
                .succeeded();
        assertArrayEquals(expected, floats(batch), 1e-4f);
        assertArrayEquals(floats(batch), floats(steps), "step by step differs in bits");
    }

    @Test
    void areFollowedByTheLikeliestTokensAsOneLineOfJson() throws IOException {
        Path file = folder.resolve("greedy.f32");
        String printed = Cli.run("logits", "--model", model, "--tokens", "5,17,9", "--output", file, "--greedy", 4)
                .succeeded();
        assertEquals(1, printed.lines().count(), printed);
        JsonNode greedy = JSON.readTree(printed);
        assertEquals(4, greedy.size(), printed);
        // Each token is the likeliest after all before it.
        String tokens = "5,17,9";
        for (JsonNode token : greedy) {
            Cli.run("logits", "--model", model, "--tokens", tokens, "--output", file)
                    .succeeded();
            float[] logits = floats(file);
            int best = logits.length - 400;
            for (int i = best; i < logits.length; i++) {
                best = logits[i] > logits[best] ? i : best;
            }
            assertEquals(best - (logits.length - 400), token.asInt(), "after " + tokens);
            tokens += "," + token.asInt();
        }
    }

    @Test
    void refusesTokensAndLengthsThatTheModelDoesNotHave() {
        Path file = folder.resolve("never.f32");
        assertTrue(Cli.run("logits", "--model", model, "--tokens", "5,400", "--output", file)
                .failed(2)
                .contains("400 is no token of this model, whose vocabulary has the ids 0 to 399"));
        assertTrue(Cli.run("logits", "--model", model, "--tokens", "5", "--output", file, "--greedy", 512)
                .failed(2)
                .contains("513 positions"));
        assertTrue(Cli.run("logits", "--model", model, "--tokens", "5", "--output", file, "--greedy", -1)
                .failed(2)
                .contains("--greedy"));
        assertTrue(Cli.run("logits", "--model", model, "--tokens", "five", "--output", file)
                .failed(2)
                .contains("five"));
        assertTrue(!Files.exists(file), "a refused command wrote a file");
        Path nowhere = folder.resolve("no").resolve("such").resolve("folder.f32");
        assertTrue(Cli.run("logits", "--model", model, "--tokens", "5", "--output", nowhere)
                .failed(1)
                .contains(nowhere.toString()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"tiny-deepseek2-v3", "hf/deepseek-v2-lite"})
    void agreeWithOtherImplementations(String name) throws IOException {
        boolean isFolder = name.startsWith("hf/");
        JsonNode expected = JSON.readTree(
                Files.readString(isFolder ? Cli.golden(name).resolve("expected.json") : Cli.golden(name + ".json")));
        float[] logits =
                floats(isFolder ? Cli.golden(name).resolve("expected.logits.f32") : Cli.golden(name + ".logits.f32"));
        float largest = 0;
        for (float logit : logits) {
            largest = Math.max(largest, Math.abs(logit));
        }
        for (List<String> how : List.of(List.<String>of(), List.of("--step-by-step"))) {
            Path file = folder.resolve("golden.f32");
            List<Object> words = new ArrayList<>(List.of(
                    "logits",
                    "--model",
                    Cli.golden(isFolder ? name : name + ".gguf"),
                    "--tokens",
                    expected.get("prompt").toString().replaceAll("[\\[\\] ]", ""),
                    "--output",
                    file,
                    "--greedy",
                    32));
            words.addAll(how);
            String greedy = Cli.run(words.toArray()).succeeded();
            assertArrayEquals(logits, floats(file), (float) (TOLERANCE * largest), name + how);
            assertEquals(expected.get("greedy"), JSON.readTree(greedy), name + how);
        }
    }

    private static float[] forward() {
        try (Checkpoint checkpoint = Checkpoint.open(model);
                ComputePool pool = new ComputePool(1)) {
            Model loaded = Architectures.load(checkpoint);
            try (Workspace workspace = new Workspace(1 << 20)) {
                EagerOps ops = new EagerOps(Backends.best(pool), workspace);
                return loaded.forward(ops, Batch.documents(List.of(TOKENS)), KvCache.none())
                        .toFloats();
            }
        }
    }

    private static float[] floats(Path file) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
        float[] floats = new float[bytes.remaining() / Float.BYTES];
        bytes.asFloatBuffer().get(floats);
        return floats;
    }
}
