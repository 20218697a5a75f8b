package dev.baleen.checkpoint;

import java.util.ArrayList;
import java.util.List;

/// Collects what is wrong with a checkpoint, so that it is told together.
final class Problems {
    /// A hostile file may have millions of problems; nobody reads more than these.
    private static final int TOLD_MAX = 50;

    private static final int QUOTED_CHARS_MAX = 120;

    private final String subject;
    private final List<Problem> told = new ArrayList<>();
    private long untold;

    Problems(String subject) {
        this.subject = subject;
    }

    void add(String where, String what, String remedy) {
        if (told.size() < TOLD_MAX) {
            told.add(new Problem(where, what, remedy));
        } else {
            untold++;
        }
    }

    boolean isEmpty() {
        return told.isEmpty();
    }

    /// Whether what is added from now on is counted only.
    boolean isFull() {
        return told.size() == TOLD_MAX;
    }

    void throwIfAny() {
        if (!told.isEmpty()) {
            throw exception();
        }
    }

    CheckpointException exception() {
        List<Problem> all = new ArrayList<>(told);
        if (untold > 0) {
            all.add(new Problem("and", untold + " more problems", ""));
        }
        return new CheckpointException(subject, all);
    }

    /// Adds a problem after which nothing more can be read, and gives what to throw.
    CheckpointException fatal(String where, String what, String remedy) {
        add(where, what, remedy);
        return exception();
    }

    /// A name from a file, safe to print: quoted, without control characters, and cut where it is too long.
    static String quote(String name) {
        StringBuilder quoted = new StringBuilder("\"");
        name.codePoints().limit(QUOTED_CHARS_MAX).forEach(character -> {
            boolean printable = switch (Character.getType(character)) {
                case Character.CONTROL,
                        Character.FORMAT,
                        Character.SURROGATE,
                        Character.UNASSIGNED,
                        Character.LINE_SEPARATOR,
                        Character.PARAGRAPH_SEPARATOR -> false;
                default -> true;
            };
            if (printable) {
                quoted.appendCodePoint(character);
            } else {
                quoted.append("\\u{%x}".formatted(character));
            }
        });
        int characters = name.codePointCount(0, name.length());
        return quoted + (characters > QUOTED_CHARS_MAX ? "…\" (%,d characters)".formatted(characters) : "\"");
    }
}
