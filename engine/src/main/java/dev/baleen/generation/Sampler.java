package dev.baleen.generation;

import dev.baleen.dtype.DType;
import dev.baleen.generation.GeneratedToken.Alternative;
import dev.baleen.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalInt;

/// Draws the next token from a row of logits.
///
/// The settings act in this order; that of the third step is the `transformers` library's, which models' published
/// settings are made for:
/// 1. repetition penalty (CTRL, arXiv 1909.05858, §4.1), then presence and frequency penalties as OpenAI's API
///    defines them (μ − count · frequency − [count > 0] · presence), then logit bias;
/// 2. temperature: logits divided by it; 0 ends here with the likeliest token;
/// 3. top-k, then top-p (arXiv 1904.09751, §3.1) of what is left, then min-p (arXiv 2407.01082, §3.1) against the
///    likeliest.
///
/// A draw depends on nothing but the row, the settings, the tokens so far, the seed and the position: sums run in a
/// fixed order, equal logits go to the lower id, and chance is a hash of seed and position. So the text does not
/// depend on the company in the batch.
///
/// Nothing is ever sorted whole: only the tokens within a window below the likeliest one, widened until it holds what
/// top-k and top-p ask for. With 129,280 entries that is some dozens as a rule.
///
/// Holds buffers of the vocabulary's size; used by one thread.
final class Sampler {
    private final float[] logits;
    /// Candidates, likeliest first: the high half orders by falling logit, the low half is the id.
    private final long[] candidates;
    private final double[] weights;

    Sampler(int vocabularySize) {
        logits = new float[vocabularySize];
        candidates = new long[vocabularySize];
        weights = new double[vocabularySize];
    }

    /// Draws from row `row` of `table`.
    ///
    /// @param position the position in the sequence that the token will have
    /// @param history the tokens so far
    /// @throws ArithmeticException if the logits hold no number to choose by
    GeneratedToken draw(
            Tensor table,
            int row,
            Sampling sampling,
            long seed,
            int position,
            TokenHistory history,
            OptionalInt topLogprobs) {
        load(table, row);
        if (topLogprobs.isEmpty()) {
            return GeneratedToken.plain(choose(sampling, seed, position, history));
        }
        List<Alternative> alternatives = alternatives(topLogprobs.getAsInt());
        double logSum = logSum();
        float[] raw = logits.clone();
        int id = choose(sampling, seed, position, history);
        return new GeneratedToken(id, OptionalDouble.of(raw[id] - logSum), alternatives);
    }

    private void load(Tensor table, int row) {
        Tensor values = table.slice(row, row + 1L);
        if (table.type() == DType.F32) {
            MemorySegment.copy(values.data(), ValueLayout.JAVA_FLOAT_UNALIGNED, 0, logits, 0, logits.length);
        } else {
            for (int id = 0; id < logits.length; id++) {
                logits[id] = (float) values.get(id);
            }
        }
    }

    private int choose(Sampling sampling, long seed, int position, TokenHistory history) {
        penalize(sampling, history);
        int likeliest = likeliest();
        if (sampling.temperature() == 0) {
            return likeliest;
        }
        double max = logits[likeliest];
        double temperature = sampling.temperature();
        boolean cut = sampling.topK() > 0 && sampling.topK() < logits.length || sampling.topP() < 1;
        int count = cut ? cutTop(sampling, max) : all(max, temperature);
        double total = 0;
        int kept = 0;
        for (int i = 0; i < count; i++) {
            if (weights[i] >= sampling.minP() && weights[i] > 0) {
                weights[kept] = weights[i];
                candidates[kept++] = candidates[i];
                total += weights[i];
            }
        }
        double target = chance(seed, position) * total;
        double sum = 0;
        for (int i = 0; i < kept; i++) {
            sum += weights[i];
            if (target < sum) {
                return (int) candidates[i];
            }
        }
        return (int) candidates[kept - 1];
    }

    private void penalize(Sampling sampling, TokenHistory history) {
        history.forEach((id, timesInAnswer) -> {
            double logit = logits[id];
            double repetition = sampling.repetitionPenalty();
            logit = logit > 0 ? logit / repetition : logit * repetition;
            if (timesInAnswer > 0) {
                logit -= sampling.presencePenalty() + timesInAnswer * sampling.frequencyPenalty();
            }
            logits[id] = (float) logit;
        });
        sampling.logitBias().forEach((id, bias) -> logits[id] += bias.floatValue());
    }

