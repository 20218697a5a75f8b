package dev.baleen.cli;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.function.LongSupplier;

/// Shows how far work on a known number of bytes is, how fast it goes and how long it will take: in a terminal, on one
/// line that is written over. Elsewhere it shows nothing but the notes.
final class ProgressBar {
    private static final int WIDTH = 24;
    private static final long REDRAW_NANOS = 100_000_000;

    private final PrintWriter out;
    private final boolean terminal;
    private final LongSupplier nanoTime;
    private final long bytes;
    private final long began;
    private long done;
    private long drawn;
    private int shown;

    ProgressBar(PrintWriter out, long bytes) {
        this(out, Terminal.isThere(), System::nanoTime, bytes);
    }

    /// @param terminal whether the line can be written over
    ProgressBar(PrintWriter out, boolean terminal, LongSupplier nanoTime, long bytes) {
        this.out = out;
        this.terminal = terminal;
        this.nanoTime = nanoTime;
        this.bytes = bytes;
        this.began = nanoTime.getAsLong();
        this.drawn = began - REDRAW_NANOS;
    }

    /// So many bytes more are done.
    void advance(long count) {
        done += count;
        if (terminal && (nanoTime.getAsLong() - drawn >= REDRAW_NANOS || done >= bytes)) {
            draw();
        }
    }

    /// Prints a line that stays.
    void note(String line) {
        clear();
        out.println(line);
        if (terminal && done < bytes) {
            draw();
        }
        out.flush();
    }

    /// Takes the bar away.
    void end() {
        clear();
        out.flush();
    }

    private void draw() {
        drawn = nanoTime.getAsLong();
        double seconds = Math.max(1, drawn - began) / 1e9;
        double part = bytes == 0 ? 1 : Math.min(1, (double) done / bytes);
        String line = String.format(
                Locale.ROOT,
                "%s %3.0f %% · %,.0f MB/s · %s left",
                bar(part),
                Math.floor(100 * part),
                done / seconds / 1e6,
                time(done == 0 ? 0 : (bytes - done) * seconds / done));
        out.print("\r" + line + " ".repeat(Math.max(0, shown - line.length())));
        out.flush();
        shown = line.length();
    }

    private void clear() {
        if (shown > 0) {
            out.print("\r" + " ".repeat(shown) + "\r");
            shown = 0;
        }
    }

    /// A part of the whole, drawn.
    static String bar(double part) {
        int full = Math.clamp((long) (WIDTH * part), 0, WIDTH);
        return "█".repeat(full) + "░".repeat(WIDTH - full);
    }

    /// A time as on a clock.
    static String time(double seconds) {
        long whole = Math.max(0, Math.round(seconds));
        return whole >= 3600
                ? String.format(Locale.ROOT, "%d:%02d:%02d", whole / 3600, whole / 60 % 60, whole % 60)
                : String.format(Locale.ROOT, "%d:%02d", whole / 60, whole % 60);
    }
}
