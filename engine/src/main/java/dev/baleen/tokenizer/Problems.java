package dev.baleen.tokenizer;

import java.util.ArrayList;
import java.util.List;

/// Gathers what is wrong with a file, so that all of it is told together.
final class Problems {
    private static final int TOLD_MAX = 10;

    private final String where;
    private final List<String> told = new ArrayList<>();
    private int count;

    Problems(String where) {
        this.where = where;
    }

    void add(String problem) {
        count++;
        if (told.size() < TOLD_MAX) {
            told.add(problem);
        }
    }

    boolean isEmpty() {
        return count == 0;
    }

    void throwIfAny(String remedy) {
        if (count > 0) {
            String more = count > told.size() ? "\n  and " + (count - told.size()) + " more" : "";
            throw new TokenizerException(
                    where + " cannot be used (" + remedy + "):\n  " + String.join("\n  ", told) + more);
        }
    }

    /// A string of a stranger's file, short enough for a message.
    static String quoted(String text) {
        return text.length() <= 60 ? '"' + text + '"' : '"' + text.substring(0, 57) + "...\"";
    }
}
