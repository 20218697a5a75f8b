package dev.baleen.tokenizer;

import java.util.Arrays;

/// A set of code points: Unicode general categories and ranges, perhaps turned into its complement, perhaps
/// blind to case.
///
/// ASCII is a bitmap; other characters are looked up by category. The categories are those of the running JDK,
/// which for JDK 25 (Unicode 16) are the same as those of Oniguruma 6.9.10, compared for every code point.
final class CharacterSet {
    /// Unicode's White_Space property.
    private static final int[] WHITE_SPACE = {
        0x09, 0x0D, 0x20, 0x20, 0x85, 0x85, 0xA0, 0xA0, 0x1680, 0x1680, 0x2000, 0x200A, 0x2028, 0x2029, 0x202F, 0x202F,
        0x205F, 0x205F, 0x3000, 0x3000
    };

    /// All white space.
    static final CharacterSet WHITE = new Builder().addWhiteSpace(false).build(false, false);

    private final int categories;
    private final int[] ranges;
    private final boolean complement;
    private final boolean ignoreCase;
    private final long asciiLow;
    private final long asciiHigh;

    private CharacterSet(int categories, int[] ranges, boolean complement, boolean ignoreCase) {
        this.categories = categories;
        this.ranges = ranges;
        this.complement = complement;
        this.ignoreCase = ignoreCase;
        long low = 0;
        long high = 0;
        for (int c = 0; c < 64; c++) {
            low |= lookUp(c) ? 1L << c : 0;
            high |= lookUp(c + 64) ? 1L << c : 0;
        }
        this.asciiLow = low;
        this.asciiHigh = high;
    }

    boolean contains(int codePoint) {
        if (codePoint < 128) {
            return ((codePoint < 64 ? asciiLow : asciiHigh) >>> codePoint & 1) != 0;
        }
        return lookUp(codePoint);
    }

    /// Whether the code point at `at` is in the set; `at` must lie before `to`.
    boolean containsAt(String text, int at, int to) {
        return contains(codePointAt(text, at, to));
    }

    /// The code point at `at`, reading nothing at or after `to`.
    static int codePointAt(String text, int at, int to) {
        char c = text.charAt(at);
        if (Character.isHighSurrogate(c) && at + 1 < to) {
            return text.codePointAt(at);
        }
        return c;
    }

    /// The end of the run of members that begins at `at`, of at most `max` code points.
    int runEnd(String text, int at, int to, int max) {
        int end = at;
        for (int count = 0; end < to && count < max; count++) {
            int codePoint = codePointAt(text, end, to);
            if (!contains(codePoint)) {
                break;
            }
            end += Character.charCount(codePoint);
        }
        return end;
    }

    private boolean lookUp(int codePoint) {
        boolean member = listed(codePoint);
        if (!member && ignoreCase) {
            int upper = Character.toUpperCase(codePoint);
            member = listed(Character.toLowerCase(codePoint)) || listed(upper) || listed(Character.toLowerCase(upper));
        }
        return member != complement;
    }

