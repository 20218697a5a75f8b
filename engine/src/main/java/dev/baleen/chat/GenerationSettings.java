package dev.baleen.chat;

import dev.baleen.checkpoint.Checkpoint;
import dev.baleen.checkpoint.Config;
import dev.baleen.checkpoint.Gguf;
import dev.baleen.checkpoint.HuggingFaceFolder;
import dev.baleen.checkpoint.Safetensors;
import dev.baleen.generation.Sampling;
import dev.baleen.tokenizer.AddedToken;
import dev.baleen.tokenizer.ControlTokens;
import dev.baleen.tokenizer.Tokenizer;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// What a model's publisher asks for: `generation_config.json`, or the defaults where there is none.
///
/// @param sampling how to draw
/// @param endTokens tokens that end an answer: those that the files name, and those that end a turn in any family that
///     has them, since files often name only what ends a text
public record GenerationSettings(Sampling sampling, Set<Integer> endTokens) {
    /// What ends a turn or a text, in the vocabularies that have it.
    private static final List<String> TURN_ENDS = List.of(
            ControlTokens.END, "<|EOT|>", "<|im_end|>", "<|eot_id|>", "<|eom_id|>", "<|end_of_text|>", "<|endoftext|>");

    /// Keys of GGUF files for what ends a text, a turn, and a turn with a call of a tool.
    private static final List<String> GGUF_ENDS =
            List.of("tokenizer.ggml.eos_token_id", "tokenizer.ggml.eot_token_id", "tokenizer.ggml.eom_token_id");

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
            case HuggingFaceFolder folder -> of(folder, tokenizer);
            case Gguf gguf -> defaults(tokenizer).withEnds(ends(gguf, tokenizer));
            case Safetensors _ -> defaults(tokenizer);
        };
    }

    /// Without `do_sample`, a file that sets a temperature wants it, and a file that sets none leaves it to us.
    private static GenerationSettings of(HuggingFaceFolder folder, Tokenizer tokenizer) {
        Config config = folder.generationConfig();
        Sampling absent = defaults(tokenizer).sampling();
        boolean sets = config.has("temperature") || config.has("top_p") || config.has("top_k") || config.has("min_p");
        Sampling sampling = absent;
        if (!config.flag("do_sample", true)) {
            sampling = Sampling.greedy();
        } else if (sets) {
            sampling = checked(config);
        }
        Set<Integer> ends = new LinkedHashSet<>(config.integers("eos_token_id"));
        if (ends.isEmpty()) {
            Config network = folder.config();
            ends.addAll(network.integers("eos_token_id"));
            network.finish();
        }
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

    private static Set<Integer> ends(Gguf gguf, Tokenizer tokenizer) {
        Set<Integer> ends = new LinkedHashSet<>(ends(tokenizer));
        for (String key : GGUF_ENDS) {
            gguf.findInteger(key)
                    .filter(id -> id >= 0 && id < tokenizer.vocabularySize())
                    .ifPresent(id -> ends.add((int) (long) id));
        }
        return ends;
    }

    private static Set<Integer> ends(Tokenizer tokenizer) {
        Set<Integer> ends = new LinkedHashSet<>();
        tokenizer.endId().ifPresent(ends::add);
        for (AddedToken token : tokenizer.addedTokens()) {
            if (TURN_ENDS.contains(token.content())) {
                ends.add(token.id());
            }
        }
        return ends;
    }

    private GenerationSettings withEnds(Set<Integer> value) {
        return new GenerationSettings(sampling, value);
    }
}
