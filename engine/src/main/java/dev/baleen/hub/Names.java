package dev.baleen.hub;

import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Names from strangers: which of them are harmless as files, and how they are printed.
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
}
