package dev.baleen.model;

import dev.baleen.checkpoint.Config;
import dev.baleen.kernel.RotaryEmbedding;
import dev.baleen.kernel.RotaryEmbedding.Pairing;
import java.util.Optional;

/// The rotary embedding that a file's settings describe: a base, and how the frequencies are stretched beyond the
/// context that they were first trained for.
final class RopeSettings {
    private RopeSettings() {}

    /// Reads `rope_theta` and `rope_scaling`, or `rope_parameters` with both in it, as newer files have it.
    ///
    /// @param columns of a head
    static RotaryEmbedding ofHuggingFace(Config json, int columns, Pairing pairing) {
        Config rope = section(json).orElse(json);
        double base = base(json);
        RotaryEmbedding plain = RotaryEmbedding.plain(turning(json, "head_dim", columns), base, pairing);
        String type = type(rope);
        return switch (type) {
            // The dynamic one stretches only texts longer than `max_position_embeddings`, which Baleen does not run.
            case "default", "dynamic" -> plain;
            case "linear" -> plain.linear(rope.number("factor"));
            case "llama3" ->
                plain.llama3(
                        rope.number("factor"),
                        rope.number("low_freq_factor"),
                        rope.number("high_freq_factor"),
                        rope.number("original_max_position_embeddings"));
            case "yarn" -> yarn(json, rope, plain, base);
            default -> {
                refuseType(rope, "Baleen knows 'default', 'linear', 'dynamic', 'llama3' and 'yarn'");
                yield plain;
            }
        };
    }

    /// The section with the settings of the rotary embedding, by its newer name or its older one.
    static Optional<Config> section(Config json) {
        return json.section("rope_parameters").or(() -> json.section("rope_scaling"));
    }

    /// The base, from that section or from beside it.
    static double base(Config json) {
        double beside = json.number("rope_theta", 10_000);
        return section(json).map(rope -> rope.number("rope_theta", beside)).orElse(beside);
    }

    static String type(Config rope) {
        return rope.text("rope_type", rope.text("type", "default"));
    }

    /// Records that the type is none of the `known` ones.
    static void refuseType(Config rope, String known) {
        rope.problem(rope.has("rope_type") ? "rope_type" : "type", "is '" + type(rope) + "'", known);
    }

    /// YaRN multiplies sines and cosines by `0.1 · ln(factor) + 1` (arXiv 2309.00071, eq. 22) unless the file gives
    /// `attention_factor`. `attn_factor` multiplies that: R1-0528-Qwen3-8B has one that takes it back to 1. vLLM
    /// honours it, and GGUF's converter hands it on; `transformers` passes over it.
    private static RotaryEmbedding yarn(Config json, Config rope, RotaryEmbedding plain, double base) {
        int context = json.positive("max_position_embeddings");
        double original = rope.number("original_max_position_embeddings", context);
        double factor = rope.number("factor", context / original);
        double magnitude = rope.number("attention_factor", magnitude(rope, factor)) * rope.number("attn_factor", 1);
        Settings.refuseOther(rope, "truncate", true);
        return plain.yarn(base, factor, original, rope.number("beta_fast", 32), rope.number("beta_slow", 1), magnitude);
    }

    private static double magnitude(Config rope, double factor) {
        double mscale = rope.number("mscale", 0);
        double all = rope.number("mscale_all_dim", 0);
        return mscale != 0 && all != 0 ? magnitude(factor, mscale) / magnitude(factor, all) : magnitude(factor, 1);
    }

    /// YaRN's `0.1 · m · ln(factor) + 1`.
    static double magnitude(double factor, double m) {
        return factor <= 1 ? 1 : 0.1 * m * Math.log(factor) + 1;
    }

    /// Reads the keys `rope.*` of a GGUF file's architecture. Llama 3's factors are a tensor there. A factor that
    /// has no type is a linear one, as the oldest files have it.
    ///
    /// @param columns of a head
    static RotaryEmbedding ofGguf(Config keys, int columns, Pairing pairing, WeightSource weights) {
        double base = keys.number("rope.freq_base", 10_000);
        int turning = turning(keys, "rope.dimension_count", keys.positive("rope.dimension_count", columns));
        RotaryEmbedding plain = RotaryEmbedding.plain(turning, base, pairing);
        if (weights.has("rope_freqs.weight")) {
            plain = plain.divided(weights.get("rope_freqs.weight", turning / 2).toFloats());
        }
        double factor = keys.number("rope.scaling.factor", keys.number("rope.scale_linear", 1));
        String type = keys.text("rope.scaling.type", "linear");
        return switch (type) {
            case "none" -> plain;
            case "linear" -> plain.linear(factor == 0 ? 1 : factor);
            case "yarn" ->
                plain.yarn(
                        base,
                        factor,
                        keys.number("rope.scaling.original_context_length", keys.positive("context_length")),
                        keys.number("rope.scaling.yarn_beta_fast", 32),
                        keys.number("rope.scaling.yarn_beta_slow", 1),
                        magnitude(factor, 1)
                                * keys.number(
                                        "rope.scaling.yarn_attn_factor", keys.number("rope.scaling.attn_factor", 1)));
            default -> {
                keys.problem("rope.scaling.type", "is '" + type + "'", "Baleen knows 'none', 'linear' and 'yarn' here");
                yield plain;
            }
        };
    }

    /// How many columns of a head turn: an even number.
    static int turning(Config settings, String key, int columns) {
        if (columns < 2 || columns % 2 != 0 || columns > Settings.HEAD_DIM_MAX) {
            settings.problem(
                    key,
                    "makes %,d columns turn in pairs".formatted(columns),
                    "it has to be an even number up to %,d".formatted(Settings.HEAD_DIM_MAX));
            return 2;
        }
        return columns;
    }
}
