package dev.baleen.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.baleen.Goldens;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;

/// A small model that another implementation ran: its prompt, the logits of each position, and how it went on.
///
/// @param path the file or folder with the weights
/// @param margins how far the best logit was above the second at each greedy step
public record ReferenceModel(String name, Path path, int[] prompt, float[][] logits, int[] greedy, float[] margins) {
    private static final ObjectMapper JSON = new ObjectMapper();

    /// The largest difference allowed, as a part of the largest logit; the references' own README sets it.
    private static final double TOLERANCE = 1e-3;

    /// Where the reference's best and second logit lie closer than this part of the largest, either may win.
    private static final double TIE = 2e-3;

    /// Reads `tiny-NAME` (GGUF) or `hf/NAME` from the reference data.
    public static ReferenceModel read(String name) {
        boolean folder = name.startsWith("hf/");
        Path expected = folder ? Goldens.path(name).resolve("expected.json") : Goldens.path(name + ".json");
        JsonNode json = json(expected);
        int[] prompt = ints(json.get("prompt"));
        Path logits = folder
                ? Goldens.path(name).resolve("expected.logits.f32")
                : Goldens.path(json.get("all_logits_file").asText());
        return new ReferenceModel(
                name,
                Goldens.path(folder ? name : name + ".gguf"),
                prompt,
                matrix(logits, prompt.length),
                ints(json.get("greedy")),
                floats(json.get("greedy_margin")));
    }

    /// Rows of little-endian floats.
    static float[][] matrix(Path file, int rows) {
        try {
            ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
            float[][] matrix = new float[rows][bytes.remaining() / Float.BYTES / rows];
            for (float[] row : matrix) {
                for (int i = 0; i < row.length; i++) {
                    row[i] = bytes.getFloat();
                }
            }
            return matrix;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    public void assertLogits(String how, float[][] actual) {
        assertLogits(name + ", " + how, logits, actual);
    }

    /// Every row within the tolerance, and the same best token but for ties.
    public static void assertLogits(String what, float[][] expected, float[][] actual) {
        assertEquals(expected.length, actual.length, what + ": rows");
        double largest = 0;
        double worst = 0;
        for (int row = 0; row < expected.length; row++) {
            for (int i = 0; i < expected[row].length; i++) {
                largest = Math.max(largest, Math.abs(expected[row][i]));
                worst = Math.max(worst, Math.abs(expected[row][i] - actual[row][i]));
            }
        }
        assertTrue(
                worst <= TOLERANCE * largest,
                "%s: off by %.3g, the largest logit being %.3g".formatted(what, worst, largest));
        for (int row = 0; row < expected.length; row++) {
            int best = Decoding.argmax(expected[row]);
            int actualBest = Decoding.argmax(actual[row]);
            assertTrue(
                    best == actualBest || expected[row][best] - expected[row][actualBest] < TIE * largest,
                    "%s: row %d prefers %d to %d".formatted(what, row, actualBest, best));
        }
    }

    /// The same greedy continuation, up to the first near tie.
    void assertGreedy(String how, int[] actual) {
        double largest = 0;
        for (float[] row : logits) {
            for (float value : row) {
                largest = Math.max(largest, Math.abs(value));
            }
        }
        for (int i = 0; i < greedy.length; i++) {
            if (margins[i] < TIE * largest && actual[i] != greedy[i]) {
                return;
            }
            assertEquals(greedy[i], actual[i], name + ", " + how + ": greedy token " + i);
        }
    }

    private static JsonNode json(Path file) {
        try {
            return JSON.readTree(file.toFile());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static int[] ints(JsonNode array) {
        int[] values = new int[array.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = array.get(i).asInt();
        }
        return values;
    }

    private static float[] floats(JsonNode array) {
        float[] values = new float[array.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) array.get(i).asDouble();
        }
        return values;
    }
}
