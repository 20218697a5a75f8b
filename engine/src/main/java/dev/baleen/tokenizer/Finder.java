package dev.baleen.tokenizer;

/// Finds the matches of one pattern.
sealed interface Finder permits SplitPattern, JavaPattern {
    /// Finds the first match that begins at or after `at` in text[from, to), as if there were no other text;
    /// tells it in [Scan#start] and [Scan#end].
    boolean find(Scan scan, int from, int at, int to);

    /// The finder for a regular expression in Oniguruma's syntax, the one that tokenizer files use.
    static Finder of(String regex) {
        if (regex.length() > SplitRule.PATTERN_CHARACTERS_MAX) {
            throw new TokenizerException(
                    "a pattern of the pre-tokenizer has " + regex.length() + " characters, at most "
                            + SplitRule.PATTERN_CHARACTERS_MAX + " are accepted; split it into several");
        }
        return SplitPatternParser.parse(regex).<Finder>map(p -> p).orElseGet(() -> new JavaPattern(regex));
    }
}
