package dev.baleen.tokenizer;

/// One step of a pre-tokenizer: cuts a piece into smaller ones along the matches of a pattern.
///
/// @param kind     how `pattern` is to be read
/// @param behavior what becomes of the matches
/// @param invert   swaps matches and what lies between them
record SplitRule(Kind kind, String pattern, Behavior behavior, boolean invert, Finder finder) {
    /// The longest published pattern has under a thousand.
    static final int PATTERN_CHARACTERS_MAX = 10_000;

    /// How a rule's pattern is written.
    enum Kind {
        REGEX,
        LITERAL,
        DIGITS
    }

    /// What becomes of the matches.
    enum Behavior {
        /// They vanish.
        REMOVED,
        /// Each is a piece.
        ISOLATED,
        /// Each ends the piece before it.
        MERGED_WITH_PREVIOUS,
        /// Each begins the piece after it.
        MERGED_WITH_NEXT,
        /// Neighbouring matches are one piece.
        CONTIGUOUS
    }

    /// Receives pieces in order.
    interface PieceConsumer {
        void accept(int from, int to);
    }

    static SplitRule regex(String regex) {
        return regex(regex, Behavior.ISOLATED, false);
    }

    static SplitRule regex(String regex, Behavior behavior, boolean invert) {
        return new SplitRule(Kind.REGEX, regex, behavior, invert, Finder.of(regex));
    }

    static SplitRule literal(String literal, Behavior behavior, boolean invert) {
        if (literal.isEmpty() || literal.length() > PATTERN_CHARACTERS_MAX) {
            throw new TokenizerException("a Split of the pre-tokenizer looks for a string of " + literal.length()
                    + " characters; 1 to " + PATTERN_CHARACTERS_MAX + " are accepted");
        }
        return new SplitRule(Kind.LITERAL, literal, behavior, invert, SplitPatternParser.literal(literal));
    }

    /// Digits apart from other text: each alone, or in runs.
    static SplitRule digits(boolean individual) {
        Behavior behavior = individual ? Behavior.ISOLATED : Behavior.CONTIGUOUS;
        return new SplitRule(Kind.DIGITS, "\\p{N}", behavior, false, Finder.of("\\p{N}"));
    }

    /// Cuts text[from, to) and hands the pieces to `out`, none of them empty.
    void split(Scan scan, int from, int to, PieceConsumer out) {
        Joiner joiner = behavior == Behavior.ISOLATED ? null : new Joiner(behavior, out);
        int done = from;
        int at = from;
        while (at < to && finder.find(scan, from, at, to)) {
            int start = scan.start;
            int end = scan.end;
            if (start == end) {
                // An empty match cuts, yet not right behind another match.
                at = end < to ? end + Character.charCount(scan.text.codePointAt(end)) : to;
                if (end == done) {
                    continue;
                }
            } else {
                at = end;
            }
            if (joiner == null) {
                if (start > done) {
                    out.accept(done, start);
                }
                if (end > start) {
                    out.accept(start, end);
                }
            } else {
                if (start > done) {
                    joiner.next(done, start, invert);
                }
                joiner.next(start, end, !invert);
            }
            done = end;
        }
        if (joiner == null) {
            if (to > done) {
                out.accept(done, to);
            }
        } else {
            if (to > done) {
                joiner.next(done, to, invert);
            }
            joiner.finish();
        }
    }

    /// Holds the latest piece back until it is known whether the next belongs to it.
    private static final class Joiner {
        private final Behavior behavior;
        private final PieceConsumer out;
        private int from;
        private int to;
        private boolean held;
        private boolean lastMatched;

        Joiner(Behavior behavior, PieceConsumer out) {
            this.behavior = behavior;
            this.out = out;
        }

        void next(int start, int end, boolean match) {
            if (match && behavior == Behavior.REMOVED) {
                return;
            }
            boolean joins = held
                    && to == start
                    && switch (behavior) {
                        case REMOVED, ISOLATED -> false;
                        case MERGED_WITH_PREVIOUS -> match && !lastMatched;
                        case MERGED_WITH_NEXT -> lastMatched && !match;
                        case CONTIGUOUS -> match == lastMatched;
                    };
            if (!joins) {
                finish();
                from = start;
            }
            to = end;
            held = true;
            lastMatched = match;
        }

        void finish() {
            if (to > from) {
                out.accept(from, to);
            }
        }
    }
}
