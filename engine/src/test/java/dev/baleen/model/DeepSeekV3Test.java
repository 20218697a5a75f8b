package dev.baleen.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.baleen.checkpoint.CheckpointException;
import dev.baleen.checkpoint.Config;
import dev.baleen.dtype.DType;
import dev.baleen.kernel.EagerOps;
import dev.baleen.kernel.Kernels;
import dev.baleen.kernel.ScalarKernels;
import dev.baleen.kernel.Span;
import dev.baleen.tensor.Shape;
import dev.baleen.tensor.Tensor;
import dev.baleen.tensor.Workspace;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeepSeekV3Test {
    private static final int ROWS = 70;

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void theAbsorbedFormOfAttentionIsTheNaiveOneInDoublePrecision(long seed) {
        for (DeepSeekV3Config config : List.of(RandomModel.v3(), RandomModel.v2Lite(), RandomModel.v32())) {
            DeepSeekV3 model = RandomModel.of(config, DType.F64, seed);
            Kernels kernels = new ScalarKernels();
            int[] tokens = new Random(seed).ints(ROWS, 0, 50).toArray();
            try (Workspace workspace = new Workspace(64 << 20);
                    KvCache cache = KvCache.allocate(model.cacheLayout(), 2, DType.F64)) {
                EagerOps ops = new EagerOps(kernels, workspace);
                Tensor naive = model.forward(ops, Batch.documents(List.of(tokens)), KvCache.none());
                int[] all = IntStream.range(0, ROWS).toArray();
                Span[] spans = {new Span(0, ROWS, 0, new int[] {1, 0})};
                Tensor absorbed = model.forward(ops, new Batch(tokens, spans, all), cache);
                for (long i = 0; i < naive.elements(); i++) {
                    assertEquals(naive.get(i), absorbed.get(i), 1e-10, "seed " + seed + ", element " + i);
                }
            }
        }
    }

    @Test
    void theScaleOfAttentionIsThePublishedOne() {
        DeepSeekV3Config config = RandomModel.v3();
        double magnitude = 0.1 * Math.log(40) + 1;
        assertEquals(magnitude * magnitude / 4, config.attentionScale(), 1e-12);
        assertEquals(0.1352338, magnitude * magnitude / Math.sqrt(192), 1e-7);
    }

    @Test
    void aGateThatNobodyKnowsIsRefusedAndNotTakenForAnother() {
        ObjectNode json = RandomModel.v3().toJson().put("scoring_func", "tanh").put("topk_method", "best");
        String message = assertThrows(
                        CheckpointException.class, () -> DeepSeekV3Config.ofHuggingFace(Config.of("config.json", json)))
                .getMessage();
        assertTrue(
                message.contains("\"scoring_func\": is 'tanh'") && message.contains("\"topk_method\": is 'best'"),
                message);
    }

    @Test
    void logitsAreComputedForTheRowsAskedForOnly() {
        DeepSeekV3 model = RandomModel.of(RandomModel.v3(), DType.F32, 5);
        int[] tokens = {4, 8, 15, 16, 23, 42};
        try (Workspace workspace = new Workspace(16 << 20)) {
            EagerOps ops = new EagerOps(new ScalarKernels(), workspace);
            Batch whole = Batch.documents(List.of(tokens));
            float[] all = model.forward(ops, whole, KvCache.none()).toFloats();
            Batch last = new Batch(tokens, whole.spans(), new int[] {2, 5});
            Tensor two = model.forward(ops, last, KvCache.none());
            assertEquals(2, two.rows());
            float[] expected = new float[100];
            System.arraycopy(all, 2 * 50, expected, 0, 50);
            System.arraycopy(all, 5 * 50, expected, 50, 50);
            assertArrayEquals(expected, two.toFloats());
        }
    }

    @Test
    void namesEveryWeightOnceWithItsShape() {
        var shapes = DeepSeekV3.parameterShapes(RandomModel.v3());
        assertEquals(
                shapes.keySet(),
                RandomModel.of(RandomModel.v3(), DType.F32, 1).parameters().keySet());
        // 3 heads of 10 key and 7 value columns, from a latent of 12.
        assertEquals(Shape.of(51, 12), shapes.get("model.layers.0.self_attn.kv_b_proj.weight"));
        assertTrue(shapes.containsKey("model.layers.3.eh_proj.weight"));
        assertTrue(shapes.containsKey("model.layers.2.mlp.experts.7.down_proj.weight"));
    }
}
