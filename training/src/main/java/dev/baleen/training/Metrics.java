package dev.baleen.training;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// What every step measured, one line each in `metrics.csv`; the line is on its way to the disk before the next step.
///
/// Going on from a checkpoint drops the lines of steps after it, which will be measured again.
public final class Metrics implements AutoCloseable {
    private static final List<String> COLUMNS = List.of(
            "stage",
            "step",
            "tokens",
            "loss",
            "further_loss",
            "balance_loss",
            "rate",
            "gradient_norm",
            "clips",
            "tokens_per_second",
            "gigaflops");
    private static final String GATE_COLUMN = "max_violation_";

    private final Path file;
    private final List<Row> rows = new ArrayList<>();
    private BufferedWriter writer;

    /// One step's numbers that charts are drawn of.
    ///
    /// @param furtherLoss not a number where there is none
    /// @param maxViolation the mean over the gates
    public record Row(
            int stage,
            long step,
            long tokens,
            double loss,
            double furtherLoss,
            double tokensPerSecond,
            double maxViolation) {}

    /// Opens the file, keeping the lines up to `state`.
    public Metrics(Path file, TrainingState state) throws IOException {
        this.file = file;
        List<String> kept = new ArrayList<>();
        if (Files.isRegularFile(file)) {
            for (String line : wholeLines(file)) {
                if (isUpTo(line, state)) {
                    kept.add(line);
                    rows.add(row(line));
                }
            }
        }
        writer = Files.newBufferedWriter(file, StandardCharsets.UTF_8);
        if (!kept.isEmpty()) {
            writeLine(header(kept.getFirst().split(",").length - COLUMNS.size()));
            kept.forEach(this::writeLine);
        }
    }

    /// The steps in a file, which may still be written to.
    public static List<Row> read(Path file) throws IOException {
        List<Row> rows = new ArrayList<>();
        for (String line : wholeLines(file)) {
            if (isStep(line)) {
                rows.add(row(line));
            }
        }
        return rows;
    }

    /// The steps so far.
    public List<Row> rows() {
        return List.copyOf(rows);
    }

    /// Adds one step.
    public void add(TrainingState state, StepReport report) {
        if (rows.isEmpty()) {
            writeLine(header(report.maxViolations().length));
        }
        StringBuilder line = new StringBuilder();
        line.append(state.stage()).append(',').append(state.step()).append(',').append(state.tokens());
        line.append(number(report.loss()));
        line.append(
                report.furtherLoss().isPresent() ? number(report.furtherLoss().getAsDouble()) : ",");
        line.append(number(report.balanceLoss())).append(number(report.rate())).append(number(report.gradientNorm()));
        line.append(',').append(state.clips());
        line.append(number(report.tokensPerSecond())).append(number(report.gigaflopsPerSecond()));
        for (double violation : report.maxViolations()) {
            line.append(number(violation));
        }
        writeLine(line.toString());
        rows.add(row(line.toString()));
    }

    @Override
    public void close() throws IOException {
        writer.close();
    }

    private void writeLine(String line) {
        try {
            writer.write(line);
            writer.write('\n');
            writer.flush();
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot write to %s: %s".formatted(file, e.getMessage()), e);
        }
    }

    private static String header(int gates) {
        StringBuilder header = new StringBuilder(String.join(",", COLUMNS));
        for (int i = 0; i < gates; i++) {
            header.append(',').append(GATE_COLUMN).append(i);
        }
        return header.toString();
    }

    /// A run that was killed may leave half a line.
    private static List<String> wholeLines(Path file) throws IOException {
        String text = Files.readString(file);
        return text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
    }

    private static boolean isStep(String line) {
        String[] fields = line.split(",");
        return fields.length >= COLUMNS.size() && fields[0].matches("\\d{1,9}") && fields[1].matches("\\d{1,18}");
    }

    /// Whether the line is a step at or before the state.
    private static boolean isUpTo(String line, TrainingState state) {
        if (!isStep(line)) {
            return false;
        }
        String[] fields = line.split(",");
        int stage = Integer.parseInt(fields[0]);
        return stage < state.stage() || stage == state.stage() && Long.parseLong(fields[1]) <= state.step();
    }

    private static Row row(String line) {
        String[] fields = line.split(",");
        double violations = 0;
        for (int i = COLUMNS.size(); i < fields.length; i++) {
            violations += Double.parseDouble(fields[i]);
        }
        return new Row(
                Integer.parseInt(fields[0]),
                Long.parseLong(fields[1]),
                Long.parseLong(fields[2]),
                Double.parseDouble(fields[3]),
                fields[4].isEmpty() ? Double.NaN : Double.parseDouble(fields[4]),
                Double.parseDouble(fields[9]),
                violations / Math.max(1, fields.length - COLUMNS.size()));
    }

    private static String number(double value) {
        return String.format(Locale.ROOT, ",%.6g", value);
    }
}
