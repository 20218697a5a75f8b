package dev.baleen.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.baleen.Goldens;
import dev.baleen.tensor.Shape;
import dev.baleen.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Files that other programs wrote.
class GoldenCheckpointTest {
    @Test
    void opensEveryGgufFile() throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.walk(Goldens.path(""), 2)) {
            files = all.filter(file -> file.toString().endsWith(".gguf")).toList();
        }
        assertTrue(files.size() >= 11, files.toString());
        for (Path file : files) {
            try (Checkpoint checkpoint = Checkpoint.open(file)) {
                Gguf gguf = (Gguf) checkpoint;
                assertTrue(gguf.strings("tokenizer.ggml.tokens").size() >= 512, file.toString());
                assertTrue(
                        gguf.config().section(gguf.architecture()).orElseThrow().positive("block_count") > 1);
                assertReadable(gguf);
            }
        }
    }

    @Test
    void readsTheShapesAndNumbersOfAGgufFile() {
        try (Gguf gguf = Gguf.open(Goldens.path("tiny-deepseek2-v3.gguf"))) {
            assertEquals(83, gguf.tensors().size());
            assertEquals(
                    Shape.of(512, 64),
                    gguf.tensor("token_embd.weight").orElseThrow().shape());
            assertEquals(
                    Shape.of(48, 64),
                    gguf.tensor("blk.0.attn_q_a.weight").orElseThrow().shape());
            assertEquals(163_840, gguf.integer("deepseek2.context_length"));
            assertEquals(1e-6, gguf.number("deepseek2.attention.layer_norm_rms_epsilon"), 1e-12);
            assertTrue(gguf.bool("deepseek2.expert_weights_norm"));
        }
    }

    @Test
    void opensEveryHuggingFaceFolder() throws IOException {
        List<Path> folders;
        try (Stream<Path> all = Files.list(Goldens.path("hf"))) {
            folders = all.filter(Files::isDirectory).toList();
        }
        assertTrue(folders.size() >= 12, folders.toString());
        for (Path folder : folders) {
            try (Checkpoint checkpoint = Checkpoint.open(folder)) {
                assertTrue(checkpoint.config().has("model_type"), folder.toString());
                assertTrue(checkpoint.entries().size() >= 30, folder.toString());
                assertReadable(checkpoint);
            }
        }
    }

    @Test
    void readsAShardedFolder() {
        try (HuggingFaceFolder folder = HuggingFaceFolder.open(Goldens.path("hf/deepseek-v3-sharded-mtp"))) {
            long files = folder.entries().values().stream()
                    .map(TensorEntry::file)
                    .distinct()
                    .count();
            assertEquals(7, files);
            assertEquals(269, folder.tensors().size());
            assertEquals(1, folder.generationConfig().integer("eos_token_id"));
        }
    }

    /// Every tensor can be read, four-bit floats as twice as many columns; or using it is refused with the name of
    /// its type.
    private static void assertReadable(Checkpoint checkpoint) {
        checkpoint.entries().forEach((name, entry) -> {
            Weights weights = Weights.of(checkpoint);
            if (entry.type().isPresent()) {
                for (float value : checkpoint.tensor(name).orElseThrow().toFloats()) {
                    assertTrue(Float.isFinite(value), name);
                }
            } else if (entry.typeName().equals("I8")) {
                Tensor fourBits = weights.get(
                        name, entry.shape().axis(0), 2 * entry.shape().axis(1));
                weights.finish();
                assertTrue(fourBits.scales().isPresent(), name);
                for (float value : fourBits.toFloats()) {
                    assertTrue(Float.isFinite(value), name);
                }
            } else {
                weights.get(name, lengths(entry.shape()));
                CheckpointException told = assertThrows(CheckpointException.class, weights::finish);
                assertTrue(told.getMessage().contains("has type " + entry.typeName()), told.getMessage());
            }
        });
    }

    private static long[] lengths(Shape shape) {
        long[] lengths = new long[shape.axes()];
        for (int i = 0; i < lengths.length; i++) {
            lengths[i] = shape.axis(i);
        }
        return lengths;
    }
}
