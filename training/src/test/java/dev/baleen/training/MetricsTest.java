package dev.baleen.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MetricsTest {
    @TempDir
    Path folder;

    private final TrainingState start = TrainingState.start(1, "r");

    @Test
    void everyStepIsALineAtOnce() throws IOException {
        Path file = folder.resolve("metrics.csv");
        try (Metrics metrics = new Metrics(file, start)) {
            TrainingState state = start.after(report(1, 3.5));
            metrics.add(state, report(1, 3.5));
            List<String> lines = Files.readAllLines(file);
            assertEquals(
                    "stage,step,tokens,loss,further_loss,balance_loss,rate,gradient_norm,clips,tokens_per_second,gigaflops,max_violation_0,max_violation_1",
                    lines.get(0));
            assertEquals(
                    "0,1,100,3.50000,4.00000,0.000100000,0.0100000,2.00000,1,200.000,0.100000,0.250000,0.500000",
                    lines.get(1));
        }
    }

    @Test
    void goingOnDropsWhatCameAfterTheCheckpoint() throws IOException {
        Path file = folder.resolve("metrics.csv");
        TrainingState state = start;
        try (Metrics metrics = new Metrics(file, start)) {
            for (int i = 1; i <= 5; i++) {
                state = state.after(report(i, 6 - i));
                metrics.add(state, report(i, 6 - i));
            }
        }
        Files.writeString(file, "0,6,600,0.", StandardOpenOption.APPEND); // Killed while writing.
        TrainingState third = new TrainingState(0, 3, 300, 3, 1, "r");
        try (Metrics metrics = new Metrics(file, third)) {
            assertEquals(3, metrics.rows().size());
            metrics.add(third.after(report(4, 1)), report(4, 1));
        }
        List<String> lines = Files.readAllLines(file);
        assertEquals(5, lines.size());
        assertTrue(lines.get(0).startsWith("stage,step") && lines.get(4).startsWith("0,4,400,1.0"), lines.toString());
    }

    private static StepReport report(long step, double loss) {
        return new StepReport(
                step, 10, 100, loss, OptionalDouble.of(4), 1e-4, 0.01, 2, true, 0.5, 5e7, new double[] {0.25, 0.5});
    }
}
