package dev.baleen.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.baleen.dtype.DType;
import dev.baleen.kernel.EagerOps;
import dev.baleen.kernel.GateRule;
import dev.baleen.kernel.GateRule.GroupScore;
import dev.baleen.kernel.GateRule.Scoring;
import dev.baleen.kernel.Ops;
import dev.baleen.kernel.ScalarKernels;
import dev.baleen.kernel.Span;
import dev.baleen.tensor.Shape;
import dev.baleen.tensor.Tensor;
import dev.baleen.tensor.Workspace;
import java.lang.foreign.MemorySegment;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// A step takes the memory of its largest layer, and the same numbers come out.
class StepMemoryTest {
    private static final int ROWS = 70;

    @Test
    void forgettingWhatALayerLeavesChangesNoBit() {
        for (DeepSeekV3Config config : new DeepSeekV3Config[] {RandomModel.v3(), RandomModel.v2Lite()}) {
            DeepSeekV3 model = RandomModel.of(config, DType.F32, 3);
            assertArrayEquals(logits(model, false), logits(model, true));
        }
    }

    @Test
    void whatWasMeasuredIsWhatAStepTakes() {
        DeepSeekV3 model = RandomModel.of(RandomModel.v3(), DType.F32, 3);
        long bytes = StepMemory.bytes(model, ROWS, ROWS);
        try (Workspace exact = new Workspace(bytes)) {
            forward(model, new EagerOps(new ScalarKernels(), exact));
            assertEquals(bytes, exact.usedMax());
        }
    }

    @Test
    void moreLayersTakeNoMoreMemory() {
        assertEquals(
                StepMemory.bytes(imaginary(published(8)), 64, 1), StepMemory.bytes(imaginary(published(40)), 64, 1));
    }

    @Test
    void thePublishedModelTakesLessThanOneGibibyteForAStepOf256Tokens() {
        Model model = imaginary(published(61));
        long step = StepMemory.bytes(model, 256, 8);
        assertTrue(step < 1L << 30, step + " bytes");
        long token = StepMemory.bytes(model, 1, 1);
        assertTrue(token < 8 << 20, token + " bytes");
        System.out.printf("DeepSeek-V3: %,d bytes of workspace for 256 tokens, %,d for one%n", step, token);
    }

    @Test
    void aTokenOfThePublishedModelReadsAsManyWeightsAsItsReportCounts() {
        WeightTraffic traffic = WeightTraffic.of(imaginary(published(61)));
        // 37 billion, of which 0.93 are the embedding, whose rows are not all read; four bytes each here.
        assertEquals(36.1e9, traffic.bytes() / 4.0, 0.8e9);
        assertEquals(58 * 8 * 3 * 7168L * 2048 * 4, traffic.expertBytes());
    }

    private static float[] logits(DeepSeekV3 model, boolean forget) {
        try (Workspace workspace = new Workspace(64 << 20)) {
            EagerOps ops = new EagerOps(new ScalarKernels(), workspace);
            return forward(model, forget ? ops : keeping(ops)).toFloats();
        }
    }

    private static Tensor forward(DeepSeekV3 model, Ops ops) {
        int[] tokens = new Random(1).ints(ROWS, 0, 50).toArray();
        int[] all = IntStream.range(0, ROWS).toArray();
        Span[] spans = {new Span(0, ROWS, 0, new int[] {1, 0})};
        try (KvCache cache = KvCache.allocate(model.cacheLayout(), 2, DType.F32)) {
            return model.forward(ops, new Batch(tokens, spans, all), cache);
        }
    }

    /// The same operations, but every result is kept.
    private static Ops keeping(Ops ops) {
        return (Ops) Proxy.newProxyInstance(
                Ops.class.getClassLoader(), new Class<?>[] {Ops.class}, (proxy, method, arguments) -> {
                    try {
                        return switch (method.getName()) {
                            case "mark" -> 0L;
                            case "release" -> arguments[1];
                            default -> method.invoke(ops, arguments);
                        };
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    /// DeepSeek-V3 as its `config.json` describes it, with any number of layers.
    private static DeepSeekV3Config published(int layers) {
        GateRule gate = new GateRule(Scoring.SIGMOID, 8, 8, 4, GroupScore.SUM_OF_BEST_TWO, true, 2.5);
        Optional<DeepSeekV3Config.Yarn> yarn = Optional.of(new DeepSeekV3Config.Yarn(40, 4096, 32, 1, 1, 1));
        return new DeepSeekV3Config(
                "deepseek_v3",
                129_280,
                7_168,
                layers,
                3,
                128,
                1_536,
                512,
                128,
                64,
                128,
                18_432,
                2_048,
                256,
                1,
                gate,
                1e-6,
                10_000,
                yarn,
                163_840,
                0,
                false,
                Optional.empty());
    }

    /// A model whose weights have shapes and no memory.
    private static Model imaginary(DeepSeekV3Config config) {
        return DeepSeekV3.of(config, new WeightSource() {
            @Override
            public boolean has(String name) {
                return true;
            }

            @Override
            @SuppressWarnings("restricted") // The segment is never read.
            public Tensor get(String name, long... lengths) {
                Shape shape = Shape.of(lengths);
                MemorySegment nothing = MemorySegment.ofAddress(64).reinterpret(DType.F32.bytes(shape.elements()));
                return Tensor.of(DType.F32, shape, nothing);
            }
        });
    }
}
