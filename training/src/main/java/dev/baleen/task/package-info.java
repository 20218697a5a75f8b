/// Procedurally generated problems; each task writes its own traces and checks its own answers.
///
/// In: a seed and an index. Out: a [dev.baleen.task.Problem] (question, trace, answer), and for any text that a model
/// wrote about it a [dev.baleen.task.Verdict]. Read [dev.baleen.task.Task], [dev.baleen.task.Split] and
/// [dev.baleen.task.ProblemSource] first, then [dev.baleen.task.Addition] as the simplest task,
/// [dev.baleen.task.Mixture] last. Knows nothing of tokens, models, files or time.
@NullMarked
package dev.baleen.task;

import org.jspecify.annotations.NullMarked;
