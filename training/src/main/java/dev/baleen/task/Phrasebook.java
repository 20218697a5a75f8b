package dev.baleen.task;

import java.util.List;
import java.util.Locale;

/// The ways to ask one kind of question: templates that training sees, templates it never sees, and the small
/// courtesies around them. A quarter of all seen questions are the first template, plain.
///
/// @param seen at least one; the first is the plain form
/// @param unseen templates for [Wording#UNSEEN]
record Phrasebook(List<Grammar> seen, List<Grammar> unseen) {

    private static final Grammar BEFORE =
            Grammar.of("[[Hi|Hello|Hey|Hi there|Good morning|Good evening][, |! |. ]|Please |Please, "
                    + "|[OK|Okay|So|Now|Well|Next|Then], |[Can|Could] you tell me: |[Quick question|My question|A question][: |, ]"
                    + "|[Please help|Help me][: |. ]]");
    private static final Grammar AFTER =
            Grammar.of("[ [Please.|Thanks!|Thanks.|Thank you.|please|thanks|thank you]| :)|!]");
    private static final int PLAIN_PERCENT = 25;

    Phrasebook {
        if (seen.isEmpty() || unseen.isEmpty()) {
            throw new IllegalArgumentException("A phrasebook needs seen and unseen templates");
        }
    }

    static Phrasebook of(String seen, String unseen) {
        return new Phrasebook(Grammar.lines(seen), Grammar.lines(unseen));
    }

    String question(Dice dice, Wording wording, String... slots) {
        return switch (wording) {
            case SEEN ->
                dice.chance(PLAIN_PERCENT)
                        ? seen.getFirst().draw(dice, slots)
                        : dress(dice, dice.pick(seen).draw(dice, slots));
            case UNSEEN -> dress(dice, dice.pick(unseen).draw(dice, slots));
        };
    }

    /// Sometimes a greeting before, a word of thanks after, no full stop, no capitals, or capitals only.
    static String dress(Dice dice, String question) {
        String dressed = question;
        if (dice.chance(20)) {
            dressed = withoutEnd(dressed);
        }
        if (dice.chance(18)) {
            dressed = BEFORE.draw(dice) + (dice.chance(50) ? uncapitalised(dressed) : dressed);
        }
        if (dice.chance(12)) {
            dressed = dressed + AFTER.draw(dice);
        }
        int letters = dice.below(100);
        return letters < 25
                ? dressed.toLowerCase(Locale.ROOT)
                : letters < 27 ? dressed.toUpperCase(Locale.ROOT) : dressed;
    }

    private static String withoutEnd(String text) {
        char last = text.charAt(text.length() - 1);
        return last == '.' || last == '?' ? text.substring(0, text.length() - 1) : text;
    }

    private static String uncapitalised(String text) {
        return Character.toLowerCase(text.charAt(0)) + text.substring(1);
    }
}
