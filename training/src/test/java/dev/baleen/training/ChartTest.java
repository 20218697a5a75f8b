package dev.baleen.training;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.baleen.training.Chart.Curve;
import dev.baleen.training.Chart.Point;
import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.xml.sax.InputSource;

class ChartTest {
    @Test
    void aFallingCurveGoesFromTheUpperLeftToTheLowerRight() {
        String text = TextChart.of(falling(), 40, 6);
        String[] lines = text.split("\n");
        assertEquals("falling", lines[0]);
        assertTrue(lines[1].strip().startsWith("100"), text);
        assertTrue(lines[6].strip().startsWith("1.0"), text);
        assertTrue(hasDots(lines[1].substring(10, 15)) && !hasDots(lines[1].substring(30)), text);
        assertTrue(hasDots(lines[6].substring(35)) && !hasDots(lines[6].substring(10, 20)), text);
        for (String line : lines) {
            assertTrue(line.length() <= 40, line);
        }
    }

    @Test
    void theSvgIsWellFormedAndShowsTheCurve() throws Exception {
        String svg = SvgChart.of(falling());
        var document =
                DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new InputSource(new StringReader(svg)));
        assertEquals("svg", document.getDocumentElement().getTagName());
        var curves = document.getElementsByTagName("polyline");
        assertEquals(1, curves.getLength());
        String points = curves.item(0).getAttributes().getNamedItem("points").getNodeValue();
        assertEquals("70.0,40.0", points.split(" ")[0]);
        assertEquals("780.0,350.0", points.split(" ")[points.split(" ").length - 1]);
    }

    @Test
    void longCurvesAreThinnedToMeans() {
        List<Point> points = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            points.add(new Point(i, i % 2));
        }
        Chart thin = new Chart("t", "x", "y", false, List.of(new Curve("c", points))).thinned(10);
        assertEquals(10, thin.curves().getFirst().points().size());
        assertEquals(new Point(49.5, 0.5), thin.curves().getFirst().points().getFirst());
    }

    @Test
    void nothingAndOnePointAndAFlatLineCanBeDrawn() {
        for (List<Point> points :
                List.of(List.<Point>of(), List.of(new Point(1, 2)), List.of(new Point(1, 2), new Point(2, 2)))) {
            for (boolean logarithmic : new boolean[] {false, true}) {
                Chart chart = new Chart("t", "x", "y", logarithmic, List.of(new Curve("c", points)));
                assertFalse(SvgChart.of(chart).contains("NaN"));
                assertFalse(TextChart.of(chart, 30, 4).contains("NaN"));
            }
        }
    }

    @Test
    void aModelWithoutFurtherPredictionsHasOneCurve() {
        Chart chart = Chart.losses(List.of(new Metrics.Row(0, 1, 10, 2.0, Double.NaN, 100, 0)));
        assertEquals(1, chart.curves().size());
    }

    private static Chart falling() {
        List<Point> points = new ArrayList<>();
        for (int i = 0; i <= 60; i++) {
            points.add(new Point(i, Math.pow(10, 2 - i / 30.0)));
        }
        return new Chart("falling", "x", "y", true, List.of(new Curve("a < b", points)));
    }

    private static boolean hasDots(String cells) {
        return cells.chars().anyMatch(c -> c > '\u2800' && c <= '\u28ff');
    }
}
