package dev.baleen.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.baleen.checkpoint.CheckpointException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainingCheckpointTest {
    @TempDir
    Path folder;

    @Test
    void goingOnGivesTheSameBitsAsNeverStopping() throws IOException {
        for (Optimizer optimizer : List.of(TinyRun.adamW(), new Muon(0.95, 0.01, TinyRun.adamW()))) {
            String undisturbed;
            try (TinyRun run = new TinyRun(optimizer, 2)) {
                for (int i = 0; i < 12; i++) {
                    run.step();
                }
                undisturbed = run.weights();
            }
            TrainingCheckpoint checkpoints = new TrainingCheckpoint(folder.resolve("run"));
            checkpoints.clear();
            try (TinyRun run = new TinyRun(optimizer, 2)) {
                for (int i = 0; i < 5; i++) {
                    run.step();
                }
                checkpoints.save(run.state(), run.parameters, run.moments);
            }
            // With another number of threads.
            try (TinyRun run = TinyRun.resume(optimizer, 1, folder.resolve("run"))) {
                assertEquals(5, run.trainer.steps());
                for (int i = 0; i < 7; i++) {
                    run.step();
                }
                assertEquals(undisturbed, run.weights());
            }
        }
    }

    @Test
    void stateComesBackWhole() throws IOException {
        TrainingState state = new TrainingState(1, 77, 123_456_789_012L, 5, -3_000_000_000_000_000_001L, "tiny");
        TrainingCheckpoint checkpoints = new TrainingCheckpoint(folder);
        try (TinyRun run = new TinyRun(TinyRun.adamW(), 1)) {
            checkpoints.save(state, run.parameters, run.moments);
            assertEquals(Optional.of(state), checkpoints.load("tiny", run.parameters, run.moments));
        }
    }

    @Test
    void thereIsNothingToLoadAtFirst() throws IOException {
        try (TinyRun run = new TinyRun(TinyRun.adamW(), 1)) {
            assertTrue(new TrainingCheckpoint(folder.resolve("new"))
                    .load("tiny", run.parameters, run.moments)
                    .isEmpty());
        }
    }

    @Test
    void theNewestTwoAreKept() throws IOException {
        TrainingCheckpoint checkpoints = new TrainingCheckpoint(folder);
        try (TinyRun run = new TinyRun(TinyRun.adamW(), 1)) {
            for (int i = 0; i < 4; i++) {
                run.step();
                checkpoints.save(run.state(), run.parameters, run.moments);
            }
        }
        assertFalse(Files.exists(folder.resolve("step-0-00000002")));
        assertTrue(Files.exists(folder.resolve("step-0-00000003")));
        assertEquals(
                "step-0-00000004", Files.readString(folder.resolve("latest")).strip());
    }

    @Test
    void unfinishedCheckpointsDoNotCount() throws IOException {
        try (TinyRun run = saved()) {
            Files.createDirectories(folder.resolve("step-0-00000009.tmp"));
            Files.writeString(folder.resolve("step-0-00000009.tmp/model.safetensors"), "half");
            assertEquals(1, load(run).orElseThrow().step());
        }
    }

    @Test
    void withoutTheFileLatestTheNewestCounts() throws IOException {
        try (TinyRun run = saved()) {
            Files.delete(folder.resolve("latest"));
            assertEquals(1, load(run).orElseThrow().step());
        }
    }

    @Test
    void refusesATruncatedFile() throws IOException {
        for (String file : List.of("model.safetensors", "optimizer.safetensors")) {
            try (TinyRun run = saved()) {
                Path damaged = folder.resolve("step-0-00000001").resolve(file);
                byte[] bytes = Files.readAllBytes(damaged);
                Files.write(damaged, java.util.Arrays.copyOf(bytes, bytes.length - 100));
                assertRefuses(run, file, "cut short or changed", "delete the folder");
            }
        }
    }

    @Test
    void refusesAFileWithOneBitChanged() throws IOException {
        try (TinyRun run = saved()) {
            Path damaged = folder.resolve("step-0-00000001/model.safetensors");
            byte[] bytes = Files.readAllBytes(damaged);
            bytes[bytes.length - 5] ^= 1;
            Files.write(damaged, bytes);
            assertRefuses(run, "model.safetensors", "cut short or changed");
        }
    }

    @Test
    void refusesAMissingFile() throws IOException {
        try (TinyRun run = saved()) {
            Files.delete(folder.resolve("step-0-00000001/optimizer.safetensors"));
            assertRefuses(run, "optimizer.safetensors", "SHA-256 none");
        }
    }

    @Test
    void refusesAStateThatIsNoJson() throws IOException {
        try (TinyRun run = saved()) {
            Files.writeString(folder.resolve("step-0-00000001/state.json"), "{\"step\": 1,");
            assertRefuses(run, "state.json", "missing or no JSON");
            Files.writeString(folder.resolve("step-0-00000001/state.json"), "[]");
            assertRefuses(run, "state.json", "missing");
            Files.writeString(folder.resolve("step-0-00000001/state.json"), "");
            assertRefuses(run, "state.json", "missing");
        }
    }

    @Test
    void refusesToGoOnWithOtherSettings() throws IOException {
        try (TinyRun run = saved()) {
            String message = assertThrows(
                            CheckpointException.class,
                            () -> new TrainingCheckpoint(folder).load("other", run.parameters, run.moments))
                    .getMessage();
            assertTrue(message.contains("began with tiny") && message.contains("another folder"), message);
        }
    }

    private TinyRun saved() throws IOException {
        TinyRun run = new TinyRun(TinyRun.adamW(), 1);
        run.step();
        new TrainingCheckpoint(folder).clear();
        new TrainingCheckpoint(folder).save(run.state(), run.parameters, run.moments);
        return run;
    }

    private Optional<TrainingState> load(TinyRun run) throws IOException {
        return new TrainingCheckpoint(folder).load("tiny", run.parameters, run.moments);
    }

    private void assertRefuses(TinyRun run, String... parts) {
        String message =
                assertThrows(CheckpointException.class, () -> load(run)).getMessage();
        for (String part : parts) {
            assertTrue(message.contains(part), message);
        }
    }
}
