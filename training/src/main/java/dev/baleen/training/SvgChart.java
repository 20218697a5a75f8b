package dev.baleen.training;

import dev.baleen.training.Chart.Curve;
import dev.baleen.training.Chart.Frame;
import dev.baleen.training.Chart.Point;
import java.util.List;
import java.util.Locale;

/// A chart as an SVG picture that any browser shows, readable on light and dark pages.
public final class SvgChart {
    private static final int WIDTH = 800;
    private static final int HEIGHT = 400;
    private static final int LEFT = 70;
    private static final int RIGHT = 20;
    private static final int TOP = 40;
    private static final int BOTTOM = 50;
    private static final int POINTS_MAX = 400;
    private static final int LINES = 5;
    /// Told apart by colour-blind people too (Okabe and Ito).
    private static final List<String> COLOURS = List.of("#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00");

    private SvgChart() {}

    public static String of(Chart chart) {
        Chart thin = chart.thinned(POINTS_MAX);
        Frame frame = thin.frame();
        StringBuilder svg = new StringBuilder();
        add(
                svg,
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" font-family=\"sans-serif\" font-size=\"13\">",
                WIDTH,
                HEIGHT);
        add(svg, "<rect width=\"%d\" height=\"%d\" fill=\"#ffffff\"/>", WIDTH, HEIGHT);
        add(svg, "<text x=\"%d\" y=\"24\" font-size=\"16\">%s</text>", LEFT, escaped(chart.title()));
        for (int i = 0; i < LINES; i++) {
            double part = i / (LINES - 1.0);
            double y = y(part);
            double x = x(part);
            add(
                    svg,
                    "<line x1=\"%d\" x2=\"%d\" y1=\"%.1f\" y2=\"%.1f\" stroke=\"#dddddd\"/>",
                    LEFT,
                    WIDTH - RIGHT,
                    y,
                    y);
            add(svg, "<text x=\"%d\" y=\"%.1f\" text-anchor=\"end\">%.3g</text>", LEFT - 8, y + 4, frame.at(part));
            double value = frame.xMin() + part * (frame.xMax() - frame.xMin());
            add(svg, "<text x=\"%.1f\" y=\"%d\" text-anchor=\"middle\">%.3g</text>", x, HEIGHT - BOTTOM + 18, value);
        }
        add(
                svg,
                "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">%s</text>",
                WIDTH - RIGHT,
                HEIGHT - 10,
                escaped(chart.xTitle()));
        for (int i = 0; i < thin.curves().size(); i++) {
            draw(svg, thin.curves().get(i), frame, COLOURS.get(i % COLOURS.size()), TOP + 18 * (i + 1));
        }
        return svg.append("</svg>\n").toString();
    }

    private static void draw(StringBuilder svg, Curve curve, Frame frame, String colour, int legendY) {
        StringBuilder points = new StringBuilder();
        for (Point point : curve.points()) {
            points.append(String.format(Locale.ROOT, "%.1f,%.1f ", x(frame.across(point.x())), y(frame.up(point.y()))));
        }
        add(
                svg,
                "<polyline fill=\"none\" stroke=\"%s\" stroke-width=\"1.5\" points=\"%s\"/>",
                colour,
                points.toString().strip());
        add(
                svg,
                "<text x=\"%d\" y=\"%d\" fill=\"%s\" text-anchor=\"end\">%s</text>",
                WIDTH - RIGHT - 8,
                legendY,
                colour,
                escaped(curve.name()));
    }

    private static double x(double across) {
        return LEFT + across * (WIDTH - LEFT - RIGHT);
    }

    private static double y(double up) {
        return HEIGHT - BOTTOM - up * (HEIGHT - TOP - BOTTOM);
    }

    private static void add(StringBuilder svg, String pattern, Object... values) {
        svg.append(String.format(Locale.ROOT, pattern, values)).append('\n');
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
    }
}
