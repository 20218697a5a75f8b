package dev.baleen.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.OptionalDouble;
import org.junit.jupiter.api.Test;

class TerminalProgressTest {
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    private long now;

    @Test
    void tellsSpeedLossAndTimeLeft() {
        TerminalProgress progress = new TerminalProgress(out, true, () -> now);
        progress.begin("pre-train", 100);
        progress.step(TrainingState.start(0, ""), report(25));
        assertEquals(
                "\rpre-train ██████░░░░░░░░░░░░░░░░░░  25% 25/100 · loss 1.5000 (mtp 2.250) · 20,000 tokens/s · 50.0 GFLOP/s · 0:38 left",
                text());
    }

    @Test
    void aTerminalIsNotRedrawnMoreThanFiveTimesASecond() {
        TerminalProgress progress = new TerminalProgress(out, true, () -> now);
        progress.begin("pre-train", 1000);
        for (int i = 1; i <= 100; i++) {
            now += 10_000_000;
            progress.step(TrainingState.start(0, ""), report(i));
        }
        assertTrue(text().chars().filter(c -> c == '\r').count() <= 6, text());
    }

    @Test
    void aFileGetsAboutTwentyLines() {
        TerminalProgress progress = new TerminalProgress(out, false, () -> now);
        progress.begin("evaluate", 1000);
        for (int i = 1; i <= 1000; i++) {
            now += 1_000_000;
            progress.advance(i);
        }
        long lines = text().lines().count();
        assertTrue(lines >= 20 && lines <= 22, lines + " lines");
        assertTrue(!text().contains("\r"));
    }

    @Test
    void notesGetALineOfTheirOwn() {
        TerminalProgress progress = new TerminalProgress(out, true, () -> now);
        progress.begin("pre-train", 100);
        progress.step(TrainingState.start(0, ""), report(25));
        progress.note("hello");
        assertTrue(text().endsWith("left" + System.lineSeparator() + "hello" + System.lineSeparator()), text());
    }

    private String text() {
        return bytes.toString(StandardCharsets.UTF_8);
    }

    private static StepReport report(long step) {
        return new StepReport(
                step, 100, 10_000, 1.5, OptionalDouble.of(2.25), 0, 0.01, 2, false, 0.5, 25e9, new double[0]);
    }
}
