package dev.baleen.checkpoint;

import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.SPARSE;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.baleen.dtype.DType;
import dev.baleen.tensor.Shape;
import dev.baleen.tensor.Tensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

class GgufTest {
    @TempDir
    private Path folder;

    @Test
    void readsEveryMetadataType() throws IOException {
        try (Gguf gguf = written(TestFiles.everyMetadataType(), new LinkedHashMap<>())) {
            assertEquals(3, gguf.version());
            assertEquals("deepseek2", gguf.architecture());
            assertEquals(200, gguf.integer("a.uint8"));
            assertEquals(-100, gguf.integer("a.int8"));
            assertEquals(60_000, gguf.integer("a.uint16"));
            assertEquals(-30_000, gguf.integer("a.int16"));
            assertEquals(4_000_000_000L, gguf.integer("a.uint32"));
            assertEquals(-2_000_000_000, gguf.integer("a.int32"));
            assertEquals(Long.MIN_VALUE, gguf.integer("a.int64"));
            assertEquals(0.5, gguf.number("a.float32"));
            assertEquals(0.1, gguf.number("a.float64"));
            assertEquals(200.0, gguf.number("a.uint8"));
            assertTrue(gguf.bool("a.bool"));
            assertEquals("<｜User｜> ü \n", gguf.string("a.text"));
            assertEquals(List.of("", "Ġt", "中文"), gguf.strings("a.texts"));
            assertArrayEquals(new long[] {1, -2, 3}, gguf.integers("a.wholes"));
            assertArrayEquals(new double[] {1.5, -2.5}, gguf.floats("a.reals"));
            assertEquals(TestFiles.everyMetadataType().keySet(), gguf.metadata().keySet());
            GgufValue.Many nested = (GgufValue.Many) gguf.metadata().get("a.nested");
            GgufValue.Many inner = (GgufValue.Many) nested.values().get(1);
            assertEquals(
                    new GgufValue.Whole(GgufType.UINT8, 255), inner.values().get(1));
        }
    }

    @Test
    void aGetterNamesTheKeyThatIsMissingOrOfAnotherType() throws IOException {
        try (Gguf gguf = written(TestFiles.everyMetadataType(), new LinkedHashMap<>())) {
            assertEquals(Optional.empty(), gguf.findString("b.none"));
            assertTold("\"b.none\": missing", () -> gguf.integer("b.none"));
            assertTold("\"a.text\"", () -> gguf.integer("a.text"));
            assertTold("below 2^63", () -> gguf.integer("a.uint64"));
            assertTold("UINT8", () -> gguf.string("a.uint8"));
            assertTold("true or false", () -> gguf.bool("a.uint8"));
            assertTold("a list", () -> gguf.strings("a.text"));
            assertTold("a text", () -> gguf.strings("a.wholes"));
        }
    }

    @Test
    void shapesAreOutermostFirstAndTensorsAreViewsOfTheFile() throws IOException {
        SequencedMap<String, Tensor> tensors = TestFiles.someTensors();
        try (Gguf gguf = written(TestFiles.everyMetadataType(), tensors)) {
            assertEquals(tensors.keySet(), gguf.tensors().keySet());
            tensors.forEach((name, tensor) -> {
                Tensor read = gguf.tensor(name).orElseThrow();
                assertEquals(tensor.shape(), read.shape(), name);
                assertEquals(tensor.type(), read.type(), name);
                assertArrayEquals(tensor.toFloats(), read.toFloats(), name);
                assertTrue(read.data().isReadOnly() && read.data().isMapped(), name);
                assertEquals(0, gguf.entries().get(name).offset() % 32, name);
            });
        }
    }

    @Test
    void theAlignmentOfTheFileIsRespected() throws IOException {
        for (int alignment : new int[] {1, 8, 64, 4096}) {
            SequencedMap<String, GgufValue> metadata = TestFiles.everyMetadataType();
            metadata.put("general.alignment", new GgufValue.Whole(GgufType.UINT32, alignment));
            try (Gguf gguf = written(metadata, TestFiles.someTensors())) {
                assertEquals(0, gguf.entries().get("experts").offset() % alignment);
                assertEquals(23, gguf.tensor("experts").orElseThrow().get(23));
            }
        }
    }

