package dev.baleen.checkpoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.baleen.dtype.DType;
import dev.baleen.tensor.Shape;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TensorSourceTest {
    private static final SequencedMap<String, GgufValue> METADATA =
            new LinkedHashMap<>(java.util.Map.of("general.architecture", new GgufValue.Text("none")));

    @TempDir
    private Path folder;

    @Test
    void tensorsMadePieceByPieceAreReadBackFromBothFormats() throws IOException {
        Path gguf = folder.resolve("m.gguf");
        Gguf.write(gguf, METADATA, sources());
        Path shards = folder.resolve("shards");
        HuggingFaceFolder.write(shards, JsonNodeFactory.instance.objectNode(), sources(), 50);
        Path whole = folder.resolve("whole");
        HuggingFaceFolder.write(whole, JsonNodeFactory.instance.objectNode(), sources(), 1 << 20);
        assertTrue(Files.exists(shards.resolve("model-00001-of-00003.safetensors")));
        assertTrue(Files.exists(whole.resolve("model.safetensors")));
        for (Path path : List.of(gguf, shards, whole)) {
            try (Checkpoint checkpoint = Checkpoint.open(path)) {
                assertArrayEquals(
                        new float[] {0, 1, 2, 3, 4, 5},
                        checkpoint.tensor("a").orElseThrow().toFloats());
                assertArrayEquals(
                        new float[] {0, 1, 2, 3, 4, 5, 6, 7, 8, 9},
                        checkpoint.tensor("large").orElseThrow().toFloats());
                assertEquals("I32", checkpoint.entries().get("ids").typeName());
                assertEquals(8, checkpoint.entries().get("ids").bytes());
            }
        }
    }

    @Test
    void whatDoesNotFitOnTheDiskIsNotBegun() throws IOException {
        Path file = folder.resolve("vast.gguf");
        TensorSource vast = new TensorSource("a", DType.F32, Shape.of(1_000_000_000, 1_000_000_000), sink -> {
            throw new IllegalStateException("begun");
        });
        String told = assertThrows(IOException.class, () -> Gguf.write(file, METADATA, List.of(vast)))
                .getMessage();
        assertTrue(told.matches("(?s).*vast\\.gguf takes 3637979 TiB, but .* are free in .*; make room.*"), told);
        try (var left = Files.list(folder)) {
            assertEquals(List.of(), left.toList());
        }
    }

    private static List<TensorSource> sources() {
        return List.of(
                counting("a", 2, 3),
                new TensorSource(
                        "ids", StoredType.I32, Shape.of(2), sink -> sink.write(MemorySegment.ofArray(new byte[8]))),
                counting("large", 1, 10),
                counting("b", 4));
    }

    private static TensorSource counting(String name, long... lengths) {
        Shape shape = Shape.of(lengths);
        return new TensorSource(name, DType.F32, shape, sink -> {
            MemorySegment piece = MemorySegment.ofArray(new byte[4]);
            for (int i = 0; i < shape.elements(); i++) {
                piece.set(ValueLayout.JAVA_FLOAT_UNALIGNED, 0, i);
                sink.write(piece);
            }
        });
    }

    @Test
    void aTensorOfAnotherLengthThanPromisedLeavesNoFile() {
        Path file = folder.resolve("m.gguf");
        TensorSource liar = new TensorSource(
                "liar", DType.F32, Shape.of(3), sink -> sink.write(MemorySegment.ofArray(new byte[8])));
        assertThrows(IllegalStateException.class, () -> Gguf.write(file, METADATA, List.of(liar)));
        assertFalse(Files.exists(file));
        TensorSource twin = counting("a", 1);
        assertThrows(IllegalArgumentException.class, () -> Gguf.write(file, METADATA, List.of(twin, twin)));
        assertThrows(
                IllegalArgumentException.class,
                () -> new TensorSource("rows", DType.Q8_0, Shape.of(32, 2), sink -> {}));
    }
}
