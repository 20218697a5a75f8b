package dev.baleen.chat;

import dev.baleen.checkpoint.Checkpoint;
import dev.baleen.checkpoint.Config;
import dev.baleen.checkpoint.Gguf;
import dev.baleen.checkpoint.HuggingFaceFolder;
import dev.baleen.checkpoint.Safetensors;
import dev.baleen.generation.Sampling;
import dev.baleen.tokenizer.Tokenizer;
import java.util.LinkedHashSet;
import java.util.Set;

/// What a model's publisher asks for: `generation_config.json`, or the defaults where there is none.
///
/// @param sampling how to draw
/// @param endTokens tokens that end an answer
public record GenerationSettings(Sampling sampling, Set<Integer> endTokens) {
    public GenerationSettings {
        endTokens = Set.copyOf(endTokens);
    }

    /// Where nothing is asked for: temperature 0.6 and top-p 0.95, as DeepSeek recommends for its R1 models.
    public static GenerationSettings defaults(Tokenizer tokenizer) {
        return new GenerationSettings(Sampling.at(0.6).withTopP(0.95), ends(tokenizer));
    }

    /// @throws dev.baleen.checkpoint.CheckpointException if the file cannot be used
    public static GenerationSettings of(Checkpoint checkpoint, Tokenizer tokenizer) {
        return switch (checkpoint) {
            case HuggingFaceFolder folder -> of(folder.generationConfig(), tokenizer);
            case Gguf _, Safetensors _ -> defaults(tokenizer);
        };
    }

    /// Without `do_sample`, a file that sets a temperature wants it, and a file that sets none leaves it to us.
    private static GenerationSettings of(Config config, Tokenizer tokenizer) {
        Sampling absent = defaults(tokenizer).sampling();
        boolean sets = config.has("temperature") || config.has("top_p") || config.has("top_k") || config.has("min_p");
        Sampling sampling = absent;
        if (!config.flag("do_sample", true)) {
            sampling = Sampling.greedy();
        } else if (sets) {
            sampling = checked(config);
        }
        Set<Integer> ends = new LinkedHashSet<>(config.integers("eos_token_id"));
        ends.addAll(ends(tokenizer));
        config.finish();
        return new GenerationSettings(sampling, ends);
    }

    private static Sampling checked(Config config) {
        try {
            return Sampling.at(config.number("temperature", 1))
                    .withTopK(config.integer("top_k", 0))
                    .withTopP(config.number("top_p", 1))
                    .withMinP(config.number("min_p", 0))
                    .withRepetitionPenalty(config.number("repetition_penalty", 1));
        } catch (IllegalArgumentException e) {
            config.problem("temperature, top_k, top_p, min_p, repetition_penalty", e.getMessage(), "mend the file");
            return Sampling.greedy();
        }
    }

    private static Set<Integer> ends(Tokenizer tokenizer) {
        return tokenizer.endId().isPresent() ? Set.of(tokenizer.endId().getAsInt()) : Set.of();
    }
}
