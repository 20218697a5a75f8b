package dev.baleen.tokenizer;

import java.util.List;

/// A flat regular expression: alternatives, each a row of repeated character sets. Nearly every published
/// byte-level tokenizer splits by such patterns, and this small engine is fast, exact and safe on them.
///
/// Safe: it recurses once for each element of the pattern, never for each character of the text, where
/// `java.util.regex` overflows its stack; and its work is counted (see [Scan]). One rule keeps it linear on
/// long runs: an alternative that begins with an unbounded run, and fails, fails again from everywhere inside
/// that run, because the first attempt tried every end of the run already.
///
/// As in Oniguruma, the first alternative that matches wins, repetitions are greedy and give back, `$` is
/// before a line feed or at the end.
final class SplitPattern implements Finder {
    /// Runs up to here are tried again rather than remembered.
    private static final int SHORT_RUN = 2;

    private static final int[] NONE = {};

    /// So that a set of alternatives is a long.
    static final int ALTERNATIVES_MAX = 64;

    private final Node[] alternatives;
    /// For each ASCII character, a bit for each alternative that may begin with it.
    private final long[] beginners = new long[128];

    SplitPattern(List<Node> alternatives) {
        this.alternatives = alternatives.toArray(Node[]::new);
        for (int c = 0; c < beginners.length; c++) {
            for (int i = 0; i < alternatives.size(); i++) {
                beginners[c] |= alternatives.get(i).mayBeginWith(c) ? 1L << i : 0;
            }
        }
    }

    @Override
    public boolean find(Scan scan, int from, int first, int to) {
        int[] failedUntil = NONE;
        long all = -1L >>> ALTERNATIVES_MAX - alternatives.length;
        for (int at = first; at < to; ) {
            int codePoint = CharacterSet.codePointAt(scan.text, at, to);
            long candidates = codePoint < beginners.length ? beginners[codePoint] : all;
            for (; candidates != 0; candidates &= candidates - 1) {
                int i = Long.numberOfTrailingZeros(candidates);
                if (failedUntil.length > 0 && at < failedUntil[i]) {
                    continue;
                }
                int end = alternatives[i].match(scan, at, to);
                if (end > at) {
                    scan.start = at;
                    scan.end = end;
                    return true;
                }
                if (alternatives[i] instanceof Run run && run.max == Integer.MAX_VALUE) {
                    int runEnd = run.set.runEnd(scan.text, at, to, run.max);
                    if (runEnd - at > SHORT_RUN) {
                        failedUntil = failedUntil.length > 0 ? failedUntil : new int[alternatives.length];
                        failedUntil[i] = runEnd;
                    }
                }
            }
            at += Character.charCount(codePoint);
        }
        return false;
    }

    /// An element of an alternative, and through its `next` all that follow.
    sealed interface Node {
        /// The end of the match of this and all following elements that begins at `at`, or -1.
        int match(Scan scan, int at, int to);

        /// False only if no match of this and all following elements begins with the character.
        boolean mayBeginWith(int codePoint);
    }

    /// The end of an alternative.
    enum Done implements Node {
        DONE;

        @Override
        public int match(Scan scan, int at, int to) {
            return at;
        }

        @Override
        public boolean mayBeginWith(int codePoint) {
            return true;
        }
    }

    /// `[set]{min,max}`, greedy; a possessive one gives nothing back.
    record Run(CharacterSet set, int min, int max, boolean possessive, Node next) implements Node {
        @Override
        public int match(Scan scan, int at, int to) {
            int end = at;
            int count = 0;
            while (end < to && count < max) {
                int codePoint = CharacterSet.codePointAt(scan.text, end, to);
                if (!set.contains(codePoint)) {
                    break;
                }
                end += Character.charCount(codePoint);
                count++;
            }
            scan.step(count + 1);
            if (count < min) {
                return -1;
            }
            if (next == Done.DONE) {
                return end;
            }
            while (true) {
                int match = next.match(scan, end, to);
                if (match >= 0 || possessive || count == min) {
                    return match;
                }
                scan.step(1);
                count--;
                end = scan.text.offsetByCodePoints(end, -1);
            }
        }

        @Override
        public boolean mayBeginWith(int codePoint) {
            return set.contains(codePoint) || min == 0 && next.mayBeginWith(codePoint);
        }
    }

    /// `(?:ab|cd)` or `(?:ab|cd)?`: rows of single characters.
    record Choice(List<List<CharacterSet>> options, boolean optional, Node next) implements Node {
        @Override
        public int match(Scan scan, int at, int to) {
            for (int i = 0; i < options.size(); i++) {
                int end = end(options.get(i), scan.text, at, to);
                int match = end < 0 ? -1 : next.match(scan, end, to);
                if (match >= 0) {
                    return match;
                }
            }
            return optional ? next.match(scan, at, to) : -1;
        }

        @Override
        public boolean mayBeginWith(int codePoint) {
            return options.stream().anyMatch(option -> option.getFirst().contains(codePoint))
                    || optional && next.mayBeginWith(codePoint);
        }

        private static int end(List<CharacterSet> option, String text, int at, int to) {
            int end = at;
            for (int i = 0; i < option.size(); i++) {
                int after = option.get(i).runEnd(text, end, to, 1);
                if (after == end) {
                    return -1;
                }
                end = after;
            }
            return end;
        }
    }

    /// `(?=[set])`, or `(?![set])` where `negative`: a look at the next character.
    record Look(CharacterSet set, boolean negative, Node next) implements Node {
        @Override
        public int match(Scan scan, int at, int to) {
            boolean there = at < to && set.containsAt(scan.text, at, to);
            return there != negative ? next.match(scan, at, to) : -1;
        }

        @Override
        public boolean mayBeginWith(int codePoint) {
            return next.mayBeginWith(codePoint);
        }
    }

    /// `$`.
    record LineEnd(Node next) implements Node {
        @Override
        public int match(Scan scan, int at, int to) {
            return at == to || scan.text.charAt(at) == '\n' ? next.match(scan, at, to) : -1;
        }

        @Override
        public boolean mayBeginWith(int codePoint) {
            return next.mayBeginWith(codePoint);
        }
    }
}
