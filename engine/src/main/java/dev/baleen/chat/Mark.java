package dev.baleen.chat;

import java.util.Set;

/// Looks for one text in another that comes character by character, after Knuth, Morris and Pratt: however the text
/// is cut, the same is found.
///
/// A character may be flagged as part of a control token. A mark that holds a control token's name is found only
/// where the token stands, and nowhere where ordinary characters spell it; in other marks flags do not count.
final class Mark {
    /// Added to a character that a control token spells.
    static final int CONTROL = 1 << 16;

    /// What may stand around it.
    private enum Where {
        ANYWHERE,
        /// With the newlines before it, however many.
        AFTER_NEWLINES,
        /// Only as the first of the text.
        AT_START
    }

    private final int[] codes;
    private final boolean hasControl;
    private final Where where;
    /// For each length, the longest proper beginning that is also an end.
    private final int[] borders;

    private int matched;
    private int newlines;
    private boolean failed;

    private Mark(String text, Set<String> controls, Where where) {
        codes = text.chars().toArray();
        this.where = where;
        boolean control = false;
        for (String token : controls) {
            for (int at = text.indexOf(token); at >= 0; at = text.indexOf(token, at + token.length())) {
                for (int i = at; i < at + token.length(); i++) {
                    codes[i] |= CONTROL;
                }
                control = true;
            }
        }
        hasControl = control;
        borders = borders(codes);
    }

    static Mark of(String text, Set<String> controls) {
        return new Mark(text, controls, Where.ANYWHERE);
    }

    static Mark afterNewlines(String text, Set<String> controls) {
        return new Mark(text, controls, Where.AFTER_NEWLINES);
    }

    static Mark atStart(String text, Set<String> controls) {
        return new Mark(text, controls, Where.AT_START);
    }

    static Mark text(String text) {
        return new Mark(text, Set.of(), Where.ANYWHERE);
    }

    private static int[] borders(int[] codes) {
        int[] borders = new int[codes.length + 1];
        int border = 0;
        for (int i = 1; i < codes.length; i++) {
            while (border > 0 && codes[i] != codes[border]) {
                border = borders[border];
            }
            if (codes[i] == codes[border]) {
                border++;
            }
            borders[i + 1] = border;
        }
        return borders;
    }

    /// Takes the next character; whether the mark is complete with it.
    boolean add(int flagged) {
        int code = hasControl ? flagged : flagged & ~CONTROL;
        if (matched == 0 && code == '\n' && where == Where.AFTER_NEWLINES) {
            newlines++;
            return false;
        }
        if (where == Where.AT_START) {
            failed |= code != codes[matched];
            matched = failed ? 0 : matched + 1;
            return matched == codes.length;
        }
        int before = matched;
        while (matched > 0 && code != codes[matched]) {
            matched = borders[matched];
        }
        if (code == codes[matched]) {
            matched++;
        }
        if (matched <= before) {
            newlines = matched == 0 && code == '\n' ? 1 : 0;
        }
        return matched == codes.length;
    }

    /// How many of the last characters belong to the mark, or may.
    int length() {
        return where == Where.AFTER_NEWLINES ? matched + newlines : matched;
    }
}
