package dev.baleen.chat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.baleen.checkpoint.CheckpointException;
import dev.baleen.checkpoint.HuggingFaceFolder;
import dev.baleen.generation.ByteTokenizer;
import dev.baleen.generation.Sampling;
import dev.baleen.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
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

    private GenerationSettings read(String json) throws IOException {
        ObjectMapper mapper = new ObjectMapper();
        HuggingFaceFolder.write(folder, mapper.readTree("{}"), Map.of("w", Tensor.ofFloats(new float[] {1}, 1)));
        Files.writeString(folder.resolve("generation_config.json"), json);
        try (HuggingFaceFolder checkpoint = HuggingFaceFolder.open(folder)) {
            return GenerationSettings.of(checkpoint, new ByteTokenizer());
        }
    }
}
