package dev.baleen.cli;

import dev.baleen.hub.ModelReference;
import dev.baleen.hub.PullListener;
import dev.baleen.tensor.ByteCount;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.function.LongSupplier;

/// How a pull gets on: in a terminal one line that is written over, elsewhere a line for every twentieth part,
/// where that takes seconds.
final class PullBar implements PullListener {
    private static final int LINES = 20;
    private static final long REDRAW_NANOS = 200_000_000;
    private static final long LINE_NANOS = 2_000_000_000;
    /// The rate forgets what was so long ago to a third.
    private static final double MEMORY_SECONDS = 5;

    private final PrintWriter out;
    private final boolean terminal;
    private final LongSupplier nanoTime;
    private long total;
    private long done;
    private long drawn;
    private long drawnBytes;
    private int linesDrawn;
    private int width;
    private double rate;

    /// @param terminal whether lines can be written over
    PullBar(PrintWriter out, boolean terminal, LongSupplier nanoTime) {
        this.out = out;
        this.terminal = terminal;
        this.nanoTime = nanoTime;
    }

    @Override
    public synchronized void planned(ModelReference model, int files, long bytes, long here) {
        total = bytes;
        done = here;
        drawn = nanoTime.getAsLong();
        drawnBytes = here;
        linesDrawn = (int) (here * LINES / Math.max(1, bytes)) + 1;
        String begun = here > 0 ? ", of which " + ByteCount.text(here) + " are here" : "";
        out.printf("%s: %d %s, %s%s%n", model, files, files == 1 ? "file" : "files", ByteCount.text(bytes), begun);
        out.flush();
    }

    @Override
    public synchronized void advanced(long bytes) {
        done += bytes;
        long now = nanoTime.getAsLong();
        boolean due = terminal
                ? now - drawn >= REDRAW_NANOS
                : total > 0 && done * LINES / total >= linesDrawn && now - drawn >= LINE_NANOS;
        if (due || done == total) {
            draw(now);
        }
    }

    @Override
    public synchronized void noted(String line) {
        end();
        out.println(line);
        out.flush();
    }

    /// Leaves the line that was written over.
    synchronized void end() {
        if (width > 0) {
            out.println();
            out.flush();
            width = 0;
        }
    }

    private void draw(long now) {
        double seconds = Math.max(1e-9, (now - drawn) / 1e9);
        double fresh = Math.max(0, done - drawnBytes) / seconds;
        double kept = rate == 0 ? 0 : Math.exp(-seconds / MEMORY_SECONDS);
        rate = kept * rate + (1 - kept) * fresh;
        drawn = now;
        drawnBytes = done;
        linesDrawn = (int) (done * LINES / Math.max(1, total)) + 1;
        String line = line();
        if (terminal) {
            out.print("\r" + line + " ".repeat(Math.max(0, width - line.length())));
            width = line.length();
        } else {
            out.println(line);
        }
        out.flush();
    }

    private String line() {
        String speed = String.format(Locale.ROOT, "%.1f MB/s", rate / 1e6);
        if (total <= 0) {
            return "%s · %s".formatted(ByteCount.text(done), speed);
        }
        String bar = terminal ? ProgressBar.bar((double) done / total) + " " : "";
        String left = rate > 0 ? " · " + ProgressBar.time((total - done) / rate) + " left" : "";
        return String.format(
                Locale.ROOT,
                "%s%3d %% of %s · %s%s",
                bar,
                Math.clamp(100 * done / total, 0, 100),
                ByteCount.text(total),
                speed,
                done >= total ? "" : left);
    }
}
