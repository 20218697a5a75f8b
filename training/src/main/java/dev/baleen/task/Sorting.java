package dev.baleen.task;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// Two to five numbers from 0 to 99 in rising or falling order.
///
///     Sort 70, 64, 1.
///     ascending
///     70              insertion: each line names the next number, then the sorted list with it put in
///     64:64,70        every number is two digits wide: what is copied lies at one of two distances
///     01:01,64,70
///     1, 64, 70
final class Sorting implements Task {

    private static final String ASCENDING = """
            Sort {a}.
            Sort {a}.
            [Sort|Order|Arrange] [these|the|these numbers|the numbers|the following numbers][: |, | ]{a}.
            [Sort|Order|Arrange] {a}[ in ascending order| from smallest to largest| from low to high| ascending].
            [Sort|Order|Arrange] [these numbers |these |]from [smallest to largest|small to large|least to greatest|low to high][: |, ]{a}
            [Sort|Order|Arrange|Put|List] [these numbers |these |]in [ascending|rising|increasing] order[: |, ]{a}
            [Put|Bring] {a} in [order|the right order|ascending order].
            [Put|Place] [these|these numbers] in order[: |, ]{a}.
            [Can|Could|Would] you [please |][sort|order|arrange] {a}?
            [Can|Could] you put {a} in order[|, smallest first]?
            [Sort|Order|Arrange] {a}, smallest first.
            [What is|Give me|Show me] {a} [in order|sorted|in ascending order]?
            {a}[, sort| - sort|: sort|. Sort] [them|these|it][|.| please.]
            {a} [sorted|in order|in ascending order][|?]
            [ascending|sort|sorted|Sort ascending|in order][: | ]{a}
            [List|Write|Give me] {a} [in ascending order|from smallest to largest|starting with the smallest].
            [I need|I want] {a} [sorted|in order|in ascending order].
            Help me sort {a}.
            """;
    private static final String ASCENDING_UNSEEN = """
            [Rank|Line up] {a} from smallest to largest.
            Which order do {a} go in, smallest first?
            Bring these into ascending order: {a}
            Here are some numbers: {a}. Sort them.
            How do {a} look when sorted?
            """;
    private static final String DESCENDING = """
            Sort {a} in descending order.
            Sort {a} from largest to smallest.
            [Sort|Order|Arrange] {a}[ in descending order| from largest to smallest| from high to low| descending].
            [Sort|Order|Arrange] [these numbers |these |]from [largest to smallest|large to small|greatest to least|high to low][: |, ]{a}
            [Sort|Order|Arrange|Put|List] [these numbers |these |]in [descending|falling|decreasing] order[: |, ]{a}
            [Put|Bring] {a} in [descending order|falling order].
            [Can|Could|Would] you [please |][sort|order|arrange] {a} [descending|in descending order|from largest to smallest]?
            [Can|Could] you put {a} in order, largest first?
            [Sort|Order|Arrange] {a}, [largest|biggest|highest] first.
            [What is|Give me|Show me] {a} in descending order?
            {a}[, sort| - sort|: sort|. Sort] [them|these|it] [descending|in descending order|from high to low][|.]
            {a} in descending order[|?]
            [descending|Sort descending|in descending order|largest first][: | ]{a}
            [List|Write|Give me] {a} [in descending order|from largest to smallest|starting with the largest].
            [Reverse sort|Sort in reverse]: {a}
            """;
    private static final String DESCENDING_UNSEEN = """
            [Rank|Line up] {a} from largest to smallest.
            Bring these into descending order: {a}
            Here are some numbers: {a}. Sort them, largest first.
            Which order do {a} go in, largest first?
            """;

    private static final Phrasebook RISING = Phrasebook.of(ASCENDING, ASCENDING_UNSEEN);
    private static final Phrasebook FALLING = Phrasebook.of(DESCENDING, DESCENDING_UNSEEN);
    private static final Pattern ANSWER = Pattern.compile("[0-9]{1,2}(?:, ?[0-9]{1,2}){1,9}");

    @Override
    public String name() {
        return "sorting";
    }

