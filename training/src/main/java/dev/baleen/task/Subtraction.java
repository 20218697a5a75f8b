package dev.baleen.task;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Differences of two whole numbers of up to four digits; the result may be negative.
///
///     What is 83 - 424?
///     083-424         both numbers at one width
///     0<4             digits from the left until they differ: this settles the sign
///     424-083         the larger first
///     4-3=1           columns from the right; a column that borrows starts with 1, the next one takes 1 off
///     12-8=4
///     4-1-0=3
///     -341            sign, then the digits from the bottom line up, zeros in front included
///     83 - 424 = -341
final class Subtraction implements Task {

    private static final Phrasebook PHRASES = Phrasebook.of("""
            What is {a} - {b}?
            What is {a} - {b}?
            {a}[ - |-]{b}[|?| =|=| = ?]
            [What's|What is|Whats][ | then ]{a}[ - |-| minus ]{b}?
            [How much|What] is {a}[ - |-| minus ]{b}?
            [How much|What] [does|do] {a}[ - | minus ]{b} [make|give|equal]?
            [Calculate|Compute|Work out|Evaluate|Solve][ |: ]{a}[ - |-| minus ]{b}.
            Subtract {b} from {a}.
            Take {b} [away |off |]from {a}.
            [What is|Give me|Find|Tell me|I need|Work out|Calculate] {a} [minus|less] {b}.
            [Can|Could|Will|Would] you [please |][subtract|take] {b} from {a}[| for me]?
            [Can|Could] you [tell me|work out|calculate] [what |how much |]{a}[ - |-| minus ]{b}[| is]?
            {a} minus {b}[| is| equals| makes][|?]
            [Difference|Subtract]: {a}[ - | minus ]{b}
            [What do I get|What do you get|What comes out] [if|when] [I|you|we] subtract {b} from {a}?
            [What is left|How much is left|What remains] [if|when] [I|you|we] take {b} from {a}?
            [Tell|Show] me [what |]{a}[ - |-| minus ]{b}[| is].
            [Decrease|Lower|Reduce] {a} by {b}.
            What is {b} less than {a}?
            [Do|Try] this [subtraction|difference]: {a}[ - |-]{b}
            From {a} [subtract|deduct] {b}[.|| please.]
            [Deduct|Remove|Subtract] {b} from {a}[.||, please.]
            {b} [subtracted|taken|deducted] from {a}[ is|][?|]
            {a} [take away|less|without] {b}[ is|][?||.]
            [Begin with|Starting from|With] {a}, [subtract|take away|remove] {b}.
            I have {a} and [lose|spend|give away] {b}[.|,] [How many|how much|What] is left?
            [What|Which number] do [you|I] get [if|when] [you|I] [deduct|remove] {b} from {a}?
            {a}[ - |-]{b} [is what|makes what|gives what]?
            [I need|Quick:|So|Now|Please do|Let us do|Answer] {a}[ - |-]{b}[|?|.]
            """, """
            Start with {a} and take {b} off it.
            I want to know {a} - {b}
            [Which number|What number] is {a} - {b}?
            [Do you know|Any idea] what {a} minus {b} is?
            Result of {a}[ - |-]{b}
            From {a} take away {b}[.|, what is left?]
            If you remove {b} from {a}, what do you get?
            """);

    private static final Pattern ANSWER = Pattern.compile("([0-9]{1,9}) ?- ?([0-9]{1,9}) ?= ?(-?[0-9]{1,9})");

    @Override
    public String name() {
        return "subtraction";
    }

    @Override
    public Problem draw(Dice dice, Wording wording) {
        Operands operands = Operands.draw(dice, (x, y) -> Digits.borrows(Math.max(x, y), Math.min(x, y)));
        // One in three results is negative: often enough to learn, rare as in life.
        boolean negative = dice.chance(33);
        int larger = Math.max(operands.a(), operands.b());
        int smaller = Math.min(operands.a(), operands.b());
        int a = negative ? smaller : larger;
        int b = negative ? larger : smaller;
        String question = PHRASES.question(dice, wording, "" + a, "" + b);
        String answer = a + " - " + b + " = " + (a - b);
        return new Problem(name(), a + "-" + b, question, trace(a, b), answer, wording == Wording.UNSEEN);
    }

    static String trace(int a, int b) {
        int width = new Operands(a, b).width();
        int larger = Math.max(a, b);
        int smaller = Math.min(a, b);
        StringBuilder trace = new StringBuilder();
        trace.append(Digits.padded(a, width))
                .append('-')
                .append(Digits.padded(b, width))
                .append('\n');
        appendComparison(a, b, width, trace);
        trace.append('\n').append(Digits.padded(larger, width)).append('-');
        trace.append(Digits.padded(smaller, width)).append('\n');
        int borrow = 0;
        StringBuilder digits = new StringBuilder();
        for (int place = 0; place < width; place++) {
            int column = Digits.at(larger, place) - borrow - Digits.at(smaller, place);
            boolean borrows = column < 0;
            trace.append(borrows ? "1" : "").append(Digits.at(larger, place)).append(borrow > 0 ? "-1" : "");
            int digit = borrows ? column + 10 : column;
            trace.append('-')
                    .append(Digits.at(smaller, place))
                    .append('=')
                    .append(digit)
                    .append('\n');
            digits.append(digit);
            borrow = borrows ? 1 : 0;
        }
        return trace.append(a < b ? "-" : "").append(digits.reverse()).toString();
    }

    private static void appendComparison(int a, int b, int width, StringBuilder trace) {
        for (int place = width - 1; place >= 0; place--) {
            int left = Digits.at(a, place);
            int right = Digits.at(b, place);
            trace.append(left)
                    .append(left < right ? '<' : left > right ? '>' : '=')
                    .append(right);
            if (left != right || place == 0) {
                return;
            }
            trace.append(',');
        }
    }

    @Override
    public Verdict verify(Problem problem, String completion) {
        Completion parsed = Completion.parse(completion);
        double faithful = Equations.trueShare(parsed.trace());
        Matcher answer = ANSWER.matcher(parsed.answer());
        if (!parsed.wellFormed() || !parsed.hasDigitsInTrace() || !answer.matches()) {
            return Verdict.malformed(faithful);
        }
        String[] wanted = problem.key().split("-");
        String difference = "" + (Integer.parseInt(wanted[0]) - Integer.parseInt(wanted[1]));
        boolean correct = answer.group(1).equals(wanted[0])
                && answer.group(2).equals(wanted[1])
                && answer.group(3).equals(difference);
        return Verdict.wellFormed(correct, faithful);
    }
}
