package dev.baleen.conversion;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.baleen.checkpoint.Config;
import dev.baleen.checkpoint.GgufValue;
import dev.baleen.kernel.RotaryEmbedding;
import dev.baleen.kernel.RotaryEmbedding.Pairing;
import java.util.Optional;
import java.util.SequencedMap;

/// The settings of the rotary embedding: `rope_theta` and `rope_scaling`, or both as `rope_parameters`, on one side,
/// the keys `rope.*` on the other.
///
/// Two things differ in more than their names. GGUF has no key for Llama 3's scaling; the factors that it divides each
/// pair's frequency by are a tensor, `rope_freqs.weight`. And where Hugging Face gives YaRN's magnitude as a whole,
/// GGUF gives what to multiply `0.1 · ln(factor) + 1` by (arXiv 2309.00071, eq. 22).
final class RopeConversion {
    static final String FACTORS = "rope_freqs.weight";

    private static final double CLOSE = 1e-5;

    private RopeConversion() {}

    /// @param columns of a head
    static void toGguf(Config json, Family family, int columns, SequencedMap<String, GgufValue> metadata) {
        Config rope = section(json);
        String prefix = family.prefix() + "rope.";
        metadata.put(prefix + "freq_base", Setting.real(base(json)));
        double part = rope.number("partial_rotary_factor", json.number("partial_rotary_factor", 1));
        metadata.putIfAbsent(prefix + "dimension_count", Setting.count((int) (columns * part)));
        switch (type(rope)) {
            // The dynamic kind stretches only texts longer than the model was made for.
            case "default", "dynamic", "llama3" -> {}
            case "linear" -> {
                metadata.put(prefix + "scaling.type", new GgufValue.Text("linear"));
                metadata.put(prefix + "scaling.factor", Setting.real(rope.number("factor")));
            }
            case "yarn" -> yarnToGguf(json, rope, family, metadata);
            default ->
                rope.problem(
                        "rope_type",
                        "is '" + type(rope) + "'",
                        "'default', 'linear', 'dynamic', 'llama3' and 'yarn' can be converted");
        }
    }

    private static void yarnToGguf(Config json, Config rope, Family family, SequencedMap<String, GgufValue> metadata) {
        String prefix = family.prefix() + "rope.scaling.";
        int context = json.positive("max_position_embeddings");
        int original = rope.positive("original_max_position_embeddings", context);
        double factor = rope.number("factor", (double) context / original);
        metadata.put(prefix + "type", new GgufValue.Text("yarn"));
        metadata.put(prefix + "factor", Setting.real(factor));
        metadata.put(prefix + "original_context_length", Setting.count(original));
        if (rope.has("beta_fast")) {
            metadata.put(prefix + "yarn_beta_fast", Setting.real(rope.number("beta_fast")));
        }
        if (rope.has("beta_slow")) {
            metadata.put(prefix + "yarn_beta_slow", Setting.real(rope.number("beta_slow")));
        }
        double all = rope.number("mscale_all_dim", 0);
        if (family.hasLatentAttention()) {
            if (rope.number("mscale", 1) != all) {
                rope.problem(
                        "mscale",
                        "is %s and mscale_all_dim %s".formatted(rope.number("mscale", 1), all),
                        "GGUF has room for one of them; where both are the same it can be converted");
            }
            metadata.put(prefix + "yarn_log_multiplier", Setting.real(0.1 * all));
        } else if (family != Family.DEEPSEEK_V4) {
            double magnitude = magnitude(rope, factor) / magnitude(factor, 1);
            if (magnitude != 1) {
                metadata.put(prefix + "yarn_attn_factor", Setting.real(magnitude));
            }
        }
    }

    private static double magnitude(Config rope, double factor) {
        double mscale = rope.number("mscale", 0);
        double all = rope.number("mscale_all_dim", 0);
        double usual =
                mscale != 0 && all != 0 ? magnitude(factor, mscale) / magnitude(factor, all) : magnitude(factor, 1);
        return rope.number("attention_factor", usual) * rope.number("attn_factor", 1);
    }

    private static double magnitude(double factor, double m) {
        return factor <= 1 ? 1 : 0.1 * m * Math.log(factor) + 1;
    }

    /// What each pair's frequency is divided by; empty but for Llama 3's scaling.
    static Optional<float[]> factors(Config json, int columns) {
        Config rope = section(json);
        return type(rope).equals("llama3")
                ? Optional.of(factors(
                        base(json),
                        columns,
                        rope.number("factor"),
                        rope.number("low_freq_factor"),
                        rope.number("high_freq_factor"),
                        rope.number("original_max_position_embeddings")))
                : Optional.empty();
    }