    @Test
    void version2IsReadToo() throws IOException {
        Path file = folder.resolve("two.gguf");
        Gguf.write(file, TestFiles.everyMetadataType(), TestFiles.someTensors());
        byte[] bytes = Files.readAllBytes(file);
        bytes[4] = 2;
        try (Gguf gguf = Gguf.open(TestFiles.write(file, bytes))) {
            assertEquals(2, gguf.version());
            assertEquals(5, gguf.tensor("matrix").orElseThrow().get(5));
        }
    }

    @Test
    void aTypeThatCannotBeDecodedIsListedButNotGivenOut() {
        byte[] bytes = TestFiles.gguf(1, 0)
                .text("x")
                .uint32(2)
                .uint64(256)
                .uint64(2)
                .uint32(12)
                .uint64(0)
                .padTo(32)
                .text(" ".repeat(2 * 144))
                .toBytes();
        assertEquals(Optional.empty(), DType.ofGgml(99));
        try (Gguf gguf = Gguf.open(TestFiles.write(folder.resolve("q4k.gguf"), bytes))) {
            TensorEntry entry = gguf.entries().get("x");
            assertEquals("Q4_K", entry.typeName());
            assertEquals(Shape.of(2, 256), entry.shape());
            assertEquals(2 * 144, entry.bytes());
            assertEquals(entry.type().isPresent(), gguf.tensor("x").isPresent());
        }
    }

    @Test
    void configReadsDottedKeysAsSections() throws IOException {
        SequencedMap<String, GgufValue> metadata = TestFiles.everyMetadataType();
        metadata.put("deepseek2.rope.scaling.factor", new GgufValue.Real(GgufType.FLOAT32, 40));
        metadata.put("deepseek2.block_count", new GgufValue.Whole(GgufType.UINT32, 61));
        try (Gguf gguf = written(metadata, new LinkedHashMap<>())) {
            Config config = gguf.config();
            Config own = config.section("deepseek2").orElseThrow();
            assertEquals(61, own.positive("block_count"));
            assertEquals(40, own.section("rope.scaling").orElseThrow().integer("factor"));
            assertEquals(40, own.number("rope.scaling.factor"));
            assertEquals(List.of(1, -2, 3), config.integers("a.wholes"));
            own.integer("missing");
            CheckpointException told = assertThrows(CheckpointException.class, config::finish);
            assertTrue(told.getMessage().contains("\"deepseek2.missing\""), told.getMessage());
        }
    }

    @Test
    void aFileOfMoreThanFourGibibytesIsMappedWhole() throws IOException {
        long elements = 1200L << 20;
        Path file = folder.resolve("big.gguf");
        byte[] header = TestFiles.gguf(1, 0)
                .text("big")
                .uint32(2)
                .uint64(1 << 20)
                .uint64(1200)
                .uint32(0)
                .uint64(0)
                .padTo(32)
                .toBytes();
        try (FileChannel channel = FileChannel.open(file, WRITE, CREATE_NEW, SPARSE)) {
            channel.write(ByteBuffer.wrap(header));
            byte[] fortyTwo = {0, 0, 0x28, 0x42};
            channel.write(ByteBuffer.wrap(fortyTwo), header.length + (elements - 1) * Float.BYTES);
        }
        try (Gguf gguf = Gguf.open(file)) {
            assertEquals(42, gguf.tensor("big").orElseThrow().get(elements - 1));
            assertEquals(0, gguf.tensor("big").orElseThrow().get(elements / 2));
        }
    }

    @Test
    void whatWasOpenedIsDeadAfterClosing() throws IOException {
        Gguf gguf = written(TestFiles.everyMetadataType(), TestFiles.someTensors());
        Tensor tensor = gguf.tensor("matrix").orElseThrow();
        gguf.close();
        assertThrows(IllegalStateException.class, () -> tensor.get(0));
    }

    private Gguf written(SequencedMap<String, GgufValue> metadata, SequencedMap<String, Tensor> tensors)
            throws IOException {
        Path file = folder.resolve("written.gguf");
        Gguf.write(file, metadata, tensors);
        return Gguf.open(file);
    }

    private static void assertTold(String part, Executable call) {
        String message = assertThrows(CheckpointException.class, call).getMessage();
        assertTrue(message.contains(part), message);
    }
}
