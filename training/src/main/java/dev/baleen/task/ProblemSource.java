package dev.baleen.task;

/// The problems of one task and one split: problem `index` is a function of (seed, index), found by drawing until a
/// key falls into the split.
public record ProblemSource(Task task, Split split, Wording wording, long seed) {

    /// Far beyond need: a split that holds 2 % of the keys is missed this often with a chance below 1e-80.
    private static final int TRIES_MAX = 10_000;

    public ProblemSource(Task task, Split split, long seed) {
        this(task, split, Wording.SEEN, seed);
    }

    public ProblemSource {
        if (wording == Wording.UNSEEN && (split == Split.TRAIN || split == Split.RL)) {
            throw new IllegalArgumentException("Unseen wordings are for evaluation: ask for the split TEST or"
                    + " VALIDATION of task " + task.name() + ", or for Wording.SEEN");
        }
    }

    public Problem problem(long index) {
        long stream = task.name().hashCode();
        for (int attempt = 0; attempt < TRIES_MAX; attempt++) {
            Problem problem = task.draw(Dice.of(seed, stream, index, attempt), wording);
            if (Split.of(problem) == split) {
                return problem;
            }
        }
        throw new IllegalStateException(
                "Task " + task.name() + " drew no problem of split " + split + " in " + TRIES_MAX + " tries (seed "
                        + seed + ", index " + index + "): its set of keys is too small to be split");
    }
}
