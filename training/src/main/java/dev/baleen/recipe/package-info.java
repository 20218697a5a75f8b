/// Whole training runs: from nothing but numbers to a folder with a model that can be served.
///
/// In: a recipe, a folder. Out: a model in Hugging Face layout with its measured scores. Read
/// [dev.baleen.recipe.Recipe] (all numbers), [dev.baleen.recipe.TrainRun] (the parts of a run, in order),
/// [dev.baleen.recipe.ModelFolder] (what is written). Knows nothing of command lines.
@NullMarked
package dev.baleen.recipe;

import org.jspecify.annotations.NullMarked;
