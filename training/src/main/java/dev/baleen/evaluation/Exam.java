package dev.baleen.evaluation;

import dev.baleen.task.Problem;
import dev.baleen.task.ProblemSource;
import dev.baleen.task.Split;
import dev.baleen.task.Task;
import dev.baleen.task.Wording;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What a model is asked: problems of one split, so many of each task, and again so many in wordings that no training
/// stream has.
///
/// @param problems of each task in known wordings
/// @param reworded of each task in unseen wordings; 0 for none
/// @param seed which problems are drawn
public record Exam(List<Task> tasks, Split split, int problems, int reworded, long seed) {
    private static final Pattern NUMBER = Pattern.compile("\\d+");
    private static final List<String> TOLD_BY_DIGITS = List.of("addition", "subtraction");
    private static final int SHORT_DIGITS = 3;

    /// One question of an exam.
    ///
    /// @param group the line of the table that it counts for: the task, for sums also how long the numbers are
    public record Question(String group, Task task, Problem problem) {}

    public Exam {
        if (tasks.isEmpty() || problems < 1 || reworded < 0) {
            throw new IllegalArgumentException("No exam of %d tasks with %d problems each and %d reworded"
                    .formatted(tasks.size(), problems, reworded));
        }
        tasks = List.copyOf(tasks);
    }

    /// All questions, in a fixed order.
    public List<Question> questions() {
        List<Question> questions = new ArrayList<>();
        for (Task task : tasks) {
            add(questions, task, new ProblemSource(task, split, Wording.SEEN, seed), problems);
            add(questions, task, new ProblemSource(task, split, Wording.UNSEEN, seed), reworded);
        }
        return questions;
    }

    private static void add(List<Question> questions, Task task, ProblemSource source, int count) {
        for (int i = 0; i < count; i++) {
            Problem problem = source.problem(i);
            questions.add(new Question(group(problem), task, problem));
        }
    }

    private static String group(Problem problem) {
        if (!TOLD_BY_DIGITS.contains(problem.task())) {
            return problem.task();
        }
        int digits = 0;
        for (Matcher number = NUMBER.matcher(problem.key()); number.find(); ) {
            digits = Math.max(digits, number.end() - number.start());
        }
        return problem.task() + (digits <= SHORT_DIGITS ? ", to 3 digits" : ", 4 digits");
    }
}
