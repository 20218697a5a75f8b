package dev.baleen.generation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.baleen.generation.GeneratedToken.Alternative;
import dev.baleen.tensor.Tensor;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SamplerTest {
    @Test
    void agreesWithASamplerThatSortsEverything() {
        long seed = 7;
        Random random = new Random(seed);
        for (int round = 0; round < 2_000; round++) {
            float[] logits = randomLogits(random);
            Sampling sampling = new Sampling(
                    pick(random, 0.1, 0.6, 1, 3),
                    pick(random, 0, 1, 3, 40, 1_000).intValue(),
                    pick(random, 0.05, 0.5, 0.95, 1),
                    pick(random, 0, 0.02, 0.3, 1),
                    1,
                    0,
                    0,
                    Map.of(),
                    OptionalLong.of(random.nextLong()));
            int position = random.nextInt(1_000);
            long key = sampling.seed().getAsLong();
            assertEquals(
                    sortingDraw(logits, sampling, Sampler.chance(key, position)),
                    draw(logits, sampling, key, position),
                    "seed " + seed + ", round " + round + ", " + sampling);
        }
    }

    @Test
    void takesTheLowestOfEqualTokensAtTemperatureZero() {
        assertEquals(1, draw(new float[] {0, 5, 5, -1, 5}, Sampling.greedy(), 3, 0));
    }

    @Test
    void drawsAsOftenAsTheProbabilitiesSay() {
        float[] logits = {0, (float) Math.log(2), (float) Math.log(5)};
        int[] counts = new int[3];
        int draws = 40_000;
        for (int position = 0; position < draws; position++) {
            counts[draw(logits, Sampling.at(1), 11, position)]++;
        }
        double[] expected = {1 / 8.0, 2 / 8.0, 5 / 8.0};
        for (int id = 0; id < 3; id++) {
            assertEquals(expected[id], counts[id] / (double) draws, 0.01, "token " + id);
        }
    }

    @Test
    void chanceIsSpreadEvenlyOverPositionsAndSeeds() {
        int[] counts = new int[10];
        for (int position = 0; position < 10_000; position++) {
            counts[(int) (10 * Sampler.chance(0, position))]++;
            counts[(int) (10 * Sampler.chance(position, 0))]++;
        }
        for (int count : counts) {
            assertEquals(2_000, count, 200);
        }
    }

    @Test
    void penalizesAsThePapersSay() {
        float[] logits = {2, -2, 1, 1.1f};
        Sampling repetition = Sampling.greedy().withRepetitionPenalty(2);
        TokenHistory seen = new TokenHistory(repetition, new int[] {0, 1, 3});
        // 2/2 = 1, -2·2 = -4, 1, 1.1/2: equal to the untouched 1 of token 2, and lower.
        assertEquals(0, draw(logits, repetition, 0, 0, seen));

        Sampling presence = Sampling.greedy().withPresencePenalty(1.5);
        TokenHistory once = new TokenHistory(presence, new int[] {3});
        assertEquals(0, draw(logits, presence, 0, 0, once), "the prompt does not count");
        once.add(0);
        assertEquals(3, draw(logits, presence, 0, 0, once));

        Sampling frequency = Sampling.greedy().withFrequencyPenalty(0.4);
        TokenHistory often = new TokenHistory(frequency, new int[0]);
        often.add(0);
        often.add(0);
        assertEquals(0, draw(logits, frequency, 0, 0, often));
        often.add(0);
        assertEquals(3, draw(logits, frequency, 0, 0, often));
    }

    @Test
    void neverDrawsWhatABiasForbids() {
        Sampling sampling = Sampling.at(1).withLogitBias(Map.of(1, Double.NEGATIVE_INFINITY, 0, 3.0));
        for (int position = 0; position < 500; position++) {
            assertTrue(draw(new float[] {0, 9, 0}, sampling, 1, position) != 1);
        }
        assertEquals(0, draw(new float[] {0, 9, 0}, sampling.withTemperature(0), 1, 0));
    }

    @Test
    void refusesLogitsThatAreNoNumbers() {
        ArithmeticException broken =
                assertThrows(ArithmeticException.class, () -> draw(new float[] {0, Float.NaN}, Sampling.at(1), 0, 0));
        assertTrue(broken.getMessage().contains("token 1"), broken.getMessage());
        float none = Float.NEGATIVE_INFINITY;
        assertThrows(ArithmeticException.class, () -> draw(new float[] {none, none}, Sampling.greedy(), 0, 0));
    }

    @Test
    void tellsLogProbabilitiesOfTheModelAlone() {
        float[] logits = {0, (float) Math.log(2), (float) Math.log(5), Float.NEGATIVE_INFINITY};
        Sampling sampling = Sampling.at(0.1).withLogitBias(Map.of(0, 100.0));
        GeneratedToken token = new Sampler(4)
                .draw(row(logits), 0, sampling, 1, 0, new TokenHistory(sampling, new int[0]), OptionalInt.of(2));
        assertEquals(0, token.id());
        assertEquals(Math.log(1 / 8.0), token.logprob().getAsDouble(), 1e-6);
        assertEquals(
                List.of(2, 1),
                token.alternatives().stream().map(Alternative::id).toList());
        assertEquals(Math.log(5 / 8.0), token.alternatives().getFirst().logprob(), 1e-6);
    }

    private static int draw(float[] logits, Sampling sampling, long seed, int position) {
        return draw(logits, sampling, seed, position, new TokenHistory(sampling, new int[0]));
    }

    private static int draw(float[] logits, Sampling sampling, long seed, int position, TokenHistory history) {
        return new Sampler(logits.length)
                .draw(row(logits), 0, sampling, seed, position, history, OptionalInt.empty())
                .id();
    }

    private static Tensor row(float[] logits) {
        return Tensor.ofFloats(logits, 1, logits.length);
    }

    private static float[] randomLogits(Random random) {
        float[] logits = new float[1 + random.nextInt(random.nextBoolean() ? 12 : 700)];
        float size = random.nextInt(8);
        boolean ties = random.nextBoolean();
        for (int id = 0; id < logits.length; id++) {
            float logit = (float) random.nextGaussian() * size;
            logits[id] = ties ? Math.round(logit) : logit;
        }
        if (logits.length > 3) {
            logits[random.nextInt(logits.length)] = -0f;
            logits[1 + random.nextInt(logits.length - 1)] = Float.NEGATIVE_INFINITY;
        }
        return logits;
    }

    private static Double pick(Random random, double... values) {
        return values[random.nextInt(values.length)];
    }

    /// The settings one after another, each over a list that is sorted whole.
    private static int sortingDraw(float[] logits, Sampling sampling, double chance) {
        List<Integer> ids = new ArrayList<>(IntStream.range(0, logits.length)
                .filter(id -> logits[id] > Float.NEGATIVE_INFINITY)
                .boxed()
                .toList());
        boolean sorted = sampling.topP() < 1 || (sampling.topK() > 0 && sampling.topK() < logits.length);
        if (sorted) {
            ids.sort(Comparator.comparingDouble((Integer id) -> -(logits[id] + 0f))
                    .thenComparing(id -> id));
        }
        double max = ids.stream().mapToDouble(id -> logits[id]).max().orElseThrow();
        if (sampling.topK() > 0 && sampling.topK() < ids.size()) {
            ids = ids.subList(0, sampling.topK());
        }
        double total = mass(ids, logits, max, sampling);
        if (sampling.topP() < 1) {
            int count = 0;
            while (count < ids.size()
                    && mass(ids.subList(0, count), logits, max, sampling) < sampling.topP() * total * (1 - 1e-12)) {
                count++;
            }
            ids = ids.subList(0, count);
        }
        ids = ids.stream()
                .filter(id -> weight(logits[id], max, sampling) >= sampling.minP())
                .toList();
        double target = chance * mass(ids, logits, max, sampling);
        int drawn = 0;
        while (drawn < ids.size() - 1 && mass(ids.subList(0, drawn + 1), logits, max, sampling) <= target) {
            drawn++;
        }
        return ids.get(drawn);
    }

    private static double mass(List<Integer> ids, float[] logits, double max, Sampling sampling) {
        return ids.stream().mapToDouble(id -> weight(logits[id], max, sampling)).reduce(0, Double::sum);
    }

    private static double weight(float logit, double max, Sampling sampling) {
        return Math.exp((logit - max) / sampling.temperature());
    }
}
