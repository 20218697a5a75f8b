package dev.baleen.chat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.baleen.Goldens;
import dev.baleen.checkpoint.Checkpoint;
import dev.baleen.checkpoint.CheckpointException;
import dev.baleen.checkpoint.Gguf;
import dev.baleen.checkpoint.GgufType;
import dev.baleen.checkpoint.GgufValue;
import dev.baleen.checkpoint.HuggingFaceFolder;
import dev.baleen.generation.ByteTokenizer;
import dev.baleen.generation.Sampling;
import dev.baleen.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GenerationSettingsTest {
    @TempDir
    private Path folder;

    @Test
    void takesWhatTheFileSays() throws IOException {
        GenerationSettings settings = read(
                "{\"do_sample\": true, \"temperature\": 0.6, \"top_p\": 0.9, \"top_k\": 20, \"eos_token_id\": [7, 9]}");
        assertEquals(Sampling.at(0.6).withTopP(0.9).withTopK(20), settings.sampling());
        assertEquals(Set.of(7, 9, 257), settings.endTokens());
    }

    @Test
    void isGreedyWhereTheFileWantsNoChance() throws IOException {
        GenerationSettings settings = read("{\"do_sample\": false, \"temperature\": 0.6, \"eos_token_id\": 7}");
        assertEquals(Sampling.greedy(), settings.sampling());
        assertEquals(Set.of(7, 257), settings.endTokens());
    }

    @Test
    void fallsBackToTheRecommendedWhereTheFileIsSilent() throws IOException {
        assertEquals(
                Sampling.at(0.6).withTopP(0.95), read("{\"use_cache\": true}").sampling());
    }

    @Test
    void refusesSettingsThatMeanNothing() {
        CheckpointException refusal =
                assertThrows(CheckpointException.class, () -> read("{\"temperature\": 0.6, \"top_p\": 3}"));
        assertTrue(refusal.getMessage().contains("top-p is 3.0"), refusal.getMessage());
    }

    @Test
    void takesTheNetworksEndsWhereTheFileNamesNone() throws IOException {
        HuggingFaceFolder.write(
                folder,
                new ObjectMapper().readTree("{\"eos_token_id\": [3, 5]}"),
                Map.of("w", Tensor.ofFloats(new float[] {1}, 1)));
        try (HuggingFaceFolder checkpoint = HuggingFaceFolder.open(folder)) {
            assertEquals(
                    Set.of(3, 5, 257),
                    GenerationSettings.of(checkpoint, new ByteTokenizer()).endTokens());
        }
    }

    /// Llama 3 names the end of a text in its files, and ends turns with another token.
    @Test
    void knowsWhatEndsATurnInVocabulariesOfTheReference() {
        assertEquals(Set.of(128_001, 128_009), ends("llama-bpe", 128_001));
        assertEquals(Set.of(151_643, 151_645), ends("qwen2", 151_643));
        assertTrue(ends("deepseek-llm", 100_001).contains(100_001));
        assertTrue(ends("deepseek-coder", 32_014).containsAll(Set.of(32_014, 32_021)));
    }

    private static Set<Integer> ends(String vocabulary, int end) {
        try (Checkpoint file = Checkpoint.open(Goldens.path("vocab/ggml-vocab-" + vocabulary + ".gguf"))) {
            Set<Integer> ends = GenerationSettings.of(file, Tokenizers.of(file)).endTokens();
            assertTrue(ends.contains(end), vocabulary + ": " + ends);
            return ends;
        }
    }

    @Test
    void takesWhatEndsATurnInAGgufFile() throws IOException {
        SequencedMap<String, GgufValue> metadata = new LinkedHashMap<>();
        metadata.put("general.architecture", new GgufValue.Text("llama"));
        metadata.put("tokenizer.ggml.eot_token_id", new GgufValue.Whole(GgufType.UINT32, 9));
        Path file = folder.resolve("model.gguf");
        SequencedMap<String, Tensor> tensors = new LinkedHashMap<>();
        tensors.put("w", Tensor.ofFloats(new float[] {1}, 1));
        Gguf.write(file, metadata, tensors);
        try (Checkpoint checkpoint = Checkpoint.open(file)) {
            assertEquals(
                    Set.of(9, 257),
                    GenerationSettings.of(checkpoint, new ByteTokenizer()).endTokens());
        }
    }

    private GenerationSettings read(String json) throws IOException {
        ObjectMapper mapper = new ObjectMapper();
        HuggingFaceFolder.write(folder, mapper.readTree("{}"), Map.of("w", Tensor.ofFloats(new float[] {1}, 1)));
        Files.writeString(folder.resolve("generation_config.json"), json);
        try (HuggingFaceFolder checkpoint = HuggingFaceFolder.open(folder)) {
            return GenerationSettings.of(checkpoint, new ByteTokenizer());
        }
    }
}
