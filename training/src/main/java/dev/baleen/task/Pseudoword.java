package dev.baleen.task;

import java.util.List;

/// Pronounceable words that mean nothing, such as "blorinet": they stand in for all the words a small model never met.
final class Pseudoword {

    private static final List<String> ONSETS = List.of(
            "b", "bl", "br", "c", "ch", "cl", "cr", "d", "dr", "f", "fl", "fr", "g", "gl", "gr", "h", "j", "k", "l",
            "m", "n", "p", "pl", "pr", "qu", "r", "s", "sc", "sh", "sl", "sm", "sn", "sp", "st", "str", "t", "th", "tr",
            "v", "w", "wh", "y", "z", "");
    private static final List<String> VOWELS =
            List.of("a", "e", "i", "o", "u", "a", "e", "i", "o", "u", "ai", "ea", "ee", "oo", "ou", "ie");
    private static final List<String> CODAS = List.of(
            "", "", "", "", "n", "r", "l", "s", "t", "m", "nd", "nt", "rt", "st", "ck", "x", "ng", "p", "d", "th",
            "sh");

    private Pseudoword() {}

    static String draw(Dice dice) {
        StringBuilder word = new StringBuilder();
        int syllables = 1 + dice.weighted(20, 50, 30);
        for (int i = 0; i < syllables; i++) {
            word.append(dice.pick(ONSETS)).append(dice.pick(VOWELS));
            if (i == syllables - 1 || dice.chance(30)) {
                word.append(dice.pick(CODAS));
            }
        }
        return word.length() < 3 ? word.append("ra").toString() : word.toString();
    }
}
