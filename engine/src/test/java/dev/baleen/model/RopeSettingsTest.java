package dev.baleen.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.baleen.checkpoint.CheckpointException;
import dev.baleen.checkpoint.Config;
import dev.baleen.kernel.RotaryEmbedding;
import dev.baleen.kernel.RotaryEmbedding.Pairing;
import dev.baleen.tensor.Tensor;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RopeSettingsTest {
    /// The yarn of R1-0528-Qwen3-8B, whose `attn_factor` takes the magnitude back to one.
    private static final String YARN = """
            "factor": 4.0, "original_max_position_embeddings": 32768, "attn_factor": 0.8782488562869419""";

    @Test
    void thePublishedAndTheNewerFormSayTheSame() throws JsonProcessingException {
        String published = """
                {"max_position_embeddings": 131072, "rope_theta": 1000000, "rope_scaling": {"type": "yarn", %s}}""".formatted(YARN);
        String renamed = published.replace("\"type\"", "\"rope_type\"");
        String newer = """
                {"max_position_embeddings": 131072,
                 "rope_parameters": {"rope_type": "yarn", "rope_theta": 1000000, %s}}""".formatted(YARN);
        RotaryEmbedding expected =
                RotaryEmbedding.plain(128, 1e6, Pairing.HALVES).yarn(1e6, 4, 32768, 32, 1, 1);
        for (String config : new String[] {published, renamed, newer}) {
            assertSame(expected, read(config, 128));
        }
    }

    @Test
    void yarnStretchesSinesAndCosinesUnlessTheFileSaysHowMuch() throws JsonProcessingException {
        assertEquals(0.1 * Math.log(4) + 1, yarn("").magnitude(), 1e-12);
        assertEquals(1.2, yarn(", \"attention_factor\": 1.2").magnitude(), 1e-12);
        assertEquals(1, yarn(", \"mscale\": 0.707, \"mscale_all_dim\": 0.707").magnitude(), 1e-12);
    }

    @Test
    void theDynamicOneIsPlainWithinTheContext() throws JsonProcessingException {
        RotaryEmbedding dynamic = read("""
                {"rope_scaling": {"type": "dynamic", "factor": 2.0}}""", 64);
        assertSame(RotaryEmbedding.plain(64, 10_000, Pairing.HALVES), dynamic);
    }

    @Test
    void llama3DividesSlowPairsKeepsFastOnesAndRampsBetween() throws JsonProcessingException {
        String config = """
                {"rope_theta": 500000, "rope_scaling": {"rope_type": "llama3", "factor": 8.0, "low_freq_factor": 1.0,
                 "high_freq_factor": 4.0, "original_max_position_embeddings": 8192}}""";
        double[] plain = RotaryEmbedding.plain(128, 500_000, Pairing.HALVES).frequencies();
        double[] scaled = read(config, 128).frequencies();
        for (int i = 0; i < plain.length; i++) {
            double wavelength = 2 * Math.PI / plain[i];
            double division = plain[i] / scaled[i];
            if (wavelength < 8192 / 4.0) {
                assertEquals(1, division, 1e-12, "pair " + i);
            } else if (wavelength > 8192) {
                assertEquals(8, division, 1e-12, "pair " + i);
            } else {
                assertTrue(division > 1 && division < 8, "pair " + i + " divided by " + division);
            }
        }
    }

    @Test
    void whatIsUnknownIsRefusedByName() throws JsonProcessingException {
        Config json = config("""
                {"rope_scaling": {"rope_type": "longrope", "factor": 2.0}}""");
        RopeSettings.ofHuggingFace(json, 64, Pairing.HALVES);
        String told = assertThrows(CheckpointException.class, json::finish).getMessage();
        assertTrue(told.contains("\"rope_scaling.rope_type\": is 'longrope'"), told);
    }

    @Test
    void ggufHasFactorsAsATensorOrAFactorWithoutAType() throws JsonProcessingException {
        float[] factors = {1, 2, 4, 8};
        WeightSource withFactors = RandomModel.source(Map.of("rope_freqs.weight", Tensor.ofFloats(factors, 4)));
        double[] plain = RotaryEmbedding.plain(8, 10_000, Pairing.INTERLEAVED).frequencies();
        double[] divided = RopeSettings.ofGguf(config("{}"), 8, Pairing.INTERLEAVED, withFactors)
                .frequencies();
        WeightSource without = RandomModel.source(Map.of());
        double[] linear = RopeSettings.ofGguf(config("""
                {"rope.scale_linear": 4}"""), 8, Pairing.INTERLEAVED, without)
                .frequencies();
        for (int i = 0; i < plain.length; i++) {
            assertEquals(plain[i] / factors[i], divided[i], 1e-15);
            assertEquals(plain[i] / 4, linear[i], 1e-15);
        }
    }

    private static RotaryEmbedding yarn(String more) throws JsonProcessingException {
        return read("""
                {"max_position_embeddings": 400, "rope_scaling": {"type": "yarn", "factor": 4,
                 "original_max_position_embeddings": 100%s}}""".formatted(more), 64);
    }

    private static RotaryEmbedding read(String json, int columns) throws JsonProcessingException {
        Config config = config(json);
        RotaryEmbedding rotary = RopeSettings.ofHuggingFace(config, columns, Pairing.HALVES);
        config.finish();
        return rotary;
    }

    private static Config config(String json) throws JsonProcessingException {
        return Config.of("config.json", new ObjectMapper().readTree(json));
    }

    private static void assertSame(RotaryEmbedding expected, RotaryEmbedding actual) {
        assertArrayEquals(expected.frequencies(), actual.frequencies(), 1e-15);
        assertEquals(expected.magnitude(), actual.magnitude(), 1e-12);
        assertEquals(expected.pairing(), actual.pairing());
    }
}
