package dev.baleen.task;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Sums of two whole numbers of up to four digits.
///
///     What is 424 + 83?
///     424+083         both numbers at one width, so that every column lies equally far apart
///     4+3=7           columns from the right; a two-digit sum carries
///     2+8=10
///     4+0+1=5
///     507             the last digits from the bottom line up, the bottom line's whole
///     424 + 83 = 507
final class Addition implements Task {

    private static final Phrasebook PHRASES = Phrasebook.of("""
            What is {a} + {b}?
            What is {a} + {b}?
            {a}[ + |+]{b}[|?| =|=| = ?]
            [What's|What is|Whats][ | then ]{a}[ + |+| plus ]{b}?
            [How much|What] is {a}[ + |+| plus ]{b}?
            [How much|What] [does|do] {a}[ + | plus | and ]{b} [make|give|equal]?
            [Calculate|Compute|Work out|Evaluate|Solve][ |: ]{a}[ + |+| plus ]{b}.
            Add {a} [and|to] {b}.
            Add [the numbers |up |together ]{a} and {b}.
            [What is|Give me|Find|Tell me|I need|Work out|Calculate] the sum of {a} and {b}.
            [Can|Could|Will|Would] you [please |][add|sum] {a} and {b}[| for me]?
            [Can|Could] you [tell me|work out|calculate] [what |how much |]{a}[ + |+| plus ]{b}[| is]?
            {a} plus {b}[| is| equals| makes][|?]
            [Sum|Total|Add]: {a}[, | and | + ]{b}
            [What do I get|What do you get|What comes out] [if|when] [I|you|we] add {a} [and|to] {b}?
            [Tell|Show] me [what |]{a}[ + |+| plus ]{b}[| is].
            I [have|had] {a} and get {b} more. How many [is that|do I have now|are there]?
            [What is|Find] the total of {a} and {b}?
            [Increase|Raise] {a} by {b}.
            What is {b} more than {a}?
            [Do|Try] this [sum|addition]: {a}[ + |+]{b}
            [Begin with|Starting from|With] {a}, [then |]add {b}.
            {a} and {b} [together|in all|added up|added][?||.]
            {b} [added to|on top of] {a}[ is|][?|]
            I have {a} and [get|find|win] {b} [more|].[ How many do I have?| What is that in all?| How much is it now?]
            [What|Which number] do [you|I] get [if|when] [you|I] [add up|combine] {a} and {b}?
            {a}[ + |+]{b} [is what|makes what|gives what]?
            [I need|Quick:|So|Now|Please do|Let us do|Answer] {a}[ + |+]{b}[|?|.]
            """, """
            If you put {a} and {b} together, what do you get?
            [Take|Start with] {a} and add {b} to it.
            I want to know {a} + {b}
            [Which number|What number] is {a} + {b}?
            How high is the total of {a} and {b}?
            [Do you know|Any idea] what {a} plus {b} is?
            Result of {a}[ + |+]{b}
            Please add up these two: {a}, {b}.
            """);

    private static final Pattern ANSWER = Pattern.compile("([0-9]{1,9}) ?\\+ ?([0-9]{1,9}) ?= ?([0-9]{1,9})");

    @Override
    public String name() {
        return "addition";
    }

    @Override
    public Problem draw(Dice dice, Wording wording) {
        Operands operands = Operands.draw(dice, Digits::carries);
        int a = operands.a();
        int b = operands.b();
        String question = PHRASES.question(dice, wording, "" + a, "" + b);
        String key = Math.min(a, b) + "+" + Math.max(a, b);
        String answer = a + " + " + b + " = " + (a + b);
        return new Problem(name(), key, question, trace(a, b), answer, wording == Wording.UNSEEN);
    }

    static String trace(int a, int b) {
        int width = new Operands(a, b).width();
        StringBuilder trace = new StringBuilder();
        trace.append(Digits.padded(a, width))
                .append('+')
                .append(Digits.padded(b, width))
                .append('\n');
        int carry = 0;
        for (int place = 0; place < width; place++) {
            int sum = Digits.at(a, place) + Digits.at(b, place) + carry;
            trace.append(Digits.at(a, place)).append('+').append(Digits.at(b, place));
            trace.append(carry > 0 ? "+1" : "").append('=').append(sum).append('\n');
            carry = sum / 10;
        }
        return trace.append(a + b).toString();
    }

    @Override
    public Verdict verify(Problem problem, String completion) {
        Completion parsed = Completion.parse(completion);
        double faithful = Equations.trueShare(parsed.trace());
        Matcher answer = ANSWER.matcher(parsed.answer());
        if (!parsed.wellFormed() || !parsed.hasDigitsInTrace() || !answer.matches()) {
            return Verdict.malformed(faithful);
        }
        String[] wanted = problem.key().split("\\+");
        String left = answer.group(1);
        String right = answer.group(2);
        boolean operands =
                left.equals(wanted[0]) && right.equals(wanted[1]) || left.equals(wanted[1]) && right.equals(wanted[0]);
        String sum = "" + (Integer.parseInt(wanted[0]) + Integer.parseInt(wanted[1]));
        return Verdict.wellFormed(operands && answer.group(3).equals(sum), faithful);
    }
}
