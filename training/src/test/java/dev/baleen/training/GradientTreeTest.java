package dev.baleen.training;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.baleen.task.Dice;
import dev.baleen.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class GradientTreeTest {
    @Test
    void addsInAFixedTree() {
        for (int count = 1; count <= 9; count++) {
            List<float[]> values = new ArrayList<>();
            List<MemorySegment> runs = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                float[] run = random(1000 * count + i, 1040);
                values.add(run);
                runs.add(Tensor.ofFloats(run, run.length).data());
            }
            GradientTree.sum(runs);
            float[] sums = new float[1040];
            for (int i = 0; i < sums.length; i++) {
                sums[i] = tree(values, i, 0, Integer.highestOneBit(Math.max(1, 2 * count - 1)));
            }
            assertArrayEquals(sums, runs.getFirst().toArray(java.lang.foreign.ValueLayout.JAVA_FLOAT), count + " runs");
        }
    }

    @Test
    void theNormCountsEveryNumberOnce() {
        assertEquals(
                1 + 4 + 9 + 16 + 25,
                GradientTree.squaredNorm(
                        Tensor.ofFloats(new float[] {1, 2, 3, 4, 5}, 5).data()));
    }

    /// The sum of runs `from` to `from + width` by halves.
    private static float tree(List<float[]> runs, int at, int from, int width) {
        if (width == 1) {
            return runs.get(from)[at];
        }
        int middle = from + width / 2;
        float left = tree(runs, at, from, width / 2);
        return middle < runs.size() ? left + tree(runs, at, middle, width / 2) : left;
    }

    private static float[] random(long seed, int count) {
        Dice dice = Dice.of(seed);
        float[] values = new float[count];
        for (int i = 0; i < count; i++) {
            values[i] = dice.between(-100_000, 100_000) / 977f;
        }
        return values;
    }
}
