package dev.baleen.task;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What every task keeps, whatever it is about.
class TaskContractTest {

    private static final long SEED = 20261123;

    static List<String> names() {
        return Tasks.all().stream().map(Task::name).toList();
    }

    @ParameterizedTest
    @MethodSource("names")
    void itsOwnAnswersVerifyAndItsTracesAreTrue(String name) {
        Task task = Tasks.byName(name);
        for (Split split : Split.values()) {
            ProblemSource source = new ProblemSource(task, split, SEED);
            for (long i = 0; i < 2_500; i++) {
                Problem problem = source.problem(i);
                assertPerfect(task, problem, problem.completion(), i);
                assertPerfect(task, problem, problem.assistant(), i);
                assertEquals(split, Split.of(problem));
            }
        }
    }

    private static void assertPerfect(Task task, Problem problem, String text, long index) {
        assertEquals(
                new Verdict(true, true, 1),
                task.verify(problem, text),
                () -> "seed " + SEED + ", index " + index + ", " + problem);
    }

    @ParameterizedTest
    @MethodSource("names")
    void aProblemIsAFunctionOfSeedAndIndex(String name) {
        Task task = Tasks.byName(name);
        ProblemSource source = new ProblemSource(task, Split.TRAIN, SEED);
        List<Problem> forward =
                LongStream.range(0, 500).mapToObj(source::problem).toList();
        for (int i = 499; i >= 0; i--) {
            assertEquals(forward.get(i), new ProblemSource(Tasks.byName(name), Split.TRAIN, SEED).problem(i));
        }
        Set<Problem> other = new HashSet<>(LongStream.range(0, 500)
                .mapToObj(new ProblemSource(task, Split.TRAIN, SEED + 1)::problem)
                .toList());
        other.removeAll(forward);
        assertTrue(other.size() > 50, "another seed gives other problems");
    }

    @ParameterizedTest
    @MethodSource("names")
    void unseenWordingsNeverOccurInTraining(String name) {
        Task task = Tasks.byName(name);
        ProblemSource training = new ProblemSource(task, Split.TRAIN, SEED);
        Set<String> seen = new HashSet<>();
        for (long i = 0; i < 20_000; i++) {
            assertFalse(training.problem(i).unseenTemplate());
            seen.add(wording(training.problem(i)));
        }
        ProblemSource unseen = new ProblemSource(task, Split.TEST, Wording.UNSEEN, SEED);
        for (long i = 0; i < 500; i++) {
            Problem problem = unseen.problem(i);
            assertTrue(problem.unseenTemplate());
            assertFalse(seen.contains(wording(problem)), problem::toString);
            assertPerfect(task, problem, problem.completion(), i);
        }
        assertThrows(IllegalArgumentException.class, () -> new ProblemSource(task, Split.TRAIN, Wording.UNSEEN, SEED));
        assertThrows(IllegalArgumentException.class, () -> new ProblemSource(task, Split.RL, Wording.UNSEEN, SEED));
    }

    /// A question with its numbers taken out; for questions without numbers that is the question.
    private static String wording(Problem problem) {
        return SmallTalk.normalised(problem.question()).replaceAll("[0-9]+", "0");
    }

    @ParameterizedTest
    @MethodSource("names")
    void documentsStayWithinTheirBounds(String name) {
        ProblemSource source = new ProblemSource(Tasks.byName(name), Split.TRAIN, SEED);
        long characters = 0;
        int longest = 0;
        for (long i = 0; i < 20_000; i++) {
            Problem problem = source.problem(i);
            String text = problem.question() + problem.assistant();
            assertTrue(
                    text.chars().allMatch(c -> c == '\n' || c >= ' ' && c < 127), () -> "not plain ASCII: " + problem);
            characters += text.length();
            longest = Math.max(longest, text.length());
        }
        System.out.printf("%-12s mean %5.1f characters, longest %d%n", name, characters / 20_000.0, longest);
        assertTrue(longest <= Tasks.CHARACTERS_MAX, "longest " + longest);
    }

    @ParameterizedTest
    @MethodSource("names")
    void brokenLayoutsAreRefused(String name) {
        Task task = Tasks.byName(name);
        for (long i = 0; i < 200; i++) {
            Problem problem = new ProblemSource(task, Split.TEST, SEED).problem(i);
            String good = problem.completion();
            String answer = problem.answer();
            List<String> bad = List.of(
                    "",
                    answer,
                    problem.trace(),
                    problem.trace() + "\n</think>",
                    problem.trace() + "\n</think>\n\n",
                    problem.trace() + "\n" + answer + "\n</think>\n\n",
                    good + "\n" + answer,
                    good + " " + answer,
                    good + "\n</think>\n\n" + answer,
                    "</think>" + good,
                    "<think>\n<think>\n" + good,
                    good + "<think>",
                    good + "</think>",
                    good + "\n\nI hope this helps.",
                    good + " or so",
                    good + "\u00a0",
                    good + "\u200b",
                    good + "\u0000",
                    good + "\t",
                    problem.trace() + "\n</THINK>\n\n" + answer,
                    problem.trace() + "\n</think >\n\n" + answer,
                    problem.trace() + "\n</think>\n\nThe answer is " + answer,
                    problem.trace() + "\n</think>\n\n**" + answer + "**",
                    "9".repeat(30_000) + good);
            for (String text : bad) {
                Verdict verdict = task.verify(problem, text);
                assertFalse(verdict.correct() || verdict.format(), () -> "accepted <<" + text + ">> for " + problem);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("names")
    void anAnswerIsNotRightForAnotherProblem(String name) {
        Task task = Tasks.byName(name);
        ProblemSource source = new ProblemSource(task, Split.TEST, SEED);
        for (long i = 0; i < 500; i++) {
            Problem problem = source.problem(i);
            Problem other = source.problem(i + 1);
            if (!problem.key().equals(other.key())
                    && !problem.answer().equals(other.answer())
                    && !name.equals("refusal")) {
                assertFalse(task.verify(problem, other.completion()).correct(), () -> other + " passed for " + problem);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("names")
    void reasoningIsThereExactlyWhereItIsAskedFor(String name) {
        boolean talk = name.equals("smalltalk") || name.equals("refusal");
        Task task = Tasks.byName(name);
        Problem problem = new ProblemSource(task, Split.TEST, SEED).problem(0);
        String empty = "\n</think>\n\n" + problem.answer();
        String idle = "Let me think.\n</think>\n\n" + problem.answer();
        assertEquals(talk, task.verify(problem, empty).format());
        assertFalse(task.verify(problem, idle).format());
    }
}
