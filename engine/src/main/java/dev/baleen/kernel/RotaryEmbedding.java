package dev.baleen.kernel;

import java.util.Arrays;

/// Rotary position embedding: which angle each pair of columns turns by at a position (RoFormer, arXiv 2104.09864).
///
/// Pair `i` at position `p` turns by `p * frequencies[i]`, and is scaled by `magnitude` (1 but for some YaRN files).
///
/// @param frequencies radians per position, one for each pair of columns
/// @param magnitude what sines and cosines are multiplied by
/// @param pairing which columns make a pair
public record RotaryEmbedding(double[] frequencies, double magnitude, Pairing pairing) {
    /// Which columns turn together.
    public enum Pairing {
        /// Columns 2i and 2i+1: DeepSeek's latent attention, and Llama in GGUF.
        INTERLEAVED,
        /// Columns i and i + half: Qwen, and Llama in Hugging Face's layout.
        HALVES
    }

    /// Plain frequencies `base^(-2i/columns)`.
    public static RotaryEmbedding plain(int columns, double base, Pairing pairing) {
        double[] frequencies = new double[columns / 2];
        for (int i = 0; i < frequencies.length; i++) {
            frequencies[i] = Math.pow(base, -2.0 * i / columns);
        }
        return new RotaryEmbedding(frequencies, 1, pairing);
    }

    /// Positions interpolated: every frequency divided by `factor` (arXiv 2306.15595).
    public RotaryEmbedding linear(double factor) {
        double[] slowed = new double[frequencies.length];
        for (int i = 0; i < slowed.length; i++) {
            slowed[i] = frequencies[i] / factor;
        }
        return new RotaryEmbedding(slowed, magnitude, pairing);
    }

    /// Each frequency divided by a factor of its own.
    public RotaryEmbedding divided(float[] factors) {
        if (factors.length != frequencies.length) {
            throw new IllegalArgumentException(
                    "%d factors for %d pairs of columns".formatted(factors.length, frequencies.length));
        }
        double[] slowed = new double[frequencies.length];
        for (int i = 0; i < slowed.length; i++) {
            slowed[i] = frequencies[i] / factors[i];
        }
        return new RotaryEmbedding(slowed, magnitude, pairing);
    }

    /// Llama 3.1's scaling: pairs that turn more than `highFactor` times over the original context stay, those that
    /// turn less than `lowFactor` times are divided by `factor`, with a ramp over the number of turns between (the
    /// formula is Meta's code for Llama 3.1; no paper has it).
    public RotaryEmbedding llama3(double factor, double lowFactor, double highFactor, double originalContext) {
        double[] mixed = new double[frequencies.length];
        for (int i = 0; i < mixed.length; i++) {
            double turns = originalContext * frequencies[i] / (2 * Math.PI);
            double kept = highFactor > lowFactor
                    ? Math.clamp((turns - lowFactor) / (highFactor - lowFactor), 0.0, 1.0)
                    : turns < lowFactor ? 0 : 1;
            mixed[i] = (1 - kept) * frequencies[i] / factor + kept * frequencies[i];
        }
        return new RotaryEmbedding(mixed, magnitude, pairing);
    }

    /// YaRN (arXiv 2309.00071, §3.2): high frequencies stay, low ones are divided by `factor`, with a linear
    /// ramp between the pairs that turn `betaFast` and `betaSlow` times over the original context.
    public RotaryEmbedding yarn(
            double base, double factor, double originalContext, double betaFast, double betaSlow, double magnitude) {
        int pairs = frequencies.length;
        int columns = 2 * pairs;
        double low = Math.max(0, Math.floor(pairThatTurns(betaFast, columns, base, originalContext)));
        double high = Math.min(columns - 1, Math.ceil(pairThatTurns(betaSlow, columns, base, originalContext)));
        double width = high > low ? high - low : 0.001;
        double[] mixed = new double[pairs];
        for (int i = 0; i < pairs; i++) {
            double ramp = Math.clamp((i - low) / width, 0.0, 1.0);
            mixed[i] = frequencies[i] / factor * ramp + frequencies[i] * (1 - ramp);
        }
        return new RotaryEmbedding(mixed, magnitude, pairing);
    }

    /// The (fractional) pair that turns `turns` times over `context` positions.
    private static double pairThatTurns(double turns, int columns, double base, double context) {
        return columns * Math.log(context / (turns * 2 * Math.PI)) / (2 * Math.log(base));
    }

    /// Whether every angle is a number.
    public boolean isFinite() {
        return Double.isFinite(magnitude) && Arrays.stream(frequencies).allMatch(Double::isFinite);
    }

    /// Columns that turn: twice the number of pairs.
    public int columns() {
        return 2 * frequencies.length;
    }

    /// The sines and cosines for rows at `positions`.
    public Rotation at(int[] positions) {
        int pairs = frequencies.length;
        double[] cosines = new double[positions.length * pairs];
        double[] sines = new double[positions.length * pairs];
        for (int row = 0; row < positions.length; row++) {
            for (int i = 0; i < pairs; i++) {
                double angle = positions[row] * frequencies[i];
                cosines[row * pairs + i] = magnitude * Math.cos(angle);
                sines[row * pairs + i] = magnitude * Math.sin(angle);
            }
        }
        return new Rotation(cosines, sines, pairs, pairing);
    }
}
