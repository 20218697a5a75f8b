package dev.baleen.conversion;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.baleen.checkpoint.Gguf;
import dev.baleen.tensor.Shape;
import dev.baleen.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Importance matrices as text and as GGUF, right and wrong.
class ImportanceTest {
    @TempDir
    private Path folder;

    @Test
    void readsALineForEachTensor() throws IOException {
        Importance importance = text("# a comment\n\na.weight 1 0.5 2e-3\n b.weight\t0 7 \n");
        assertEquals(2, importance.size());
        assertArrayEquals(
                new float[] {1, 0.5f, 2e-3f},
                importance.of("a.weight", Shape.of(9, 3)).orElseThrow());
        assertEquals(Optional.empty(), importance.of("c.weight", Shape.of(9, 3)));
        assertEquals(List.of("b.weight"), importance.unknown(List.of("a.weight", "c.weight")));
    }

    @Test
    void expertsHaveNumbersOfTheirOwnOrShareThem() throws IOException {
        Importance importance = text("own 1 2 3 4 5 6\nshared 1 2 3\n");
        Shape experts = Shape.of(2, 4, 3);
        ColumnWeights own = new ColumnWeights(importance.of("own", experts), experts);
        ColumnWeights shared = new ColumnWeights(importance.of("shared", experts), experts);
        assertEquals(0, own.start(3), "the last row of the first expert");
        assertEquals(3, own.start(4), "the first row of the second");
        assertEquals(0, shared.start(4));
    }

    @Test
    void refusesAnotherModelsNumbers() throws IOException {
        Importance importance = text("a.weight 1 2 3 4\n");
        String told = assertThrows(IllegalArgumentException.class, () -> importance.of("a.weight", Shape.of(2, 4, 3)))
                .getMessage();
        assertTrue(told.contains("has 4 numbers for tensor \"a.weight\" of shape [2, 4, 3], which needs 3 or 6"), told);
    }

    @ParameterizedTest
    @CsvSource({
        "a.weight 1 x, line 1 has \"x\" as its number 2",
        "a.weight 1 -1, line 1 has -1 as its number 2; it has to be 0 or more",
        "a.weight NaN, line 1 has NaN as its number 1; it has to be 0 or more",
        "a.weight 1e39, line 1 has 1e39 as its number 1; it has to be 0 or more",
        "a.weight, line 1 has a name and no numbers",
        "'a.weight 1\na.weight 2', line 2 names the tensor \"a.weight\" a second time",
        "#, names no tensor"
    })
    void saysWhatIsWrongWithALine(String content, String told) {
        String message = assertThrows(IllegalArgumentException.class, () -> text(content))
                .getMessage();
        assertTrue(message.contains("importance.txt"), message);
        assertTrue(message.contains(told), message);
    }

    @Test
    void refusesBytesThatAreNoText() throws IOException {
        Path file = Files.write(folder.resolve("old.dat"), new byte[] {5, 0, 0, 0, (byte) 0xFF, (byte) 0xFE, 1});
        String told = assertThrows(IllegalArgumentException.class, () -> Importance.read(file))
                .getMessage();
        assertTrue(told.contains("is neither text nor GGUF"), told);
    }

    @Test
    void readsSumsAndCountsFromGguf() throws IOException {
        SequencedMap<String, Tensor> tensors = new LinkedHashMap<>();
        tensors.put("a.weight.in_sum2", Tensor.ofFloats(new float[] {10, 20, 30}, 1, 3));
        tensors.put("a.weight.counts", Tensor.ofFloats(new float[] {10}, 1, 1));
        tensors.put("e.weight.in_sum2", Tensor.ofFloats(new float[] {2, 4, 6, 8}, 2, 2));
        tensors.put("e.weight.counts", Tensor.ofFloats(new float[] {2, 0}, 2, 1));
        Importance importance = Importance.read(gguf(tensors));
        assertArrayEquals(
                new float[] {1, 2, 3}, importance.of("a.weight", Shape.of(5, 3)).orElseThrow());
        assertArrayEquals(
                new float[] {1, 2, 1, 1},
                importance.of("e.weight", Shape.of(2, 5, 2)).orElseThrow(),
                "an expert that saw no token");
    }

    @Test
    void refusesAGgufFileThatIsNone() throws IOException {
        SequencedMap<String, Tensor> tensors = new LinkedHashMap<>();
        tensors.put("a.weight", Tensor.ofFloats(new float[] {1, 2, 3}, 3));
        Path model = gguf(tensors);
        String told = assertThrows(IllegalArgumentException.class, () -> Importance.read(model))
                .getMessage();
        assertTrue(told.contains("without an importance matrix"), told);
        tensors.put("a.weight.in_sum2", Tensor.ofFloats(new float[] {1, 2, 3}, 3));
        Path half = gguf(tensors);
        told = assertThrows(IllegalArgumentException.class, () -> Importance.read(half))
                .getMessage();
        assertTrue(told.contains("has sums for \"a.weight\", but no counts"), told);
    }

    private Importance text(String content) throws IOException {
        return Importance.read(Files.writeString(folder.resolve("importance.txt"), content));
    }

    private Path gguf(SequencedMap<String, Tensor> tensors) throws IOException {
        Path file = folder.resolve("importance.gguf");
        Gguf.write(file, new LinkedHashMap<>(), tensors);
        return file;
    }
}
