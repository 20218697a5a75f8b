package dev.baleen.training;

import java.io.PrintStream;
import java.util.Locale;
import java.util.function.LongSupplier;

/// A progress bar: in a terminal one line that is written over, elsewhere a line for every twentieth of a part.
public final class TerminalProgress implements Progress {
    private static final int BAR_WIDTH = 24;
    private static final int LINES = 20;
    private static final long REDRAW_NANOS = 200_000_000;
    /// How much of the shown speeds is the past: about the last twenty steps.
    private static final double SMOOTH = 0.95;

    private final PrintStream out;
    private final boolean terminal;
    private final LongSupplier nanoTime;
    private String title = "";
    private long steps;
    private long began;
    private long drawn;
    private long linesDrawn;
    private int width;
    private double weight;
    private double seconds;
    private double tokens;
    private double operations;

    /// @param terminal whether lines can be written over
    public TerminalProgress(PrintStream out, boolean terminal) {
        this(out, terminal, System::nanoTime);
    }

    TerminalProgress(PrintStream out, boolean terminal, LongSupplier nanoTime) {
        this.out = out;
        this.terminal = terminal;
        this.nanoTime = nanoTime;
    }

    @Override
    public void begin(String title, long steps) {
        end();
        this.title = title;
        this.steps = steps;
        began = nanoTime.getAsLong();
        drawn = began - REDRAW_NANOS;
        linesDrawn = 0;
        weight = seconds = tokens = operations = 0;
        if (steps == 0) {
            draw(title + " …");
        }
    }

    @Override
    public void step(TrainingState state, StepReport report) {
        weight = SMOOTH * weight + 1;
        seconds = SMOOTH * seconds + report.seconds();
        tokens = SMOOTH * tokens + report.tokens();
        operations = SMOOTH * operations + report.floatingPointOperations();
        if (!isDue(report.step())) {
            return;
        }
        StringBuilder line = new StringBuilder(bar(report.step()));
        line.append(format(" · loss %.4f", report.loss()));
        report.furtherLoss().ifPresent(loss -> line.append(format(" (mtp %.3f)", loss)));
        line.append(format(" · %,.0f tokens/s · %.1f GFLOP/s", tokens / seconds, operations / seconds / 1e9));
        line.append(" · ").append(left((steps - report.step()) * seconds / weight));
        draw(line.toString());
    }

    @Override
    public void advance(long done) {
        if (isDue(done)) {
            double elapsed = (nanoTime.getAsLong() - began) / 1e9;
            draw(bar(done) + " · " + left(done == 0 ? 0 : elapsed / done * (steps - done)));
        }
    }

    @Override
    public void note(String line) {
        end();
        out.println(line);
        out.flush();
    }

    @Override
    public void end() {
        if (terminal && width > 0) {
            out.println();
            width = 0;
        }
    }

    private boolean isDue(long done) {
        if (done >= steps) {
            return true;
        }
        return terminal
                ? nanoTime.getAsLong() - drawn >= REDRAW_NANOS
                : done * LINES / Math.max(1, steps) >= linesDrawn;
    }

    private String bar(long done) {
        int full = (int) (BAR_WIDTH * done / Math.max(1, steps));
        return format(
                "%s %s%s %3d%% %,d/%,d",
                title, "█".repeat(full), "░".repeat(BAR_WIDTH - full), 100 * done / Math.max(1, steps), done, steps);
    }

    private static String left(double seconds) {
        long whole = Math.round(seconds);
        return whole >= 3600
                ? format("%d:%02d:%02d left", whole / 3600, whole / 60 % 60, whole % 60)
                : format("%d:%02d left", whole / 60, whole % 60);
    }

    private void draw(String line) {
        drawn = nanoTime.getAsLong();
        linesDrawn++;
        if (terminal) {
            out.print("\r" + line + " ".repeat(Math.max(0, width - line.length())));
            width = line.length();
        } else {
            out.println(line);
        }
        out.flush();
    }

    private static String format(String pattern, Object... values) {
        return String.format(Locale.ROOT, pattern, values);
    }
}
