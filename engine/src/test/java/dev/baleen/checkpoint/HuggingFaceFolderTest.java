package dev.baleen.checkpoint;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.baleen.dtype.DType;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class HuggingFaceFolderTest {
    @TempDir
    private Path folder;

    @Test
    void readsBackWhatItWrote() throws IOException {
        ObjectNode config = JsonNodeFactory.instance.objectNode().put("model_type", "deepseek_v3");
        HuggingFaceFolder.write(folder, config, Map.of("a", TestFiles.counting(DType.F32, 3, 2)));
        HuggingFaceFolder.writeJson(
                folder.resolve("generation_config.json"), config.deepCopy().put("eos_token_id", 1));
        TestFiles.write(folder.resolve("tokenizer.json"), "{}");
        try (HuggingFaceFolder read = HuggingFaceFolder.open(folder)) {
            assertEquals(config, read.configJson());
            assertEquals("deepseek_v3", read.config().text("model_type"));
            assertEquals(1, read.generationConfig().integer("eos_token_id"));
            assertEquals(Optional.of(folder.resolve("tokenizer.json")), read.tokenizerFile());
            assertEquals(Optional.empty(), read.tokenizerConfig());
            assertEquals(Optional.empty(), read.file("chat_template.jinja"));
            assertEquals(4, read.tensor("a").orElseThrow().get(1));
        }
    }

    @Test
    void readsShardsThroughTheIndex() throws IOException {
        TestFiles.writeShards(folder);
        try (Checkpoint read = Checkpoint.open(folder)) {
            assertEquals(List.of("a", "b", "c"), List.copyOf(read.tensors().keySet()));
            assertEquals(5, read.tensor("c").orElseThrow().get(1));
        }
    }

    @Test
    void readsALinkedFolderAsADownloadCacheHasIt() throws IOException {
        Path blobs = Files.createDirectories(folder.resolve("blobs"));
        Path snapshot = Files.createDirectories(folder.resolve("snapshots/main"));
        TestFiles.writeShards(blobs);
        try (Stream<Path> files = Files.list(blobs)) {
            for (Path file : files.toList()) {
                Files.createSymbolicLink(
                        snapshot.resolve(file.getFileName()),
                        Path.of("../../blobs").resolve(file.getFileName()));
            }
        }
        try (Checkpoint read = Checkpoint.open(snapshot)) {
            assertEquals(3, read.tensors().size());
        }
        Files.delete(blobs.resolve("model-00002-of-00002.safetensors"));
        TestFiles.refused(snapshot, "model-00002-of-00002.safetensors", "missing");
    }

    @Test
    void readsFilesOfOtherNamesWithoutAnIndex() throws IOException {
        TestFiles.writeShards(folder);
        Files.delete(folder.resolve(ShardIndex.FILE_NAME));
        try (Checkpoint read = Checkpoint.open(folder)) {
            assertEquals(3, read.tensors().size());
        }
        Files.copy(folder.resolve("model-00002-of-00002.safetensors"), folder.resolve("model-00003.safetensors"));
        TestFiles.refused(folder, "tensor \"c\"", "is also in model-00002-of-00002.safetensors");
    }

    @Test
    void theIndexDecidesWhichFileCounts() throws IOException {
        TestFiles.writeShards(folder);
        Safetensors.write(
                folder.resolve("model-00002-of-00002.safetensors"),
                Map.of("a", TestFiles.counting(DType.F32, 70, 2), "c", TestFiles.counting(DType.F32, 4, 2)),
                Map.of());
        try (Checkpoint read = Checkpoint.open(folder)) {
            assertEquals(0, read.tensor("a").orElseThrow().get(0));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"../../x.safetensors", "/etc/passwd", "sub/../../x", "..", "", "C:x", "..\\\\x", "a\\u0000b"})
    void refusesAnIndexThatLeavesTheFolder(String file) throws IOException {
        TestFiles.writeShards(folder);
        TestFiles.writeIndex(folder, "model-00001-of-00002.safetensors", file);
        TestFiles.refused(folder, ShardIndex.FILE_NAME, "not in the folder");
    }

    @Test
    void tellsTheProblemsOfAllFilesTogether() throws IOException {
        TestFiles.writeShards(folder);
        TestFiles.write(folder.resolve("config.json"), "{\"a\": 1, \"a\": 2}");
        TestFiles.write(folder.resolve("model-00001-of-00002.safetensors"), "cut");
        Files.delete(folder.resolve("model-00002-of-00002.safetensors"));
        CheckpointException refusal = TestFiles.refused(
                folder, "config.json", "Duplicate field", "model-00001-of-00002", "model-00002-of-00002", "missing");
        assertEquals(3, refusal.problems().size(), refusal.getMessage());
    }

    @Test
    void aTensorThatTheIndexPromisesMustBeInItsFile() throws IOException {
        TestFiles.writeShards(folder);
        TestFiles.writeIndex(folder, "model-00002-of-00002.safetensors", "model-00001-of-00002.safetensors");
        CheckpointException refusal = TestFiles.refused(folder, "tensor \"a\"", "although", ShardIndex.FILE_NAME);
        assertEquals(3, refusal.problems().size());
    }

    @Test
    void refusesFoldersThatLackWhatIsNeeded() throws IOException {
        TestFiles.refused(folder, "config.json: there is no such file", "holds neither model.safetensors nor");
        TestFiles.write(folder.resolve("config.json"), "[]");
        TestFiles.refused(folder, "holds no JSON object");
        TestFiles.write(folder.resolve("config.json"), " ".repeat(2_000_000) + "{}");
        TestFiles.refused(folder, "longer than 1,048,576 bytes");
        TestFiles.write(folder.resolve("config.json"), "{\"a\":".repeat(100_000));
        TestFiles.refused(folder, "nesting depth");
        TestFiles.writeShards(folder);
        for (String index : new String[] {"{}", "[]", "{\"weight_map\": 7}", "{\"weight_map\": {}}"}) {
            TestFiles.write(folder.resolve(ShardIndex.FILE_NAME), index);
            TestFiles.refused(folder, "lists no tensors");
        }
        TestFiles.write(folder.resolve(ShardIndex.FILE_NAME), "{\"weight_map\": {\"a\": [1]}}");
        TestFiles.refused(folder, "tensor \"a\"", "names no file");
        TestFiles.write(folder.resolve(ShardIndex.FILE_NAME), "{\"weight_map\": {\"a\": \"x\", \"a\": \"y\"}}");
        assertTrue(TestFiles.refused(folder).getMessage().contains("Duplicate field"));
    }
}
