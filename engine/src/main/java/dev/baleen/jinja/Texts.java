package dev.baleen.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.IntPredicate;

/// Texts as Python has them: sequences of code points, with its white space, line ends and cases.
final class Texts {
    private Texts() {}

    static int length(String text) {
        return text.codePointCount(0, text.length());
    }

    /// -1, 0 or 1, by code points; Java's own order is by UTF-16 units.
    static int compare(String left, String right) {
        int common = Math.min(left.length(), right.length());
        for (int i = 0; i < common; i++) {
            char a = left.charAt(i);
            char b = right.charAt(i);
            if (a != b) {
                boolean beyond = Character.isSurrogate(a);
                return beyond == Character.isSurrogate(b) ? a < b ? -1 : 1 : beyond ? 1 : -1;
            }
        }
        return Integer.compare(left.length(), right.length());
    }

    /// `text[start:stop]` for positions within it.
    static String between(String text, int start, int stop) {
        if (text.codePointCount(0, text.length()) == text.length()) {
            return text.substring(start, stop);
        }
        int from = text.offsetByCodePoints(0, start);
        return text.substring(from, text.offsetByCodePoints(from, stop - start));
    }

    /// Whether it spells a place in a list.
    static boolean isIndex(String text) {
        return !text.isEmpty() && text.length() < 10 && text.chars().allMatch(c -> c >= '0' && c <= '9');
    }

    static boolean isSpace(int codePoint) {
        return switch (codePoint) {
            case ' ', '\t', '\n', 0x0B, '\f', '\r', 0x1C, 0x1D, 0x1E, 0x1F -> true;
            case 0x85, 0xA0, 0x1680, 0x2028, 0x2029, 0x202F, 0x205F, 0x3000 -> true;
            default -> codePoint >= 0x2000 && codePoint <= 0x200A;
        };
    }

    private static boolean endsLine(char c) {
        return switch (c) {
            case '\n', '\r', 0x0B, '\f', 0x1C, 0x1D, 0x1E, 0x85, 0x2028, 0x2029 -> true;
            default -> false;
        };
    }

    static String stripLeft(String text, IntPredicate what) {
        int start = 0;
        while (start < text.length() && what.test(text.codePointAt(start))) {
            start += Character.charCount(text.codePointAt(start));
        }
        return text.substring(start);
    }

    static String stripRight(String text, IntPredicate what) {
        int end = text.length();
        while (end > 0 && what.test(text.codePointBefore(end))) {
            end -= Character.charCount(text.codePointBefore(end));
        }
        return text.substring(0, end);
    }

    static String strip(String text, IntPredicate what) {
        return stripRight(stripLeft(text, what), what);
    }

    static List<String> lines(String text, boolean keepEnds, Budget budget) {
        List<String> lines = new ArrayList<>();
        int start = 0;
        for (int i = 0; i < text.length(); i++) {
            if (endsLine(text.charAt(i))) {
                int end = i + 1;
                if (text.charAt(i) == '\r' && end < text.length() && text.charAt(end) == '\n') {
                    end++;
                }
                budget.elements(1);
                lines.add(text.substring(start, keepEnds ? end : i));
                start = end;
                i = end - 1;
            }
        }
        if (start < text.length()) {
            lines.add(text.substring(start));
        }
        return lines;
    }

    /// At white space, without empty parts.
    static List<String> words(String text, int splitsMax, Budget budget) {
        List<String> words = new ArrayList<>();
        int at = skip(text, 0, true);
        while (at < text.length()) {
            if (words.size() == splitsMax) {
                words.add(stripRight(text.substring(at), Texts::isSpace));
                return words;
            }
            int end = skip(text, at, false);
            budget.elements(1);
            words.add(text.substring(at, end));
            at = skip(text, end, true);
        }
        return words;
    }

    /// As [#words], cut from the right.
    static List<String> wordsFromRight(String text, int splitsMax, Budget budget) {
        List<String> words = new ArrayList<>();
        int end = skipBack(text, text.length(), true);
        while (end > 0) {
            if (words.size() == splitsMax) {
                words.add(stripLeft(text.substring(0, end), Texts::isSpace));
                break;
            }
            int start = skipBack(text, end, false);
            budget.elements(1);
            words.add(text.substring(start, end));
            end = skipBack(text, start, true);
        }
        return words.reversed();
    }