    private boolean listed(int codePoint) {
        if ((categories >>> Character.getType(codePoint) & 1) != 0) {
            return true;
        }
        int low = 0;
        int high = ranges.length / 2;
        while (low < high) {
            int middle = low + high >>> 1;
            if (codePoint > ranges[2 * middle + 1]) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low < ranges.length / 2 && codePoint >= ranges[2 * low];
    }

    /// Gathers members; unknown names are answered with false, and the caller falls back to another engine.
    static final class Builder {
        private int categories;
        private int[] ranges = new int[0];

        Builder add(int first, int last) {
            ranges = Arrays.copyOf(ranges, ranges.length + 2);
            ranges[ranges.length - 2] = first;
            ranges[ranges.length - 1] = last;
            return this;
        }

        /// Adds a Unicode category (`L`, `Lu`) or all but it.
        boolean addCategory(String name, boolean negated) {
            int mask = categories(name);
            categories |= negated ? ~mask : mask;
            return mask != 0;
        }

        Builder addWhiteSpace(boolean negated) {
            int next = 0;
            for (int i = 0; i < WHITE_SPACE.length; i += 2) {
                if (!negated) {
                    add(WHITE_SPACE[i], WHITE_SPACE[i + 1]);
                } else {
                    add(next, WHITE_SPACE[i] - 1);
                    next = WHITE_SPACE[i + 1] + 1;
                }
            }
            if (negated) {
                add(next, Character.MAX_CODE_POINT);
            }
            return this;
        }

        CharacterSet build(boolean complement, boolean ignoreCase) {
            return new CharacterSet(categories, sorted(), complement, ignoreCase);
        }

        /// The ranges in order, those that touch or overlap joined.
        private int[] sorted() {
            int[][] pairs = new int[ranges.length / 2][];
            for (int i = 0; i < pairs.length; i++) {
                pairs[i] = new int[] {ranges[2 * i], ranges[2 * i + 1]};
            }
            Arrays.sort(pairs, (a, b) -> Integer.compare(a[0], b[0]));
            int[] joined = new int[ranges.length];
            int size = 0;
            for (int[] pair : pairs) {
                if (size > 0 && pair[0] <= joined[size - 1] + 1) {
                    joined[size - 1] = Math.max(joined[size - 1], pair[1]);
                } else {
                    joined[size++] = pair[0];
                    joined[size++] = pair[1];
                }
            }
            return Arrays.copyOf(joined, size);
        }

        private static int categories(String name) {
            return switch (name) {
                case "Lu" -> 1 << Character.UPPERCASE_LETTER;
                case "Ll" -> 1 << Character.LOWERCASE_LETTER;
                case "Lt" -> 1 << Character.TITLECASE_LETTER;
                case "Lm" -> 1 << Character.MODIFIER_LETTER;
                case "Lo" -> 1 << Character.OTHER_LETTER;
                case "L" ->
                    categories("Lu") | categories("Ll") | categories("Lt") | categories("Lm") | categories("Lo");
                case "Mn" -> 1 << Character.NON_SPACING_MARK;
                case "Mc" -> 1 << Character.COMBINING_SPACING_MARK;
                case "Me" -> 1 << Character.ENCLOSING_MARK;
                case "M" -> categories("Mn") | categories("Mc") | categories("Me");
                case "Nd" -> 1 << Character.DECIMAL_DIGIT_NUMBER;
                case "Nl" -> 1 << Character.LETTER_NUMBER;
                case "No" -> 1 << Character.OTHER_NUMBER;
                case "N" -> categories("Nd") | categories("Nl") | categories("No");
                case "Pc" -> 1 << Character.CONNECTOR_PUNCTUATION;
                case "Pd" -> 1 << Character.DASH_PUNCTUATION;
                case "Ps" -> 1 << Character.START_PUNCTUATION;
                case "Pe" -> 1 << Character.END_PUNCTUATION;
                case "Pi" -> 1 << Character.INITIAL_QUOTE_PUNCTUATION;
                case "Pf" -> 1 << Character.FINAL_QUOTE_PUNCTUATION;
                case "Po" -> 1 << Character.OTHER_PUNCTUATION;
                case "P" ->
                    categories("Pc")
                            | categories("Pd")
                            | categories("Ps")
                            | categories("Pe")
                            | categories("Pi")
                            | categories("Pf")
                            | categories("Po");
                case "Sm" -> 1 << Character.MATH_SYMBOL;
                case "Sc" -> 1 << Character.CURRENCY_SYMBOL;
                case "Sk" -> 1 << Character.MODIFIER_SYMBOL;
                case "So" -> 1 << Character.OTHER_SYMBOL;
                case "S" -> categories("Sm") | categories("Sc") | categories("Sk") | categories("So");
                default -> 0;
            };
        }
    }
}
