package dev.baleen.task;

import java.util.List;

/// A stream of problems of several tasks. Problem `index` is a function of (seed, index): the task is drawn by share,
/// then the problem from that task's own source, so the stream can be read from anywhere and by any number of readers.
public final class Mixture {

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

    /// What the sprout model learns from. Comparison and sorting converge slowest and get more than their size asks for.
    public static List<Share> sprout() {
        return List.of(
                new Share(new Addition(), 16),
                new Share(new Subtraction(), 20),
                new Share(new Comparison(), 20),
                new Share(new Sorting(), 20),
                new Share(new Countdown(), 10),
                new Share(new SmallTalk(), 5),
                new Share(new Refusal(), 9));
    }

    public Problem problem(long index) {
        int task = Dice.of(seed, index).weighted(weights);
        return sources.get(task).problem(index);
    }
}
