package dev.baleen.task;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Questions outside the model's scope, and the polite answer that says what is inside it.
///
/// Two kinds: questions about the world, over many subjects and over words that do not exist ([RefusalPhrases]), so
/// that a subject never met is refused as well; and sums just past the border (products, five digits, three numbers),
/// where a guess would look like an answer. The key is the question without case and punctuation; the reasoning is
/// empty.
final class Refusal implements Task {

    static final String OUTSIDE =
            "Sorry, that is outside what I know. I can add, subtract, compare, sort and play countdown.";
    static final String BEYOND = "Sorry, that is beyond me. I add or subtract two whole numbers of up to four digits,"
            + " compare two, or sort up to five below 100.";
    private static final Set<String> ANSWERS = Set.of(OUTSIDE, BEYOND);

    @Override
    public String name() {
        return "refusal";
    }

    @Override
    public Problem draw(Dice dice, Wording wording) {
        boolean beyond = dice.chance(45);
        String core = beyond ? beyond(dice, wording) : outside(dice, wording);
        String question = Phrasebook.dress(dice, core);
        String answer = beyond ? BEYOND : OUTSIDE;
        return new Problem(name(), SmallTalk.normalised(question), question, "", answer, wording == Wording.UNSEEN);
    }

    private static String outside(Dice dice, Wording wording) {
        return switch (wording) {
            case SEEN ->
                dice.pick(RefusalPhrases.WORLD)
                        .draw(
                                dice,
                                RefusalPhrases.thing(dice),
                                RefusalPhrases.thing(dice),
                                RefusalPhrases.name(dice),
                                RefusalPhrases.name(dice),
                                RefusalPhrases.verb(dice));
            case UNSEEN ->
                dice.pick(RefusalPhrases.WORLD_UNSEEN)
                        .draw(
                                dice,
                                RefusalPhrases.unseenThing(dice),
                                RefusalPhrases.unseenThing(dice),
                                RefusalPhrases.name(dice),
                                RefusalPhrases.name(dice),
                                RefusalPhrases.verb(dice));
        };
    }

    private static String beyond(Dice dice, Wording wording) {
        return switch (wording) {
            case SEEN -> beyond(dice);
            case UNSEEN ->
                dice.chance(70)
                        ? dice.pick(RefusalPhrases.SUM_UNSEEN).draw(dice, whole(dice), whole(dice))
                        : dice.pick(RefusalPhrases.TWO_NUMBERS_UNSEEN).draw(dice, huge(dice), huge(dice));
        };
    }

    private static String beyond(Dice dice) {
        return switch (dice.weighted(40, 16, 12, 8, 10, 7, 7)) {
            case 0 -> dice.pick(RefusalPhrases.SUM).draw(dice, whole(dice), whole(dice));
            case 1 -> twoNumbers(dice, huge(dice), dice.chance(50) ? huge(dice) : whole(dice));
            case 2 -> chain(dice);
            case 3 -> twoNumbers(dice, decimal(dice), dice.chance(50) ? decimal(dice) : whole(dice));
            case 4 -> longSort(dice);
            case 5 ->
                "Which is " + dice.pick(List.of("larger", "smaller", "the largest", "bigger")) + ", " + decimal(dice)
                        + ", " + decimal(dice) + " or " + decimal(dice) + "?";
            default -> longCountdown(dice);
        };
    }

    private static String twoNumbers(Dice dice, String first, String second) {
        boolean swap = dice.chance(50);
        return dice.pick(RefusalPhrases.TWO_NUMBERS).draw(dice, swap ? second : first, swap ? first : second);
    }

    /// Three to five numbers in a row.
    private static String chain(Dice dice) {
        StringBuilder chain = new StringBuilder(whole(dice));
        String blank = dice.chance(60) ? " " : "";
        int more = dice.between(2, 4);
        for (int i = 0; i < more; i++) {
            chain.append(blank)
                    .append("+-+-*".charAt(dice.below(5)))
                    .append(blank)
                    .append(whole(dice));
        }
        return dice.pick(RefusalPhrases.CHAIN).draw(dice, chain.toString());
    }

    private static String longSort(Dice dice) {
        boolean many = dice.chance(60);
        int count = many ? dice.between(6, 10) : dice.between(2, 5);
        int large = dice.below(count);
        String separator = dice.chance(80) ? ", " : " ";
        String numbers = IntStream.range(0, count)
                .mapToObj(i -> "" + (many ? dice.below(100) : i == large ? dice.between(100, 9999) : dice.below(1000)))
                .collect(Collectors.joining(separator));
        return dice.pick(RefusalPhrases.SORT).draw(dice, numbers);
    }

    private static String longCountdown(Dice dice) {
        int count = dice.between(4, 6);
        String numbers = IntStream.range(0, count)
                .mapToObj(i -> "" + dice.between(1, 20))
                .collect(Collectors.joining(", "));
        return dice.pick(RefusalPhrases.COUNTDOWN).draw(dice, numbers, "" + dice.between(1, 100));
    }

    private static String whole(Dice dice) {
        return "" + Digits.draw(dice, 1 + dice.weighted(35, 35, 20, 10));
    }

    private static String huge(Dice dice) {
        return "" + Digits.draw(dice, dice.between(5, 8));
    }

    private static String decimal(Dice dice) {
        return Digits.draw(dice, dice.between(1, 2)) + "." + Digits.draw(dice, dice.between(1, 2));
    }

    @Override
    public Verdict verify(Problem problem, String completion) {
        // Either refusal will do: which of the two a question calls for is a matter of taste at the border.
        Verdict verdict = SmallTalk.closedAnswer(problem, completion, ANSWERS);
        return new Verdict(verdict.format(), verdict.format(), verdict.faithful());
    }
}
