package dev.baleen.checkpoint;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.baleen.dtype.DType;
import dev.baleen.tensor.Tensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/// Small files, right and wrong, and what refusing one has to look like.
final class TestFiles {
    /// Far more than reading a small file takes, far less than what hostile files ask for.
    static final long ALLOCATION_MAX = 16 << 20;

    private TestFiles() {}

    static Path write(Path file, byte[] bytes) {
        try {
            return Files.write(file, bytes);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static Path write(Path file, String text) {
        return write(file, text.getBytes(StandardCharsets.UTF_8));
    }

    /// A safetensors file of any header and any data.
    static byte[] safetensors(String header, byte[] data) {
        byte[] encoded = header.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(Long.BYTES + encoded.length + data.length)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(encoded.length)
                .put(encoded)
                .put(data)
                .array();
    }

    /// The start of a GGUF file, with counts that may lie.
    static GgufEncoder gguf(long tensors, long keys) {
        return new GgufEncoder()
                .uint32(GgufHeader.MAGIC)
                .uint32(3)
                .uint64(tensors)
                .uint64(keys);
    }

    static SequencedMap<String, GgufValue> everyMetadataType() {
        SequencedMap<String, GgufValue> metadata = new LinkedHashMap<>();
        metadata.put("general.architecture", new GgufValue.Text("deepseek2"));
        metadata.put("a.uint8", new GgufValue.Whole(GgufType.UINT8, 200));
        metadata.put("a.int8", new GgufValue.Whole(GgufType.INT8, -100));
        metadata.put("a.uint16", new GgufValue.Whole(GgufType.UINT16, 60_000));
        metadata.put("a.int16", new GgufValue.Whole(GgufType.INT16, -30_000));
        metadata.put("a.uint32", new GgufValue.Whole(GgufType.UINT32, 4_000_000_000L));
        metadata.put("a.int32", new GgufValue.Whole(GgufType.INT32, -2_000_000_000));
        metadata.put("a.uint64", new GgufValue.Whole(GgufType.UINT64, -1));
        metadata.put("a.int64", new GgufValue.Whole(GgufType.INT64, Long.MIN_VALUE));
        metadata.put("a.float32", new GgufValue.Real(GgufType.FLOAT32, 0.5f));
        metadata.put("a.float64", new GgufValue.Real(GgufType.FLOAT64, 0.1));
        metadata.put("a.bool", new GgufValue.Flag(true));
        metadata.put("a.text", new GgufValue.Text("<｜User｜> ü \n"));
        metadata.put("a.texts", GgufValue.Many.texts(List.of("", "Ġt", "中文")));
        metadata.put("a.wholes", GgufValue.Many.wholes(GgufType.INT32, 1, -2, 3));
        metadata.put("a.reals", GgufValue.Many.reals(GgufType.FLOAT32, 1.5, -2.5));
        metadata.put("a.flags", GgufValue.Many.flags(true, false));
        metadata.put(
                "a.nested",
                GgufValue.Many.arrays(
                        List.of(GgufValue.Many.texts(List.of("x")), GgufValue.Many.wholes(GgufType.UINT8, 7, 255))));
        return metadata;
    }

    static SequencedMap<String, Tensor> someTensors() {
        SequencedMap<String, Tensor> tensors = new LinkedHashMap<>();
        tensors.put("matrix", counting(DType.F32, 0, 2, 3));
        tensors.put("half", counting(DType.F16, 10, 3));
        tensors.put("blocks", counting(DType.Q8_0, 0, 2, 32));
        tensors.put("experts", counting(DType.BF16, 0, 2, 3, 4));
        return tensors;
    }

    /// `first`, `first + 1`, and so on.
    static Tensor counting(DType type, int first, long... lengths) {
        Tensor tensor = Tensor.allocate(Arena.ofAuto(), type, lengths);
        float[] values = new float[(int) tensor.elements()];
        for (int i = 0; i < values.length; i++) {
            values[i] = first + i;
        }
        tensor.setFloats(values);
        return tensor;
    }

    /// A folder in Hugging Face layout with two shards: `a` and `b` in the first, `c` in the second.
    static void writeShards(Path folder) throws IOException {
        write(folder.resolve("config.json"), "{\"model_type\": \"tiny\"}");
        Map<String, Tensor> first = Map.of("a", counting(DType.F32, 0, 2), "b", counting(DType.F32, 2, 2));
        Safetensors.write(folder.resolve("model-00001-of-00002.safetensors"), first, Map.of());
        Map<String, Tensor> second = Map.of("c", counting(DType.F32, 4, 2));
        Safetensors.write(folder.resolve("model-00002-of-00002.safetensors"), second, Map.of());
        writeIndex(folder, "model-00001-of-00002.safetensors", "model-00002-of-00002.safetensors");
    }

    static void writeIndex(Path folder, String firstFile, String secondFile) {
        write(
                folder.resolve(ShardIndex.FILE_NAME),
                "{\"metadata\": {\"total_size\": 24}, \"weight_map\": {\"a\": \"%1$s\", \"b\": \"%1$s\", \"c\": \"%2$s\"}}"
                        .formatted(firstFile, secondFile));
    }

    /// Opens what has to be refused, quickly and without allocating much, and checks that each part is told.
    static CheckpointException refused(Path path, String... parts) {
        long before = allocatedBytes();
        CheckpointException refusal = assertThrows(
                CheckpointException.class, () -> Checkpoint.open(path).close());
        long allocated = allocatedBytes() - before;
        assertTrue(allocated < ALLOCATION_MAX, "allocated " + allocated + " bytes to refuse " + path);
        for (String part : parts) {
            assertTrue(refusal.getMessage().contains(part), () -> "no \"" + part + "\" in: " + refusal.getMessage());
        }
        return refusal;
    }

    /// Bytes that this thread has ever allocated.
    static long allocatedBytes() {
        return ((com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean()).getCurrentThreadAllocatedBytes();
    }
}
