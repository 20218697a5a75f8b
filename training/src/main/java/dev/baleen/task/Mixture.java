package dev.baleen.task;

import java.util.ArrayList;
import java.util.List;

/// A stream of problems of several tasks. Problem `index` is a function of (seed, index): the task is drawn by share,
/// then the problem from that task's own source, so the stream can be read from anywhere and by any number of readers.
public final class Mixture {

    private static final long TURNS = 0x7475726e73L;

    /// How large a task's part of the stream is, relative to the other shares; counted in problems, not tokens.
    public record Share(Task task, int weight) {
        public Share {
            if (weight <= 0) {
                throw new IllegalArgumentException(
                        "The share of task " + task.name() + " must be positive, got " + weight);
            }
        }
    }

    private final List<ProblemSource> sources;
    private final int[] weights;
    private final long seed;

    public Mixture(List<Share> shares, Split split, long seed) {
        if (shares.isEmpty()) {
            throw new IllegalArgumentException("A mixture needs at least one task");
        }
        this.sources = shares.stream()
                .map(share -> new ProblemSource(share.task(), split, seed))
                .toList();
        this.weights = shares.stream().mapToInt(Share::weight).toArray();
        this.seed = seed;
    }

    /// What the sprout model learns from. Comparison and sorting converge slowest and get more than their size asks
    /// for.
    public static List<Share> sprout() {
        return List.of(
                new Share(new Addition(), 15),
                new Share(new Subtraction(), 19),
                new Share(new Comparison(), 15),
                new Share(new Sorting(), 21),
                new Share(new Countdown(), 6),
                new Share(new SmallTalk(), 13),
                new Share(new Refusal(), 11));
    }

    public Problem problem(long index) {
        int task = Dice.of(seed, index).weighted(weights);
        return sources.get(task).problem(index);
    }

    /// Problem `index` of the stream, in one case out of eight after one or two short earlier turns: a model that
    /// has
    /// only met first questions is lost at the second one. The problem itself is that of [#problem].
    public Conversation conversation(long index) {
        Problem problem = problem(index);
        int turns = Dice.of(seed, index, TURNS).weighted(28, 3, 1);
        List<Problem> earlier = new ArrayList<>(turns);
        int length = problem.question().length() + problem.assistant().length();
        for (int turn = 1; turn <= turns; turn++) {
            Problem before = problem(Dice.of(seed, index, TURNS, turn).next());
            length += before.question().length() + before.answer().length();
            if (length <= Tasks.CHARACTERS_MAX) {
                earlier.add(before);
            }
        }
        return new Conversation(earlier, problem);
    }
}
