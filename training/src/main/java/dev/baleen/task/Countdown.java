package dev.baleen.task;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Make a target up to 100 from three numbers of 1 to 20, each used once.
///
///     Use 3, 7 and 8 once each to make 29.
///     3,7,8:29
///     29-8=21,29+8=37         what the pair has to give if 8 comes last
///     3+7=10,7-3=4,3*7=21 yes what the pair gives, up to the first that is wanted
///     21+8=29
///     3*7+8 = 29
///
/// Looking back from the target halves the length of a search that tries every closing of every pair, and every token
/// stays computable from the page. See [CountdownSearch] for the order.
final class Countdown implements Task {

    private static final String NO_WAY = "I found no way.";

    private static final Phrasebook PHRASES = Phrasebook.of("""
            Use {a}, {b} and {c} once each to make {d}.
            Use {a}, {b} and {c} once each to make {d}.
            [Use|Take|Combine|Using] {a}, {b}[,|] and {c} [once each |exactly once each |each once |]to [make|get|reach|form|build] {d}[.|]
            [Make|Get|Reach|Build|Form] {d} [from|with|using|out of] {a}, {b}[,|] and {c}.
            [Make|Get|Reach] {d} [from|with|using] {a}, {b}, {c}.
            [How|How can I|How do I|How would you|How do you] [make|get|reach] {d} [from|with|using] {a}, {b} and {c}?
            [Can|Could] you [make|get|reach] {d} [from|with|using] {a}, {b} and {c}?
            [Countdown|Numbers game|Puzzle][: |, ]{a}, {b}, {c}[, target |; target | to | make | -> | => |: ]{d}
            [Numbers|The numbers are][: | ]{a}, {b}, {c}. [Target|The target is|Make|Goal][: | ]{d}.
            [Combine|Use] the numbers {a}, {b}[,|] and {c} [to make|to get|to reach] {d}.
            [Find|Give me] [a way|an expression|a sum|a formula] [from|with|using] {a}, {b} and {c} [that makes|that gives|to make|for] {d}.
            [Target|Goal|Make][: | ]{d}[, numbers |, numbers: |, using |. Numbers: ]{a}, {b}, {c}
            [Play countdown|Let us play countdown|Solve this countdown][: |, with |. ]{a}, {b}, {c}[ to | make |, target ]{d}
            With {a}, {b} and {c}[, |, how can I |, can you ]make {d}?
            [Write|Express] {d} [using|with] {a}, {b} and {c}.
            """, """
            I have {a}, {b} and {c}. How do I make {d}?
            Turn {a}, {b} and {c} into {d}.
            Reach the target {d} by combining {a}, {b} and {c}.
            Is there a way to get {d} from {a}, {b} and {c}?
            Arrange {a}, {b} and {c} so that they give {d}.
            """);

    private static final Pattern ANSWER = Pattern.compile("([0-9+*/() -]{5,40}?) ?= ?([0-9]{1,4})");
    private static final int TRIES_MAX = 1000;

    @Override
    public String name() {
        return "countdown";
    }

    @Override
    public Problem draw(Dice dice, Wording wording) {
        boolean solvable = !dice.chance(4);
        for (int i = 0; i < TRIES_MAX; i++) {
            int[] numbers = {dice.between(1, 20), dice.between(1, 20), dice.between(1, 20)};
            int target = solvable ? reachable(dice, numbers) : dice.between(1, 100);
            if (target < 1 || target > 100) {
                continue;
            }
            CountdownSearch search = CountdownSearch.run(numbers, target);
            boolean wanted = solvable ? search.solution().isPresent() : !CountdownSearch.hasSolution(numbers, target);
            if (wanted) {
                return problem(dice, wording, numbers, target, search);
            }
        }
        throw new IllegalStateException("No countdown problem found in " + TRIES_MAX + " tries");
    }

    /// The value of a random expression over the numbers, 0 if it is not a positive whole number.
    private static int reachable(Dice dice, int[] numbers) {
        int last = dice.below(3);
        int first = apply(dice.below(4), numbers[(last + 1) % 3], numbers[(last + 2) % 3]);
        return first < 1 ? 0 : apply(dice.below(4), first, numbers[last]);
    }

    private static int apply(int operator, int x, int y) {
        int high = Math.max(x, y);
        int low = Math.min(x, y);
        return switch (operator) {
            case 0 -> x + y;
            case 1 -> high - low;
            case 2 -> x * y;
            default -> high % low == 0 ? high / low : 0;
        };
    }

    private Problem problem(Dice dice, Wording wording, int[] numbers, int target, CountdownSearch search) {
        String question =
                PHRASES.question(dice, wording, "" + numbers[0], "" + numbers[1], "" + numbers[2], "" + target);
        String answer = search.solution().map(way -> way + " = " + target).orElse(NO_WAY);
        return new Problem(name(), key(numbers, target), question, search.trace(), answer, wording == Wording.UNSEEN);
    }

    private static String key(int[] numbers, int target) {
        String sorted =
                Arrays.stream(numbers).sorted().mapToObj(String::valueOf).collect(Collectors.joining(","));
        return sorted + "=" + target;
    }

    @Override
    public Verdict verify(Problem problem, String completion) {
        Completion parsed = Completion.parse(completion);
        double faithful = Equations.trueShare(parsed.trace());
        if (!parsed.wellFormed() || !parsed.hasDigitsInTrace()) {
            return Verdict.malformed(faithful);
        }
        if (parsed.answer().equals(NO_WAY)) {
            return Verdict.wellFormed(problem.answer().equals(NO_WAY), faithful);
        }
        Matcher answer = ANSWER.matcher(parsed.answer());
        Optional<Expression> way = answer.matches() ? Expression.parse(answer.group(1)) : Optional.empty();
        if (way.isEmpty()) {
            return Verdict.malformed(faithful);
        }
        int equals = problem.key().indexOf('=');
        String target = problem.key().substring(equals + 1);
        List<Integer> used = new ArrayList<>(way.get().numbers());
        used.sort(null);
        String numbers = used.stream().map(String::valueOf).collect(Collectors.joining(","));
        Fraction value = way.get().value();
        boolean correct = numbers.equals(problem.key().substring(0, equals))
                && answer.group(2).equals(target)
                && value.equals(Fraction.of(Integer.parseInt(target)));
        return Verdict.wellFormed(correct, faithful);
    }
}
