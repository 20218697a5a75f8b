package dev.baleen.tokenizer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class MergerTest {
    @Test
    void mergesLongPiecesAsTheDefinitionSays() {
        for (long seed = 0; seed < 300; seed++) {
            Random random = new Random(seed);
            int letters = random.nextInt(1, 5);
            int count = random.nextInt(1, 30);
            int[] merges = new int[2 * count];
            int[] results = new int[count];
            for (int i = 0; i < count; i++) {
                merges[2 * i] = random.nextInt(letters + i);
                merges[2 * i + 1] = random.nextInt(letters + i);
                results[i] = letters + i;
            }
            MergeTable table = new MergeTable(merges, results);
            int[] symbols = random.ints(random.nextInt(1, 400), 0, letters).toArray();
            int[] expected = naive(table, symbols);
            int[] actual = symbols.clone();
            int left = new Merger(table).merge(actual, actual.length);
            assertArrayEquals(expected, Arrays.copyOf(actual, left), "seed " + seed);
        }
    }

    private static int[] naive(MergeTable table, int[] symbols) {
        int[] current = symbols.clone();
        while (true) {
            int best = -1;
            int bestRank = MergeTable.NONE;
            for (int i = 0; i + 1 < current.length; i++) {
                int rank = table.rank(current[i], current[i + 1]);
                if (rank < bestRank) {
                    bestRank = rank;
                    best = i;
                }
            }
            if (best < 0) {
                return current;
            }
            int[] next = new int[current.length - 1];
            System.arraycopy(current, 0, next, 0, best);
            next[best] = table.result(bestRank);
            System.arraycopy(current, best + 2, next, best + 1, current.length - best - 2);
            current = next;
        }
    }
}
