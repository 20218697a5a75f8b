package dev.baleen.training;

import dev.baleen.training.Chart.Curve;
import dev.baleen.training.Chart.Frame;
import dev.baleen.training.Chart.Point;
import java.util.Locale;

/// A chart in Braille characters: each holds two by four dots, so curves stay fine in a small terminal.
public final class TextChart {
    private static final int DOTS_ACROSS = 2;
    private static final int DOTS_UP = 4;
    private static final int LABEL_WIDTH = 9;
    private static final char BLANK = '\u2800';
    /// Bits of the dots of a Braille character, from the top, left and right column.
    private static final int[][] DOTS = {{0x01, 0x08}, {0x02, 0x10}, {0x04, 0x20}, {0x40, 0x80}};

    private TextChart() {}

    /// Lines of at most `width` characters, `height` of them with dots.
    public static String of(Chart chart, int width, int height) {
        int across = Math.max(1, width - LABEL_WIDTH - 1);
        Chart thin = chart.thinned(across * DOTS_ACROSS);
        Frame frame = thin.frame();
        int[][] cells = new int[height][across];
        for (Curve curve : thin.curves()) {
            for (Point point : curve.points()) {
                int x = (int) Math.round(frame.across(point.x()) * (across * DOTS_ACROSS - 1));
                int y = (int) Math.round((1 - frame.up(point.y())) * (height * DOTS_UP - 1));
                cells[y / DOTS_UP][x / DOTS_ACROSS] |= DOTS[y % DOTS_UP][x % DOTS_ACROSS];
            }
        }
        StringBuilder text = new StringBuilder(chart.title()).append('\n');
        for (int row = 0; row < height; row++) {
            boolean labelled = row == 0 || row == height - 1 || row == height / 2;
            double value = frame.at(1 - row / Math.max(1.0, height - 1.0));
            text.append(labelled ? String.format(Locale.ROOT, "%8.3g ", value) : " ".repeat(LABEL_WIDTH));
            text.append('│');
            for (int cell : cells[row]) {
                text.append((char) (BLANK + cell));
            }
            text.append('\n');
        }
        String from = String.format(Locale.ROOT, "%.3g", frame.xMin());
        String to = String.format(Locale.ROOT, "%.3g %s", frame.xMax(), chart.xTitle());
        text.append(" ".repeat(LABEL_WIDTH))
                .append('└')
                .append("─".repeat(across))
                .append('\n');
        text.append(" ".repeat(LABEL_WIDTH + 1)).append(from);
        text.append(" ".repeat(Math.max(1, across - from.length() - to.length())))
                .append(to)
                .append('\n');
        return text.toString();
    }
}
