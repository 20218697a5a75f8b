package dev.baleen.hub;

import java.nio.charset.StandardCharsets;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Names from strangers: which are harmless as files, and which are near to what somebody typed.
final class Names {
    private static final int PATH_CHARS_MAX = 1_024;
    private static final int SEGMENT_BYTES_MAX = 255;
    private static final int PRINTED_CHARS_MAX = 120;
    /// What the cache turns into the name of a file: a SHA-256, a git id, or what another hub calls its versions.
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,127}");

    private Names() {}

    /// A relative path with plain parts, which stays below the folder that it is resolved against on every system.
    static boolean isSafePath(String path) {
        if (path.isEmpty()
                || path.length() > PATH_CHARS_MAX
                || path.codePoints().anyMatch(Names::isUnsafe)) {
            return false;
        }
        return Stream.of(path.split("/", -1))
                .noneMatch(part -> part.isEmpty()
                        || part.equals(".")
                        || part.equals("..")
                        || part.getBytes(StandardCharsets.UTF_8).length > SEGMENT_BYTES_MAX);
    }

    static boolean isSafeId(String id) {
        return ID.matcher(id).matches() && !id.endsWith(".incomplete");
    }

    /// Without control characters, and cut where it is too long to print.
    static String printable(String name) {
        StringBuilder printable = new StringBuilder();
        name.codePoints()
                .limit(PRINTED_CHARS_MAX)
                .forEach(character -> printable.appendCodePoint(isPrintable(character) ? character : '?'));
        return name.codePointCount(0, name.length()) > PRINTED_CHARS_MAX ? printable + "…" : printable.toString();
    }

    /// Those of `known` that somebody may have meant by `typed`, nearest first, at most five.
    static List<String> near(String typed, Stream<String> known) {
        String wanted = typed.toLowerCase(Locale.ROOT);
        return known.distinct()
                .map(name -> Map.entry(name, distance(wanted, name.toLowerCase(Locale.ROOT))))
                .filter(entry -> entry.getValue() <= Math.max(2, wanted.length() / 3)
                        || entry.getKey().toLowerCase(Locale.ROOT).contains(wanted))
                .sorted(Comparator.comparingInt(Map.Entry::getValue))
                .limit(5)
                .map(Map.Entry::getKey)
                .toList();
    }

    private static boolean isUnsafe(int character) {
        return character == '\\' || character == ':' || !isPrintable(character);
    }

    private static boolean isPrintable(int character) {
        return switch (Character.getType(character)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            default -> true;
        };
    }

    /// Levenshtein's: letters to insert, delete or change.
    private static int distance(String a, String b) {
        int[] row = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            row[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            int diagonal = row[0];
            row[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int changed = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.min(changed, Math.min(row[j], row[j - 1]) + 1);
            }
        }
        return row[b.length()];
    }
}
