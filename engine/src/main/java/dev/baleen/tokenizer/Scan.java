package dev.baleen.tokenizer;

/// A walk of patterns over one text: the latest match, and how many steps the patterns may still take.
///
/// Patterns come from strangers' files and texts from strangers: together they must not cost more than a fixed
/// number of steps for each character. The patterns of the known families stay far below it on any text.
final class Scan {
    private static final long STEPS_FREE = 1L << 20;
    private static final long STEPS_PER_CHARACTER_MAX = 1024;

    final String text;
    /// Where the latest match begins and ends.
    int start;
    int end;

    private final long stepsMax;
    private long steps;

    Scan(String text) {
        this.text = text;
        this.stepsMax = STEPS_FREE + STEPS_PER_CHARACTER_MAX * text.length();
    }

    void step(int count) {
        steps += count;
        if (steps > stepsMax) {
            throw new TokenizerException(
                    "the pre-tokenizer's patterns took more than " + stepsMax + " steps on a text of "
                            + text.length()
                            + " characters; a pattern of the tokenizer file backtracks without bound: replace it"
                            + " by one whose repetitions cannot match the same characters");
        }
    }
}
