package dev.baleen.checkpoint;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.baleen.dtype.DType;
import dev.baleen.tensor.Shape;
import dev.baleen.tensor.Tensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SafetensorsTest {
    @TempDir
    private Path folder;

    @Test
    void readsBackWhatItWrote() throws IOException {
        SequencedMap<String, Tensor> tensors = TestFiles.someTensors();
        tensors.remove("blocks");
        Path file = folder.resolve("model.safetensors");
        Safetensors.write(file, tensors, Map.of("format", "pt", "step", "1200"));
        try (Safetensors read = Safetensors.open(file)) {
            assertEquals(Map.of("format", "pt", "step", "1200"), read.metadata());
            assertEquals(tensors.keySet(), read.tensors().keySet());
            tensors.forEach((name, tensor) -> {
                Tensor other = read.tensor(name).orElseThrow();
                assertEquals(tensor.shape(), other.shape());
                assertEquals(tensor.type(), other.type());
                assertArrayEquals(tensor.toFloats(), other.toFloats(), name);
                assertTrue(other.data().isMapped());
            });
        }
    }

    @Test
    void theSameTensorsGiveTheSameBytesInWhateverOrderTheyCome() throws IOException {
        Tensor x = TestFiles.counting(DType.F16, 0, 3);
        Tensor y = TestFiles.counting(DType.F32, 0, 3);
        Tensor z = TestFiles.counting(DType.F32, 5, 3);
        Path one = folder.resolve("one.safetensors");
        Path other = folder.resolve("other.safetensors");
        Safetensors.write(one, sequenced("x", x, "y", y, "z", z), Map.of());
        Safetensors.write(other, sequenced("z", z, "y", y, "x", x), Map.of());
        assertArrayEquals(Files.readAllBytes(one), Files.readAllBytes(other));
        try (Safetensors read = Safetensors.open(one)) {
            assertEquals(List.of("y", "z", "x"), List.copyOf(read.entries().keySet()));
            read.entries().values().forEach(entry -> assertEquals(0, entry.offset() % 4, entry.toString()));
        }
    }

    @Test
    void replacesAFileAndLeavesNothingElseBehind() throws IOException {
        Path file = folder.resolve("model.safetensors");
        TestFiles.write(folder.resolve(".model.safetensors-1f.tmp"), "what a killed process left");
        Safetensors.write(file, Map.of("x", TestFiles.counting(DType.F32, 0, 3)), Map.of());
        Safetensors.write(file, Map.of("y", TestFiles.counting(DType.F32, 7, 3)), Map.of());
        try (Safetensors read = Safetensors.open(file);
                Stream<Path> files = Files.list(folder)) {
            assertEquals(7, read.tensor("y").orElseThrow().get(0));
            assertEquals(List.of(file), files.toList());
        }
    }

    @Test
    void aTypeWithoutANameInTheFormatIsRefusedBeforeAnythingIsWritten() throws IOException {
        Path file = folder.resolve("model.safetensors");
        assertThrows(
                IllegalArgumentException.class,
                () -> Safetensors.write(file, Map.of("x", TestFiles.counting(DType.Q8_0, 0, 32)), Map.of()));
        try (Stream<Path> files = Files.list(folder)) {
            assertEquals(0, files.count());
        }
    }

    @Test
    void numbersMayLieAtOddBytes() {
        byte[] data = ByteBuffer.allocate(9)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put((byte) 1)
                .putFloat(1.5f)
                .putFloat(-2.5f)
                .array();
        String header = "{\"b\":{\"dtype\":\"U8\",\"shape\":[1],\"data_offsets\":[0,1]},"
                + "\"x\":{\"dtype\":\"F32\",\"shape\":[2],\"data_offsets\":[1,9]}}";
        Path file = TestFiles.write(folder.resolve("odd.safetensors"), TestFiles.safetensors(header, data));
        try (Safetensors read = Safetensors.open(file)) {
            assertTrue(read.entries().get("x").offset() % 4 != 0);
            assertArrayEquals(
                    new float[] {1.5f, -2.5f}, read.tensor("x").orElseThrow().toFloats());
            assertEquals("U8", read.entries().get("b").typeName());
        }
    }

    @Test
    void scalarsAndEmptyTensorsAreRead() {
        String header = "{\"s\":{\"dtype\":\"F32\",\"shape\":[],\"data_offsets\":[0,4]},"
                + "\"e\":{\"dtype\":\"F32\",\"shape\":[0,5],\"data_offsets\":[4,4]}, \"__metadata__\":{}}   ";
        Path file = TestFiles.write(folder.resolve("scalar.safetensors"), TestFiles.safetensors(header, new byte[4]));
        try (Safetensors read = Safetensors.open(file)) {
            assertEquals(Shape.of(1), read.tensor("s").orElseThrow().shape());
            assertEquals(0, read.tensor("e").orElseThrow().elements());
        }
    }

    private static SequencedMap<String, Tensor> sequenced(
            String a, Tensor first, String b, Tensor second, String c, Tensor third) {
        SequencedMap<String, Tensor> tensors = new LinkedHashMap<>();
        tensors.put(a, first);
        tensors.put(b, second);
        tensors.put(c, third);
        return tensors;
    }
}
