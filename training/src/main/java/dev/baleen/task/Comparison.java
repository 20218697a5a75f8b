package dev.baleen.task;

import java.math.BigDecimal;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Which of two decimals is larger, or smaller: integer parts to 999, up to two decimals.
///
///     Which is larger, 9.11 or 9.9?
///     larger
///     A=9.11          a letter marks each number, so that the last copy knows which one it copies
///     B=9.9
///     9=9;1<9         digits place by place until they differ; ';' is the decimal point, missing digits are 0
///     B
///     9.9 is larger.
final class Comparison implements Task {

    private static final Phrasebook PHRASES = Phrasebook.of("""
            Which is {c}, {a} or {b}?
            Which is {c}, {a} or {b}?
            Which is {c}: {a} or {b}?
            [Which|What] number is {c}[,|:] {a} or {b}?
            Which [one |of these ]is {c}[,|:] {a} or {b}?
            [What|What's|What is] {c}, {a} or {b}?
            {a} or {b}[, which|: which| - which|? Which] [is|one is|number is] {c}?
            {a} [vs|vs.|versus] {b}[, which is|: which is|, which one is|:] {c}?
            [Compare|Look at] {a} and {b}[.|:|,] [Which|which] [is|one is] {c}?
            Of {a} and {b}, which is {c}?
            [Tell|Show] me which is {c}[, |: ]{a} or {b}.
            [Find|Pick|Give me|Choose|Name] the {c} [number|one|of the two|of these][: |, ]{a}[ or | and |, ]{b}.
            [Can|Could] you [tell me|say] which is {c}[, |: ]{a} or {b}?
            Is {a} {c} than {b}?
            Is {a} {c} than {b}[| or not]?
            [Between|Of] {a} and {b}[,|] which [number |one |]is {c}?
            Which of {a} and {b} is {c}?
            Which is {c}? {a}[ or |, ]{b}
            {c}[: |, |? ]{a}[ or | and ]{b}
            """, """
            [Say|Decide] which one of {a} and {b} is {c}.
            I have {a} and {b}. Which is {c}?
            Here are two numbers, {a} and {b}. Which [one |]is {c}?
            Do you know which is {c}, {a} or {b}?
            Which would you call {c}, {a} or {b}?
            Take {a} and {b}: which [one |]is {c}?
            """);

    private static final List<String> LARGER = List.of("larger", "larger", "bigger", "greater", "higher", "more");
    private static final List<String> SMALLER = List.of("smaller", "smaller", "less", "lower");
    private static final String EQUAL = "They are equal.";
    private static final Pattern ANSWER =
            Pattern.compile("([0-9]{1,9}(?:\\.[0-9]{1,9})?) is (larger|smaller)\\.|They are equal\\.");

    /// A number as it is written: `90` hundredths with one decimal is "0.9", with two "0.90".
    record Decimal(int hundredths, int decimals) {
        int whole() {
            return hundredths / 100;
        }

        /// The digit at a place: 0 for ones and up, -1 for tenths, -2 for hundredths.
        int digit(int place) {
            return Digits.at(hundredths, place + 2);
        }

        String text() {
            String all = whole() + "." + digit(-1) + digit(-2);
            return switch (decimals) {
                case 0 -> "" + whole();
                case 1 -> all.substring(0, all.length() - 1);
                default -> all;
            };
        }
    }

    @Override
    public String name() {
        return "comparison";
    }

    @Override
    public Problem draw(Dice dice, Wording wording) {
        Decimal a = decimal(dice, whole(dice));
        Decimal b = second(dice, a);
        if (dice.chance(50)) {
            Decimal swap = a;
            a = b;
            b = swap;
        }
        boolean larger = dice.chance(65);
        String word = dice.pick(larger ? LARGER : SMALLER);
        String asked = larger ? "larger" : "smaller";
        String question = PHRASES.question(dice, wording, a.text(), b.text(), word);
        String answer = a.hundredths == b.hundredths
                ? EQUAL
                : (a.hundredths > b.hundredths == larger ? a : b).text() + " is " + asked + ".";
        return new Problem(name(), key(a, b), question, trace(a, b, asked), answer, wording == Wording.UNSEEN);
    }

