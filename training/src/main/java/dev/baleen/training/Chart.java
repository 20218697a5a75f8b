package dev.baleen.training;

import java.util.ArrayList;
import java.util.List;

/// Curves over one common axis, to be drawn as text ([TextChart]) or as a picture ([SvgChart]).
///
/// @param logarithmic whether equal heights are equal ratios; values of 0 and below are then left out
public record Chart(String title, String xTitle, String yTitle, boolean logarithmic, List<Curve> curves) {
    /// Points in rising order of x.
    public record Curve(String name, List<Point> points) {}

    public record Point(double x, double y) {}

    /// What the points span.
    record Frame(double xMin, double xMax, double yMin, double yMax, boolean logarithmic) {
        /// 0 at the left, 1 at the right.
        double across(double x) {
            return (x - xMin) / (xMax - xMin);
        }

        /// 0 at the bottom, 1 at the top.
        double up(double y) {
            return logarithmic ? Math.log(y / yMin) / Math.log(yMax / yMin) : (y - yMin) / (yMax - yMin);
        }

        /// The value at a height from 0 to 1.
        double at(double up) {
            return logarithmic ? yMin * Math.pow(yMax / yMin, up) : yMin + up * (yMax - yMin);
        }
    }

    public Chart {
        curves = curves.stream()
                .map(curve -> new Curve(
                        curve.name(),
                        curve.points().stream()
                                .filter(point -> Double.isFinite(point.y()) && (!logarithmic || point.y() > 0))
                                .toList()))
                .filter(curve -> !curve.points().isEmpty())
                .toList();
    }

    /// The losses over the tokens learnt from.
    public static Chart losses(List<Metrics.Row> rows) {
        List<Point> next = new ArrayList<>();
        List<Point> further = new ArrayList<>();
        for (Metrics.Row row : rows) {
            double millions = row.tokens() / 1e6;
            next.add(new Point(millions, row.loss()));
            further.add(new Point(millions, row.furtherLoss()));
        }
        return new Chart(
                "Loss (nats per token)",
                "million tokens",
                "loss",
                true,
                List.of(new Curve("next token", next), new Curve("two ahead", further)));
    }

    /// The same curves with at most `count` points each, each the mean of its neighbours.
    Chart thinned(int count) {
        List<Curve> thin = new ArrayList<>();
        for (Curve curve : curves) {
            List<Point> points = curve.points();
            int kept = Math.min(count, points.size());
            List<Point> means = new ArrayList<>();
            for (int i = 0; i < kept; i++) {
                List<Point> part = points.subList(
                        (int) ((long) points.size() * i / kept), (int) ((long) points.size() * (i + 1) / kept));
                double x = part.stream().mapToDouble(Point::x).sum() / part.size();
                double y = part.stream().mapToDouble(Point::y).sum() / part.size();
                means.add(new Point(x, y));
            }
            thin.add(new Curve(curve.name(), means));
        }
        return new Chart(title, xTitle, yTitle, logarithmic, thin);
    }

    Frame frame() {
        double xMin = Double.POSITIVE_INFINITY;
        double xMax = Double.NEGATIVE_INFINITY;
        double yMin = Double.POSITIVE_INFINITY;
        double yMax = Double.NEGATIVE_INFINITY;
        for (Curve curve : curves) {
            for (Point point : curve.points()) {
                xMin = Math.min(xMin, point.x());
                xMax = Math.max(xMax, point.x());
                yMin = Math.min(yMin, point.y());
                yMax = Math.max(yMax, point.y());
            }
        }
        if (curves.isEmpty()) {
            return new Frame(0, 1, 0.1, 1, logarithmic);
        }
        // A point or a flat line still gets a frame.
        double room = yMax > yMin ? 0 : Math.max(1e-9, Math.abs(yMax) * 0.1);
        return new Frame(xMin, xMax > xMin ? xMax : xMin + 1, yMin - room, yMax + room, logarithmic);
    }
}
