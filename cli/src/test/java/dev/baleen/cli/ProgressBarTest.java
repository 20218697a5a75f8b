package dev.baleen.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;

/// The bar in a terminal and elsewhere, on a clock of the test's.
class ProgressBarTest {
    private final StringWriter written = new StringWriter();
    private long nanos;

    @Test
    void tellsHowFarItIsHowFastAndHowLong() {
        ProgressBar bar = bar(true, 400_000_000);
        nanos += 2_000_000_000L;
        bar.advance(100_000_000);
        assertEquals("\r██████░░░░░░░░░░░░░░░░░░  25 % · 50 MB/s · 0:06 left", written.toString());
        nanos += 50_000_000;
        bar.advance(1_000_000);
        assertEquals(1, written.toString().chars().filter(c -> c == '\r').count(), "not again so soon");
        nanos += 2_000_000_000L;
        bar.advance(299_000_000);
        assertTrue(written.toString().contains("100 %"), written.toString());
    }

    @Test
    void aNoteStandsAboveTheBar() {
        ProgressBar bar = bar(true, 100);
        nanos += 1_000_000_000L;
        bar.advance(50);
        bar.note("half");
        String text = written.toString();
        assertTrue(text.matches("(?s)\r█.*left\r +\rhalf\\R\r█.*left"), text);
        bar.end();
        assertTrue(written.toString().endsWith(" \r"), "the bar is gone");
    }

    @Test
    void whereNoLineCanBeWrittenOverThereAreOnlyNotes() {
        ProgressBar bar = bar(false, 100);
        nanos += 1_000_000_000L;
        bar.advance(50);
        bar.note("half");
        bar.advance(50);
        bar.end();
        assertEquals("half\n", written.toString().replace("\r\n", "\n"));
    }

    private ProgressBar bar(boolean terminal, long bytes) {
        return new ProgressBar(new PrintWriter(written), terminal, () -> nanos, bytes);
    }
}