    private static int whole(Dice dice) {
        return Digits.draw(dice, 1 + dice.weighted(50, 38, 12));
    }

    private static Decimal decimal(Dice dice, int whole) {
        int decimals = dice.weighted(10, 45, 45);
        int fraction = switch (decimals) {
            case 0 -> 0;
            case 1 -> dice.below(10) * 10;
            // A last digit 0 is rare: people seldom write it.
            default -> dice.below(10) * 10 + (dice.chance(5) ? 0 : dice.between(1, 9));
        };
        return new Decimal(whole * 100 + fraction, decimals);
    }

    /// Mostly a near relative of the first: pairs that differ in the leading digit already are easy.
    private static Decimal second(Dice dice, Decimal a) {
        return switch (dice.weighted(50, 17, 22, 8, 3)) {
            case 0 -> decimal(dice, a.whole());
            case 1 -> withFirstDecimal(decimal(dice, a.whole()), a.digit(-1));
            case 2 -> decimal(dice, whole(dice));
            case 3 -> decimal(dice, Digits.draw(dice, Digits.count(a.whole())));
            default -> new Decimal(a.hundredths, a.hundredths % 10 == 0 ? dice.between(1, 2) : 2);
        };
    }

    private static Decimal withFirstDecimal(Decimal number, int digit) {
        int decimals = Math.max(1, number.decimals);
        return new Decimal(number.whole() * 100 + digit * 10 + number.digit(-2), decimals);
    }

    /// The two values in rising order, written without zeros at the end: 9.9 and 9.90 are one number.
    private static String key(Decimal a, Decimal b) {
        int low = Math.min(a.hundredths, b.hundredths);
        int high = Math.max(a.hundredths, b.hundredths);
        return shortest(low) + "|" + shortest(high);
    }

    private static String shortest(int hundredths) {
        return new Decimal(hundredths, hundredths % 100 == 0 ? 0 : hundredths % 10 == 0 ? 1 : 2).text();
    }

    static String trace(Decimal a, Decimal b, String asked) {
        StringBuilder trace = new StringBuilder(asked);
        trace.append("\nA=").append(a.text()).append("\nB=").append(b.text()).append('\n');
        int first = Math.max(Digits.count(a.whole()), Digits.count(b.whole())) - 1;
        int last = -Math.max(a.decimals, b.decimals);
        for (int place = first; place >= last; place--) {
            int left = a.digit(place);
            int right = b.digit(place);
            trace.append(left)
                    .append(left < right ? '<' : left > right ? '>' : '=')
                    .append(right);
            if (left != right) {
                break;
            }
            trace.append(place == last ? "" : place == 0 ? ";" : ",");
        }
        String which = a.hundredths == b.hundredths
                ? "equal"
                : a.hundredths > b.hundredths == asked.equals("larger") ? "A" : "B";
        return trace.append('\n').append(which).toString();
    }

    @Override
    public Verdict verify(Problem problem, String completion) {
        Completion parsed = Completion.parse(completion);
        double faithful = Equations.trueShare(parsed.trace());
        Matcher answer = ANSWER.matcher(parsed.answer());
        if (!parsed.wellFormed() || !parsed.hasDigitsInTrace() || !answer.matches()) {
            return Verdict.malformed(faithful);
        }
        Matcher wanted = ANSWER.matcher(problem.answer());
        if (!wanted.matches()) {
            throw new IllegalArgumentException("Not an answer of task comparison: '" + problem.answer() + "'");
        }
        boolean equal = problem.answer().equals(EQUAL);
        boolean correct = equal
                ? parsed.answer().equals(EQUAL)
                : answer.group(1) != null
                        && answer.group(2).equals(wanted.group(2))
                        && new BigDecimal(answer.group(1)).compareTo(new BigDecimal(wanted.group(1))) == 0;
        return Verdict.wellFormed(correct, faithful);
    }
}
