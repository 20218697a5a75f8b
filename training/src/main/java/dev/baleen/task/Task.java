package dev.baleen.task;

/// A kind of problem that can be drawn at random and whose answers can be checked.
///
/// Both methods are pure: the same dice give the same problem, the same text gives the same verdict, in any thread.
/// Callers draw through [ProblemSource], which keeps the splits apart, not through [#draw] directly.
public interface Task {

    /// The task's name: one lower-case word. It is part of the split's hash, so it never changes.
    String name();

    /// Draws one problem. Which split it belongs to is decided by its key afterwards ([Split#of]).
    Problem draw(Dice dice, Wording wording);

    /// Judges what a model wrote after the `<think>\n` that the prompt ends with (or with that tag repeated at its
    /// head), without the end-of-sequence token. Text that was cut off at a length limit must not be passed as if
    /// it were complete.
    Verdict verify(Problem problem, String completion);
}