    @Override
    public Problem draw(Dice dice, Wording wording) {
        List<Integer> numbers = numbers(dice);
        boolean rising = dice.chance(70);
        String question = (rising ? RISING : FALLING).question(dice, wording, listed(dice, numbers));
        List<Integer> sorted = sorted(numbers, rising);
        String key = sorted(numbers, true).stream().map(String::valueOf).collect(Collectors.joining(","));
        String answer = sorted.stream().map(String::valueOf).collect(Collectors.joining(", "));
        return new Problem(name(), key, question, trace(numbers, rising), answer, wording == Wording.UNSEEN);
    }

    private static List<Integer> numbers(Dice dice) {
        int count = 2 + dice.weighted(8, 26, 30, 36);
        int top = dice.chance(85) ? 99 : 20;
        List<Integer> numbers = new ArrayList<>();
        while (numbers.size() < count) {
            // Neighbours that share the tens digit are the hard case, uniform numbers seldom do.
            int base = numbers.isEmpty() ? 0 : dice.pick(numbers);
            int number = switch (dice.weighted(72, 20, 8)) {
                case 0 -> dice.between(0, top);
                case 1 -> base / 10 * 10 + dice.below(10);
                default -> dice.below(10);
            };
            if (!numbers.contains(number) || dice.chance(15)) {
                numbers.add(number);
            }
        }
        return List.copyOf(numbers);
    }

    private static String listed(Dice dice, List<Integer> numbers) {
        List<String> words = numbers.stream().map(String::valueOf).toList();
        int style = dice.weighted(62, 14, 6, 12, 6);
        int last = words.size() - 1;
        String head = String.join(", ", words.subList(0, last));
        return switch (style) {
            case 0 -> String.join(", ", words);
            case 1 -> String.join(" ", words);
            case 2 -> String.join(",", words);
            case 3 -> head + " and " + words.get(last);
            default -> head + ", and " + words.get(last);
        };
    }

    private static List<Integer> sorted(List<Integer> numbers, boolean rising) {
        List<Integer> sorted = new ArrayList<>(numbers);
        sorted.sort(rising ? Comparator.naturalOrder() : Collections.reverseOrder());
        return sorted;
    }

    static String trace(List<Integer> numbers, boolean rising) {
        StringBuilder trace = new StringBuilder(rising ? "ascending\n" : "descending\n");
        trace.append(Digits.padded(numbers.getFirst(), 2));
        for (int taken = 2; taken <= numbers.size(); taken++) {
            trace.append('\n').append(Digits.padded(numbers.get(taken - 1), 2)).append(':');
            trace.append(wide(sorted(numbers.subList(0, taken), rising)));
        }
        return trace.toString();
    }

    private static String wide(List<Integer> numbers) {
        return numbers.stream().map(number -> Digits.padded(number, 2)).collect(Collectors.joining(","));
    }

    @Override
    public Verdict verify(Problem problem, String completion) {
        Completion parsed = Completion.parse(completion);
        double faithful = faithful(problem, parsed.trace());
        if (!parsed.wellFormed()
                || !parsed.hasDigitsInTrace()
                || !ANSWER.matcher(parsed.answer()).matches()) {
            return Verdict.malformed(faithful);
        }
        boolean correct =
                parsed.answer().replace(", ", ",").equals(problem.answer().replace(", ", ","));
        return Verdict.wellFormed(correct, faithful);
    }

    /// The share of the trace's `number:list` lines whose list is the line before with the number put in its place.
    private static double faithful(Problem problem, String trace) {
        boolean rising = problem.trace().startsWith("ascending");
        List<String> lines = trace.lines().toList();
        int stated = 0;
        int held = 0;
        for (int i = 1; i < lines.size(); i++) {
            int colon = lines.get(i).indexOf(':');
            if (colon < 0) {
                continue;
            }
            stated++;
            String number = lines.get(i).substring(0, colon);
            String before = lines.get(i - 1).substring(lines.get(i - 1).indexOf(':') + 1);
            List<String> list = new ArrayList<>(List.of(before.split(",")));
            list.add(number);
            list.sort(rising ? Comparator.naturalOrder() : Collections.reverseOrder());
            held += String.join(",", list).equals(lines.get(i).substring(colon + 1)) ? 1 : 0;
        }
        return stated == 0 ? 0 : (double) held / stated;
    }
}