    private int likeliest() {
        int best = 0;
        for (int id = 0; id < logits.length; id++) {
            if (Float.isNaN(logits[id])) {
                throw new ArithmeticException(
                        "The logit of token %d is not a number; the model's weights or its settings are broken"
                                .formatted(id));
            }
            if (logits[id] > logits[best]) {
                best = id;
            }
        }
        if (Float.isInfinite(logits[best])) {
            throw new ArithmeticException(
                    "The largest logit is %s, of token %d; the model is broken, or logit biases forbid every token"
                            .formatted(logits[best], best));
        }
        return best;
    }

    /// Every token is a candidate, in the order of ids.
    private int all(double max, double temperature) {
        for (int id = 0; id < logits.length; id++) {
            candidates[id] = id;
            weights[id] = Math.exp((logits[id] - max) / temperature);
        }
        return logits.length;
    }

    /// Candidates and weights of the tokens that top-k and then top-p leave, likeliest first; their number.
    private int cutTop(Sampling sampling, double max) {
        double temperature = sampling.temperature();
        boolean byCount = sampling.topK() > 0 && sampling.topK() < logits.length;
        int count;
        double total;
        if (byCount) {
            count = Math.min(sampling.topK(), sortedAtLeast(sampling.topK(), max));
            total = weigh(count, max, temperature);
        } else {
            total = 0;
            for (float logit : logits) {
                total += Math.exp((logit - max) / temperature);
            }
            count = sortedWithMass(sampling.topP() * total, max, temperature);
            weigh(count, max, temperature);
        }
        double sum = 0;
        for (int i = 0; i < count; i++) {
            sum += weights[i];
            if (sum >= sampling.topP() * total) {
                return i + 1;
            }
        }
        return count;
    }

    private double weigh(int count, double max, double temperature) {
        double total = 0;
        for (int i = 0; i < count; i++) {
            weights[i] = Math.exp((logits[(int) candidates[i]] - max) / temperature);
            total += weights[i];
        }
        return total;
    }

    /// The likeliest tokens, sorted: at least `wanted`, or all that are possible.
    private int sortedAtLeast(int wanted, double max) {
        for (double window = 4; ; window *= 2) {
            int count = within(max - window);
            if (count >= wanted || window > Float.MAX_VALUE) {
                return sorted(count);
            }
        }
    }

    /// The likeliest tokens, sorted: enough to weigh `mass`, or all that are possible.
    private int sortedWithMass(double mass, double max, double temperature) {
        for (double window = 4 * temperature; ; window *= 2) {
            int count = within(max - window);
            if (weigh(count, max, temperature) >= mass || window > Float.MAX_VALUE) {
                return sorted(count);
            }
        }
    }

    /// Makes the tokens with a logit of at least `lowest` candidates, unsorted.
    private int within(double lowest) {
        int count = 0;
        for (int id = 0; id < logits.length; id++) {
            float logit = logits[id];
            if (logit >= lowest && logit > Float.NEGATIVE_INFINITY) {
                candidates[count++] = (long) fallingOrder(logit) << 32 | id;
            }
        }
        return count;
    }

    private int sorted(int count) {
        Arrays.sort(candidates, 0, count);
        return count;
    }

    /// An int that is the smaller the larger `logit` is.
    private static int fallingOrder(float logit) {
        int bits = Float.floatToRawIntBits(logit + 0f); // minus zero becomes zero, so that the two are equal
        return ~(bits ^ bits >> 31 & Integer.MAX_VALUE);
    }

    private List<Alternative> alternatives(int wanted) {
        if (wanted == 0) {
            return List.of();
        }
        double max = logits[likeliest()];
        double logSum = logSum();
        int count = Math.min(wanted, sortedAtLeast(wanted, max));
        List<Alternative> alternatives = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            int id = (int) candidates[i];
            alternatives.add(new Alternative(id, logits[id] - logSum));
        }
        return alternatives;
    }

    /// log Σ exp(logit).
    private double logSum() {
        double max = logits[likeliest()];
        double sum = 0;
        for (float logit : logits) {
            sum += Math.exp(logit - max);
        }
        return max + Math.log(sum);
    }

    /// A number from 0 to below 1 that only seed and position determine (the finaliser of SplitMix64, OOPSLA 2014,
    /// twice).
    static double chance(long seed, int position) {
        return (mix(mix(seed) + 0x9E3779B97F4A7C15L * (position + 1L)) >>> 11) * 0x1p-53;
    }

    private static long mix(long z) {
        z = (z ^ z >>> 30) * 0xBF58476D1CE4E5B9L;
        z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
        return z ^ z >>> 31;
    }
}
