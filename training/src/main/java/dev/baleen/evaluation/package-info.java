/// Scores: how well a model solves problems that it never saw, and how well it predicts a text.
///
/// In: a model, and problems of a held-out split or a text. Out: a table, or a number. Read
/// [dev.baleen.evaluation.Exam] (what is asked), then [dev.baleen.evaluation.Evaluator] (asking and judging),
/// [dev.baleen.evaluation.Scores] (the table); [dev.baleen.evaluation.TextPerplexity] for texts. Knows nothing of
/// training, files of models or kinds of processors.
@NullMarked
package dev.baleen.evaluation;

import org.jspecify.annotations.NullMarked;
