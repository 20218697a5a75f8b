/// Scores: how well a model solves problems that it never saw.
///
/// In: a model, and problems of a held-out split. Out: a table. Read [dev.baleen.evaluation.Exam] (what is asked), then
/// [dev.baleen.evaluation.Evaluator] (asking and judging), [dev.baleen.evaluation.Scores] (the table). Knows nothing of
/// training, files of models or kinds of processors.
@NullMarked
package dev.baleen.evaluation;

import org.jspecify.annotations.NullMarked;