    /// White space is never outside the basic plane.
    private static int skip(String text, int at, boolean space) {
        int end = at;
        while (end < text.length() && isSpace(text.charAt(end)) == space) {
            end++;
        }
        return end;
    }

    private static int skipBack(String text, int at, boolean space) {
        int start = at;
        while (start > 0 && isSpace(text.charAt(start - 1)) == space) {
            start--;
        }
        return start;
    }

    /// @param separator not empty
    static List<String> split(String text, String separator, int splitsMax, Budget budget) {
        budget.search(text.length(), separator.length());
        List<String> parts = new ArrayList<>();
        int start = 0;
        for (int at = text.indexOf(separator);
                at >= 0 && parts.size() < splitsMax;
                at = text.indexOf(separator, start)) {
            budget.elements(1);
            parts.add(text.substring(start, at));
            start = at + separator.length();
        }
        parts.add(text.substring(start));
        return parts;
    }

    static List<String> splitFromRight(String text, String separator, int splitsMax, Budget budget) {
        budget.search(text.length(), separator.length());
        List<String> parts = new ArrayList<>();
        int end = text.length();
        for (int at = last(text, separator, end);
                at >= 0 && parts.size() < splitsMax;
                at = last(text, separator, end)) {
            budget.elements(1);
            parts.add(text.substring(at + separator.length(), end));
            end = at;
        }
        parts.add(text.substring(0, end));
        return parts.reversed();
    }

    private static int last(String text, String separator, int end) {
        return end < separator.length() ? -1 : text.lastIndexOf(separator, end - separator.length());
    }

    /// With at most so many of the places replaced; an empty text stands between all characters.
    static String replace(String text, String old, String replacement, int countMax, Budget budget) {
        budget.search(text.length(), old.length());
        StringBuilder replaced = new StringBuilder();
        int start = 0;
        int at = text.indexOf(old);
        for (int count = 0; count < countMax && at >= 0; count++) {
            budget.textLength((long) replaced.length() + text.length() - start + replacement.length());
            budget.scan(replacement.length());
            replaced.append(text, start, at).append(replacement);
            start = at + old.length();
            if (old.isEmpty()) {
                if (at == text.length()) {
                    break;
                }
                at += Character.charCount(text.codePointAt(at));
            } else {
                at = text.indexOf(old, start);
            }
        }
        replaced.append(text, start, text.length());
        budget.text(replaced.length());
        return replaced.toString();
    }

    static String capitalize(String text) {
        if (text.isEmpty()) {
            return text;
        }
        int first = Character.charCount(text.codePointAt(0));
        return title(text.codePointAt(0)) + lower(text.substring(first));
    }

    /// Every letter after a letter small, every other large.
    static String title(String text) {
        StringBuilder titled = new StringBuilder(text.length());
        boolean after = false;
        for (int i = 0; i < text.length(); i += Character.charCount(text.codePointAt(i))) {
            int codePoint = text.codePointAt(i);
            titled.append(after ? lower(Character.toString(codePoint)) : title(codePoint));
            after = isCased(codePoint);
        }
        return titled.toString();
    }

    static String upper(String text) {
        return text.toUpperCase(Locale.ROOT);
    }

    static String lower(String text) {
        return text.toLowerCase(Locale.ROOT);
    }

    /// Some letters, such as ß, are two when they are large; of those the second stays small.
    private static String title(int codePoint) {
        String upper = upper(Character.toString(codePoint));
        int first = Character.charCount(upper.codePointAt(0));
        return Character.toTitleCase(codePoint) != codePoint || upper.length() == first
                ? Character.toString(Character.toTitleCase(codePoint))
                : upper.substring(0, first) + lower(upper.substring(first));
    }

    static boolean isCased(int codePoint) {
        return Character.isUpperCase(codePoint) || Character.isLowerCase(codePoint) || Character.isTitleCase(codePoint);
    }

    /// What Python prints as it is, and does not escape.
    static boolean isPrintable(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.SURROGATE,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR -> false;
            case Character.SPACE_SEPARATOR -> codePoint == ' ';
            default -> true;
        };
    }
}
