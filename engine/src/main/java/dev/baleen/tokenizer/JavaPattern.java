package dev.baleen.tokenizer;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/// Any other regular expression, run by `java.util.regex`. Its work is counted like that of [SplitPattern], and
/// a stack that overflows is told as what it is: a pattern that cannot be used on such texts.
final class JavaPattern implements Finder {
    /// Constructs that both engines know, with different meanings.
    private static final Pattern FOREIGN =
            Pattern.compile("\\\\[hHGKgkRXyYOZzAbBv]|\\[:|\\(\\?[a-z]*[mxsWDSPuad-][a-z-]*[:)]|\\(\\?[~@^]|\\(\\?\\(");

    /// `{1,3}+` repeats the repetition in Oniguruma, and is possessive in Java.
    private static final Pattern BRACES_PLUS = Pattern.compile("(?<!\\\\)\\{[0-9,]+\\}\\+");

    /// Oniguruma's `\w`: of the numbers that are no digits it has those of Latin-1 alone, and no joiners.
    private static final String WORD = "\\p{IsAlphabetic}\\p{M}\\p{Nd}\\p{Pc}\u00B2\u00B3\u00B9\u00BC-\u00BE";

    private final String regex;
    private final Pattern pattern;

    JavaPattern(String regex) {
        this.regex = regex;
        if (FOREIGN.matcher(regex).find() || BRACES_PLUS.matcher(regex).find()) {
            throw new TokenizerException(
                    "the pre-tokenizer's pattern " + regex + " uses constructs of Oniguruma that Java"
                            + " reads differently; rewrite it with plain classes, groups and quantifiers");
        }
        // In Oniguruma ^ and $ are the borders of lines, a line ends with \n alone, and classes are Unicode's.
        int flags = Pattern.MULTILINE | Pattern.UNIX_LINES | Pattern.UNICODE_CHARACTER_CLASS;
        try {
            this.pattern = Pattern.compile(translated(regex), flags);
        } catch (PatternSyntaxException e) {
            throw new TokenizerException(
                    "the pre-tokenizer's pattern " + regex + " is no regular expression: " + e.getDescription()
                            + " at character " + e.getIndex() + "; correct it in the tokenizer file",
                    e);
        }
    }

    private static String translated(String regex) {
        StringBuilder words = new StringBuilder();
        int depth = 0;
        for (int i = 0; i < regex.length(); i++) {
            char c = regex.charAt(i);
            if (c != '\\' || i + 1 == regex.length()) {
                depth += c == '[' ? 1 : c == ']' ? -1 : 0;
                words.append(c);
                continue;
            }
            char escaped = regex.charAt(++i);
            if (escaped == 'W' && depth > 0) {
                throw new TokenizerException("the pre-tokenizer's pattern " + regex
                        + " has \\W in a class, which is not" + " supported; write the class as a complement with \\w");
            }
            switch (escaped) {
                case 'w' -> words.append(depth > 0 ? WORD : "[" + WORD + "]");
                case 'W' -> words.append("[^" + WORD + "]");
                default -> words.append(c).append(escaped);
            }
        }
        return words.toString()
                .replace("(?i:", "(?iu:")
                .replace("(?i)", "(?iu)")
                .replace("\\p{Han}", "\\p{IsHan}")
                .replace("\\P{Han}", "\\P{IsHan}");
    }

    @Override
    public boolean find(Scan scan, int from, int at, int to) {
        Matcher matcher = pattern.matcher(new Counted(scan, from, to));
        try {
            if (!matcher.find(at - from)) {
                return false;
            }
        } catch (StackOverflowError e) {
            throw new TokenizerException(
                    "the pre-tokenizer's pattern " + regex + " needs more stack than there is on a" + " piece of "
                            + (to - from) + " characters; rewrite its repeated groups as character classes",
                    e);
        }
        scan.start = from + matcher.start();
        scan.end = from + matcher.end();
        return true;
    }

    /// The text, counting reads.
    private record Counted(Scan scan, int from, int to) implements CharSequence {
        @Override
        public int length() {
            return to - from;
        }

        @Override
        public char charAt(int index) {
            scan.step(1);
            return scan.text.charAt(from + index);
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return scan.text.substring(from + start, from + end);
        }

        @Override
        public String toString() {
            return scan.text.substring(from, to);
        }
    }
}