    private static float[] factors(double base, int columns, double factor, double low, double high, double original) {
        RotaryEmbedding plain = RotaryEmbedding.plain(columns, base, Pairing.HALVES);
        double[] before = plain.frequencies();
        double[] after = plain.llama3(factor, low, high, original).frequencies();
        float[] factors = new float[before.length];
        for (int i = 0; i < factors.length; i++) {
            factors[i] = (float) (before[i] / after[i]);
        }
        return factors;
    }

    /// Adds `rope_theta` and, where frequencies are stretched, `rope_scaling`.
    ///
    /// @param keys those of the architecture
    /// @param factors the tensor of Llama 3's factors, if the file has it
    static void toHuggingFace(Config keys, Family family, Optional<float[]> factors, ObjectNode json) {
        double base = Setting.shortest(keys.number("rope.freq_base", 10_000));
        json.put("rope_theta", base);
        double factor = Setting.shortest(keys.number("rope.scaling.factor", keys.number("rope.scale_linear", 1)));
        String type = keys.text("rope.scaling.type", "linear");
        if (factors.isPresent()) {
            json.set("rope_scaling", llama3(keys, base, factors.get()));
        } else if (type.equals("yarn")) {
            json.set("rope_scaling", yarn(keys, family, factor));
        } else if (type.equals("linear") && factor != 1 && factor != 0) {
            json.set("rope_scaling", node("linear", factor));
        } else if (!type.equals("none") && !type.equals("linear")) {
            keys.problem("rope.scaling.type", "is '" + type + "'", "'none', 'linear' and 'yarn' can be converted");
        }
    }

    private static ObjectNode yarn(Config keys, Family family, double factor) {
        ObjectNode rope = node("yarn", factor);
        rope.put("original_max_position_embeddings", keys.integer("rope.scaling.original_context_length"));
        rope.put("beta_fast", Setting.shortest(keys.number("rope.scaling.yarn_beta_fast", 32)));
        rope.put("beta_slow", Setting.shortest(keys.number("rope.scaling.yarn_beta_slow", 1)));
        if (family.hasLatentAttention()) {
            double all = Setting.shortest(10 * keys.number("rope.scaling.yarn_log_multiplier", 0));
            rope.put("mscale", all).put("mscale_all_dim", all);
        } else if (family != Family.DEEPSEEK_V4) {
            double part = keys.number("rope.scaling.yarn_attn_factor", keys.number("rope.scaling.attn_factor", 1));
            if (part != 1) {
                rope.put("attention_factor", Setting.shortest(part * magnitude(factor, 1)));
            }
        }
        return rope;
    }

    /// Finds the scaling that makes these factors: of the four numbers that describe it, the published models share
    /// two, the largest factor is the third, and the fourth is a context that is a power of two.
    private static ObjectNode llama3(Config keys, double base, float[] factors) {
        float largest = 1;
        for (float factor : factors) {
            largest = Math.max(largest, factor);
        }
        for (int original = 16; original <= 1 << 20; original *= 2) {
            if (areClose(factors, factors(base, 2 * factors.length, largest, 1, 4, original))) {
                ObjectNode rope = node("llama3", Setting.shortest(largest));
                return rope.put("low_freq_factor", 1.0)
                        .put("high_freq_factor", 4.0)
                        .put("original_max_position_embeddings", original);
            }
        }
        keys.problem(
                "rope.freq_base",
                "goes with the factors of " + FACTORS + ", which are no scaling of Llama 3",
                "Hugging Face's layout has no place for them; keep the GGUF file");
        return node("default", 1);
    }

    private static boolean areClose(float[] expected, float[] actual) {
        for (int i = 0; i < expected.length; i++) {
            if (Math.abs(expected[i] - actual[i]) > CLOSE * expected[i]) {
                return false;
            }
        }
        return true;
    }

    private static ObjectNode node(String type, double factor) {
        return JsonNodeFactory.instance
                .objectNode()
                .put("rope_type", type)
                .put("type", type)
                .put("factor", factor);
    }

    private static Config section(Config json) {
        return json.section("rope_parameters")
                .or(() -> json.section("rope_scaling"))
                .orElse(json);
    }

    private static String type(Config rope) {
        return rope.text("rope_type", rope.text("type", "default"));
    }

    private static double base(Config json) {
        return section(json).number("rope_theta", json.number("rope_theta", 10_000));
    }
}
