package dev.baleen.checkpoint;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ConfigTest {
    @Test
    void readsEachTypeAndItsDefault() {
        Config config = config("""
                {"layers": 61, "factor": 40.0, "eps": 1e-6, "tied": true, "type": "yarn", "none": null,
                 "eos": 1, "stops": [1, 2], "block": [0.5, 2], "names": ["a"], "rope": {"beta": 32}}""");
        assertEquals(61, config.positive("layers"));
        assertEquals(40, config.integer("factor"));
        assertEquals(40, config.number("factor"));
        assertEquals(1e-6, config.number("eps"));
        assertTrue(config.flag("tied"));
        assertEquals("yarn", config.text("type"));
        assertEquals(List.of(1), config.integers("eos"));
        assertEquals(List.of(1, 2), config.integers("stops"));
        assertEquals(List.of(0.5, 2.0), config.numbers("block"));
        assertEquals(List.of("a"), config.texts("names"));
        assertEquals(List.of(), config.texts("none"));
        assertEquals(32, config.section("rope").orElseThrow().integer("beta"));
        assertEquals(Optional.empty(), config.section("none"));
        assertFalse(config.has("none"));
        assertEquals(0, config.positive("none", 0));
        assertEquals(-1, config.integer("none", -1));
        assertEquals(2.5, config.number("none", 2.5));
        assertTrue(config.flag("none", true));
        assertEquals("x", config.text("none", "x"));
        assertDoesNotThrow(config::finish);
    }

    @Test
    void collectsEveryProblemWithFileAndKey() {
        Config config = config("""
                {"layers": "61", "heads": 0, "size": 3000000000, "half": 1.5, "huge": 1e999, "eps": "small", "tied": 1,
                 "type": 7, "eos": ["x"], "rope": [1, 2], "yarn": {"beta": {}}}""");
        config.positive("layers");
        config.positive("heads");
        config.positive("size");
        config.integer("half");
        config.number("huge");
        config.number("eps", 1);
        config.flag("tied", false);
        config.text("type");
        config.integers("eos");
        config.section("rope");
        config.section("yarn").orElseThrow().number("beta");
        config.integer("absent");
        config.problem("layers", "too many", "use fewer");
        CheckpointException told = assertThrows(CheckpointException.class, config::finish);
        assertEquals(13, told.problems().size(), told.getMessage());
        for (Problem problem : told.problems()) {
            assertTrue(problem.where().startsWith("config.json, key \""), problem.toString());
            assertFalse(problem.remedy().isEmpty(), problem.toString());
        }
        assertTrue(told.getMessage().contains("\"yarn.beta\": is an object of 0 entries"), told.getMessage());
        assertTrue(told.getMessage().contains("\"layers\": is \"61\"; it has to be a whole number"), told.getMessage());
    }

    private static Config config(String json) {
        try {
            return Config.of("config.json", new ObjectMapper().readTree(json));
        } catch (JsonProcessingException e) {
            throw new AssertionError(e);
        }
    }
}
