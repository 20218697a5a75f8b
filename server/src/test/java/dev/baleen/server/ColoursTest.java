package dev.baleen.server;

import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// That people can read the page: contrast as WCAG 2.2 measures it, of every text colour on every surface it may lie
/// on.
class ColoursTest {
    private static final Pattern COLOUR = Pattern.compile("--([a-z0-9-]+): #([0-9a-f]{6});");
    private static final List<String> TEXT = List.of("ink", "ink-2", "ink-3", "accent", "danger");
    private static final List<String> SURFACES = List.of("bg", "surface", "bubble", "accent-soft", "code");

    @Test
    void everyTextCanBeReadOnEverySurface() throws IOException {
        String[] themes = css().split("prefers-color-scheme: dark");
        assertTrue(themes.length == 2, "there is a light theme and a dark one");
        for (String theme : themes) {
            Map<String, double[]> colours = colours(theme);
            for (String surface : SURFACES) {
                for (String text : TEXT) {
                    assertContrast(4.5, colours, text, surface);
                }
                assertContrast(3, colours, "edge", surface);
            }
            assertContrast(4.5, colours, "on-accent", "accent");
            assertContrast(4.5, colours, "bg", "ink");
        }
    }

    private static void assertContrast(double least, Map<String, double[]> colours, String above, String below) {
        double one = luminance(colours.get(above));
        double other = luminance(colours.get(below));
        double contrast = (Math.max(one, other) + 0.05) / (Math.min(one, other) + 0.05);
        assertTrue(contrast >= least, () -> "%s on %s has a contrast of %.2f".formatted(above, below, contrast));
    }

    private static double luminance(double[] rgb) {
        double[] linear = new double[3];
        for (int i = 0; i < 3; i++) {
            linear[i] = rgb[i] <= 0.04045 ? rgb[i] / 12.92 : Math.pow((rgb[i] + 0.055) / 1.055, 2.4);
        }
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2];
    }

    private static Map<String, double[]> colours(String theme) {
        Map<String, double[]> colours = new HashMap<>();
        for (Matcher matcher = COLOUR.matcher(theme); matcher.find(); ) {
            int value = Integer.parseInt(matcher.group(2), 16);
            colours.put(
                    matcher.group(1),
                    new double[] {(value >> 16) / 255.0, (value >> 8 & 0xFF) / 255.0, (value & 0xFF) / 255.0});
        }
        return colours;
    }

    private static String css() throws IOException {
        try (InputStream in = ColoursTest.class.getResourceAsStream("/dev/baleen/server/web/tokens.css")) {
            assertNotNull(in);
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
