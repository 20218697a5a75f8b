package dev.baleen.recipe;

import dev.baleen.evaluation.Scores;
import dev.baleen.model.DeepSeekV3Config;
import dev.baleen.task.Split;
import java.util.Locale;

/// The README of a trained model: what it is, what it can do by measurement, how to make it again.
final class ModelCard {
    private ModelCard() {}

    /// @param parameters how many numbers were trained
    /// @param tokens how many tokens it learnt from
    static String of(Recipe recipe, long parameters, long tokens, Scores scores) {
        DeepSeekV3Config model = recipe.model();
        StringBuilder card = new StringBuilder();
        card.append("""
                ---
                license: apache-2.0
                language: en
                pipeline_tag: text-generation
                tags: [deepseek_v3, reasoning, tiny]
                ---

                """);
        add(card, "# %s", recipe.name());
        add(card, "");
        add(
                card,
                "A DeepSeek-V3-shaped language model of %.2f M parameters that thinks before it answers: sums and differences to",
                parameters / 1e6);
        add(
                card,
                "four digits, comparing decimals, sorting, countdown puzzles, and a little talk about itself. It knows nothing else and");
        add(card, "says so. Made from scratch by Baleen, from generated problems only.");
        add(card, "");
        add(card, "    ./baleen chat -p \"What is 424 + 837?\"");
        add(card, "");
        add(card, "## Scores");
        add(card, "");
        add(
                card,
                "Problems of the %s split (%s, seed %d), which training never saw; greedy; ± is half of a 95 %% interval; *faithful* is",
                scores.split().name().toLowerCase(Locale.ROOT),
                Split.VERSION,
                scores.seed());
        add(card, "the share of true lines in its thoughts; *new wording* asks in ways that training never used.");
        add(card, "");
        card.append(scores.table());
        add(card, "");
        add(card, "## Network");
        add(card, "");
        add(
                card,
                "%d layers of width %d, %d heads of latent attention (key-value latent %d, rotary %d, query latent %d), %d experts of width",
                model.layers(),
                model.hiddenSize(),
                model.heads(),
                model.kvLoraRank(),
                model.qkRopeHeadDim(),
                model.qLoraRank(),
                model.routedExperts());
        add(
                card,
                "%d of which %d are chosen, %d shared, a vocabulary of %d, a context of %d tokens, a module that predicts two tokens ahead.",
                model.moeIntermediateSize(),
                model.gate().chosen(),
                model.sharedExperts(),
                model.vocabularySize(),
                model.contextLength());
        add(card, "");
        add(card, "## Making it again");
        add(card, "");
        add(card, "    ./baleen train %s", recipe.name());
        add(card, "");
        add(
                card,
                "%,d tokens, seed %d, recipe `%s`.",
                tokens,
                recipe.seed(),
                recipe.hash().substring(0, 16));
        return card.toString();
    }

    private static void add(StringBuilder card, String pattern, Object... values) {
        card.append(String.format(Locale.ROOT, pattern, values)).append('\n');
    }
}
