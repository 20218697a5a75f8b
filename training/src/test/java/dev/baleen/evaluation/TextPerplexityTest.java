package dev.baleen.evaluation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.baleen.dtype.DType;
import dev.baleen.evaluation.TextPerplexity.Estimate;
import dev.baleen.evaluation.TextPerplexity.Window;
import dev.baleen.kernel.EagerOps;
import dev.baleen.kernel.Kernels;
import dev.baleen.kernel.ScalarKernels;
import dev.baleen.model.Batch;
import dev.baleen.model.DeepSeekV3;
import dev.baleen.model.DeepSeekV3Config;
import dev.baleen.model.KvCache;
import dev.baleen.model.Model;
import dev.baleen.recipe.Recipe;
import dev.baleen.tensor.Tensor;
import dev.baleen.tensor.Workspace;
import dev.baleen.training.Initialization;
import dev.baleen.training.Parameters;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class TextPerplexityTest {
    private static final Kernels KERNELS = new ScalarKernels();

    @Test
    void windowsLieEndToEndAndTheirSecondHalvesCount() {
        List<Window> windows = TextPerplexity.windows(27, 8, 0);
        assertEquals(List.of(new Window(0, 8, 5), new Window(8, 16, 13), new Window(16, 24, 21)), windows);
        assertEquals(3, windows.getFirst().counted());
        assertEquals(List.of(), TextPerplexity.windows(7, 8, 0));
        assertThrows(IllegalArgumentException.class, () -> TextPerplexity.windows(7, 8, 9));
        assertThrows(IllegalArgumentException.class, () -> TextPerplexity.windows(7, 1, 0));
    }

    @Test
    void withAStrideEveryTokenButTheFirstCountsOnce() {
        for (long seed = 0; seed < 300; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            int tokens = random.nextInt(2, 60);
            int context = random.nextInt(2, 20);
            int stride = random.nextInt(1, context + 1);
            BitSet counted = new BitSet();
            for (Window window : TextPerplexity.windows(tokens, context, stride)) {
                assertTrue(window.firstCounted() > window.from(), "seed " + seed + " counts what nothing precedes");
                for (int i = window.firstCounted(); i < window.to(); i++) {
                    assertEquals(false, counted.get(i), "seed " + seed + " counts twice");
                    counted.set(i);
                }
            }
            assertEquals(tokens - 1, counted.cardinality(), "seed " + seed);
        }
    }

    @Test
    void piecesOverACacheGiveWhatTheWholeWindowGives() {
        DeepSeekV3Config config = Recipe.speck().model();
        try (Parameters parameters = Parameters.allocate(DType.F32, DeepSeekV3.parameterShapes(config));
                Workspace workspace = new Workspace(64 << 20)) {
            new Initialization(5, 0.3, config.layers()).fill(parameters);
            Model model = DeepSeekV3.of(config, parameters);
            int[] text = new SplittableRandom(3)
                    .ints(300, 0, config.vocabularySize())
                    .toArray();
            Tensor logits =
                    model.forward(new EagerOps(KERNELS, workspace), Batch.documents(List.of(text)), KvCache.none());
            double expected = 0;
            for (int i = 150; i < 299; i++) {
                float[] row = logits.slice(i, i + 1).toFloats();
                expected += Perplexity.surprise(row, 0, row.length, text[i + 1]);
            }
            try (TextPerplexity measuring = new TextPerplexity(model, KERNELS, 300)) {
                Window window = TextPerplexity.windows(300, 300, 0).getFirst();
                Estimate estimate = measuring.measure(text, window, OptionalInt.empty());
                assertEquals(149, estimate.tokens());
                assertEquals(expected, estimate.nats(), 1e-3);
                int[] other = Arrays.copyOf(text, 300);
                other[0] = text[0] == 0 ? 1 : 0;
                assertEquals(
                        measuring.measure(other, window, OptionalInt.empty()),
                        measuring.measure(text, window, OptionalInt.of(other[0])));
            }
        }
    }

    @Test
    void theErrorIsThatOfTheMean() {
        Estimate estimate = new Estimate(0, 0, 0).plus(new Estimate(2, 3, 5)).plus(new Estimate(2, 3, 5));
        assertEquals(Math.exp(1.5), estimate.value(), 1e-12);
        // Values 1, 2, 1, 2: variance 1/4 over 3 of freedom.
        assertEquals(Math.sqrt(0.25 / 3) * Math.exp(1.5), estimate.error(), 1e-12);
    }
}
