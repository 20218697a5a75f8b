package dev.baleen.kernel;

import dev.baleen.dtype.DType;
import dev.baleen.kernel.GateRule.GroupScore;
import dev.baleen.kernel.GateRule.Scoring;
import dev.baleen.kernel.RotaryEmbedding.Pairing;
import dev.baleen.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/// Calls of every kernel over awkward shapes and every type, with numbers that a seed names.
final class KernelCases {
    /// One call: it returns everything that it wrote.
    interface Call {
        List<Tensor> run(Kernels kernels, Source source);
    }

    /// Where a call's numbers come from: the same seed gives the same numbers.
    static final class Source {
        private final RandomGenerator random;

        Source(long seed) {
            random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
        }

        /// Normally distributed numbers, rounded to the type; random blocks of a type that is only read.
        Tensor tensor(DType type, long... lengths) {
            Tensor tensor = Tensor.allocate(Arena.ofAuto(), type, lengths);
            if (!type.canEncode()) {
                randomBlocks(tensor);
                return tensor;
            }
            float[] values = new float[Math.toIntExact(tensor.elements())];
            for (int i = 0; i < values.length; i++) {
                values[i] = (float) random.nextGaussian();
            }
            tensor.setFloats(values);
            return tensor;
        }

        /// Random blocks, which need not be such as an encoder writes.
        Tensor blocks(DType type, long... lengths) {
            Tensor tensor = Tensor.allocate(Arena.ofAuto(), type, lengths);
            randomBlocks(tensor);
            return tensor;
        }

        /// Bytes of any value, drawn again for a block whose scale happens to be no number or very large.
        private void randomBlocks(Tensor tensor) {
            byte[] block = new byte[tensor.type().blockBytes()];
            float[] decoded = new float[tensor.type().blockElements()];
            for (long at = 0; at < tensor.data().byteSize(); at += block.length) {
                do {
                    random.nextBytes(block);
                    tensor.type().format().decode(MemorySegment.ofArray(block), 0, decoded, 0, decoded.length);
                } while (!isModerate(decoded));
                MemorySegment.copy(block, 0, tensor.data(), ValueLayout.JAVA_BYTE, at, block.length);
            }
        }

        private static boolean isModerate(float[] values) {
            for (float value : values) {
                if (!(Math.abs(value) < 1000)) {
                    return false;
                }
            }
            return true;
        }

        Tensor floats(long... lengths) {
            return tensor(DType.F32, lengths);
        }

        Tensor[] tensors(int count, DType type, long... lengths) {
            Tensor[] tensors = new Tensor[count];
            for (int i = 0; i < count; i++) {
                tensors[i] = tensor(type, lengths);
            }
            return tensors;
        }

        int[] indexes(int count, int limit) {
            return random.ints(count, 0, limit).toArray();
        }
    }

    /// Rows, K, N.
    private static final int[][] PRODUCTS = {
        {1, 1, 1},
        {1, 100, 33},
        {2, 15, 16},
        {3, 33, 31},
        {4, 64, 17},
        {5, 257, 3},
        {17, 31, 64},
        {33, 100, 100},
        {64, 48, 257},
        {1, 600, 70},
        {100, 300, 15},
        {257, 16, 2}
    };
    private static final int[] WIDTHS = {1, 2, 3, 15, 16, 17, 31, 33, 64, 100, 257};
    private static final int PAGE = 8;

    private KernelCases() {}

    /// Every call by its name.
    static Map<String, Call> all() {
        Map<String, Call> calls = new LinkedHashMap<>();
        for (DType type : DType.values()) {
            for (int[] p : shapesOf(type)) {
                products(calls, type, p[0], whole(type, p[1]), p[2]);
            }
            calls.put("embedding " + type, (kernels, source) -> {
                Tensor out = empty(5, whole(type, 33));
                kernels.embedding(source.tensor(type, 7, whole(type, 33)), source.indexes(5, 7), out);
                return List.of(out);
            });
        }
        for (int width : WIDTHS) {
            rows(calls, 1, width);
            rows(calls, 9, width);
        }
        for (Pairing pairing : Pairing.values()) {
            rope(calls, pairing, 1, 1, 0, 2);
            rope(calls, pairing, 5, 3, 7, 33);
        }
        attention(calls, 1, 1, 1, 1, 3);
        attention(calls, 4, 2, 48, 32, 5, 70, 130);
        attention(calls, 3, 1, 17, 9, 64, 1, 65);
        for (DType type : List.of(DType.F32, DType.F16, DType.BF16, DType.F64)) {
            cached(calls, type, CachedHeads.latent(40, 33), 5);
            cached(calls, type, CachedHeads.grouped(2, 17, 9), 6);
        }
        cached(calls, DType.F16, CachedHeads.latent(72, 64), 140);
        for (Scoring scoring : Scoring.values()) {
            gate(calls, new GateRule(scoring, 3, 1, 1, GroupScore.BEST, true, 1), 16);
            gate(calls, new GateRule(scoring, 2, 4, 2, GroupScore.BEST, false, 2.5), 12);
            gate(calls, new GateRule(scoring, 4, 4, 2, GroupScore.SUM_OF_BEST_TWO, true, 2.5), 16);
        }
        ScaledCases.add(calls);
        SparseCases.add(calls);
        HyperCases.add(calls);
        return calls;
    }

    /// All shapes, or a few for a type that shares its way with others: the plain loops decode a whole block for
    /// each number that they read.
    private static int[][] shapesOf(DType type) {
        return type.isPlain() || WeightRows.FAST.containsKey(type)
                ? PRODUCTS
                : new int[][] {PRODUCTS[0], PRODUCTS[2], PRODUCTS[4], PRODUCTS[5]};
    }

    /// `columns` rounded up to whole blocks.
    static int whole(DType type, int columns) {
        return Math.ceilDiv(columns, type.blockElements()) * type.blockElements();
    }

    private static void products(Map<String, Call> calls, DType type, int t, int k, int n) {
        String shape = " %s T %d K %d N %d".formatted(type, t, k, n);
        calls.put("matmul" + shape, (kernels, source) -> {
            Tensor out = empty(t, n);
            kernels.matmul(source.floats(t, k), source.tensor(type, n, k), out);
            return List.of(out);
        });
        calls.put("matmulTransposed" + shape, (kernels, source) -> {
            Tensor out = empty(t, k);
            kernels.matmulTransposed(source.floats(t, n), source.tensor(type, n, k), out);
            return List.of(out);
        });
        calls.put("headMatmul" + shape, (kernels, source) -> {
            Tensor out = empty(t, 3, n);
            kernels.headMatmul(source.floats(t, 3, k), source.tensors(3, type, n, k), out);
            return List.of(out);
        });
        calls.put("headMatmulTransposed" + shape, (kernels, source) -> {
            Tensor out = empty(t, 3, k);
            kernels.headMatmulTransposed(source.floats(t, 3, n), source.tensors(3, type, n, k), out);
            return List.of(out);
        });
        calls.put("groupedMatmul" + shape, (kernels, source) -> {
            int[] offsets = {0, t / 2, t / 2, Math.min(t, t / 2 + 1), t};
            Tensor out = empty(t, n);
            kernels.groupedMatmul(source.floats(t, k), offsets, source.tensors(4, type, n, k), out);
            return List.of(out);
        });
    }

    private static void rows(Map<String, Call> calls, int t, int width) {
        String shape = " T %d D %d".formatted(t, width);
        calls.put("gatherRows" + shape, (kernels, source) -> {
            Tensor out = empty(11, width);
            kernels.gatherRows(source.floats(t, width), source.indexes(11, t), out);
            return List.of(out);
        });
        calls.put("rmsNorm" + shape, (kernels, source) -> {
            Tensor out = empty(t, width);
            kernels.rmsNorm(source.floats(t, width), source.floats(width), 1e-6, out);
            return List.of(out);
        });
        calls.put("rmsNorm with a BF16 weight" + shape, (kernels, source) -> {
            Tensor out = empty(t, width);
            kernels.rmsNorm(source.floats(t, width), source.tensor(DType.BF16, width), 1e-6, out);
            return List.of(out);
        });
        calls.put("rmsNorm without a weight" + shape, (kernels, source) -> {
            Tensor out = empty(t, width);
            kernels.rmsNorm(source.floats(t, width), 1e-2, out);
            return List.of(out);
        });
        calls.put("swiGlu of at most 0.7" + shape, (kernels, source) -> {
            Tensor out = empty(t, width);
            kernels.swiGlu(source.floats(t, width), source.floats(t, width), 0.7, out);
            return List.of(out);
        });
        calls.put("layerNorm" + shape, (kernels, source) -> {
            Tensor out = empty(t, width);
            kernels.layerNorm(source.floats(t, width), source.floats(width), source.floats(width), 1e-2, out);
            return List.of(out);
        });
        calls.put("add" + shape, (kernels, source) -> {
            Tensor out = source.floats(t, width);
            kernels.add(out, source.floats(t, width), out);
            return List.of(out);
        });
        calls.put("addBias" + shape, (kernels, source) -> {
            Tensor out = source.floats(t, width);
            kernels.addBias(out, source.floats(width), out);
            return List.of(out);
        });
        calls.put("swiGlu" + shape, (kernels, source) -> {
            Tensor out = empty(t, width);
            kernels.swiGlu(source.floats(t, width), source.floats(t, width), out);
            return List.of(out);
        });
        calls.put("columns" + shape, (kernels, source) -> {
            Tensor out = empty(t, 3, width);
            kernels.columns(source.floats(t, 3, width + 5), 4, out);
            return List.of(out);
        });
        calls.put("concat" + shape, (kernels, source) -> {
            Tensor out = empty(t, 3, width + 6);
            kernels.concat(source.floats(t, 3, width), source.floats(t, 3, 6), out);
            return List.of(out);
        });
        calls.put("concat of one for all heads" + shape, (kernels, source) -> {
            Tensor out = empty(t, 3, width + 6);
            kernels.concat(source.floats(t, 3, width), source.floats(t, 1, 6), out);
            return List.of(out);
        });
        calls.put("combine" + shape, (kernels, source) -> {
            Tensor weights = source.floats(t, 3);
            int[] experts = source.indexes(3 * t, 5);
            Tensor out = empty(t, width);
            ExpertDispatch dispatch = ExpertDispatch.of(new Gating(experts, weights), 5);
            kernels.combine(source.floats(3L * t, width), dispatch, weights, out);
            return List.of(out);
        });
    }

    private static void rope(Map<String, Call> calls, Pairing pairing, int t, int heads, int offset, int columns) {
        calls.put("rope %s T %d H %d of %d".formatted(pairing, t, heads, columns), (kernels, source) -> {
            int pairs = (columns - offset) / 2;
            Rotation rotation = RotaryEmbedding.plain(2 * pairs, 10000, pairing).at(source.indexes(t, 300));
            Tensor out = empty(t, heads, columns);
            kernels.rope(source.floats(t, heads, columns), rotation, offset, out);
            return List.of(out);
        });
    }

    private static void attention(Map<String, Call> calls, int heads, int groups, int a, int b, int... lengths) {
        String name = "attention H %d G %d A %d B %d, %d spans".formatted(heads, groups, a, b, lengths.length);
        calls.put(name, (kernels, source) -> {
            Span[] spans = new Span[lengths.length];
            int rows = 0;
            for (int i = 0; i < lengths.length; i++) {
                spans[i] = Span.document(rows, lengths[i]);
                rows += lengths[i];
            }
            Tensor out = empty(rows, heads, b);
            Tensor q = source.floats(rows, heads, a);
            kernels.attention(q, source.floats(rows, groups, a), source.floats(rows, groups, b), spans, 0.3, out);
            return List.of(out);
        });
    }

    /// Spans of one row and of several, at the start and far on, over pages in no order.
    private static void cached(Map<String, Call> calls, DType type, CachedHeads layout, int heads) {
        calls.put("cachedAttention %s H %d %s".formatted(type, heads, layout), (kernels, source) -> {
            Span[] spans = {
                new Span(0, 1, 20, new int[] {9, 2, 4}),
                new Span(1, 7, 0, new int[] {0}),
                new Span(8, 13, 3, new int[] {7, 1}),
                new Span(21, 1, 0, new int[] {3})
            };
            int width = Math.max(
                    layout.keyOffset() + layout.count() * layout.keyWidth(),
                    layout.valueOffset() + layout.count() * layout.valueWidth());
            Tensor cache = source.tensor(type, 10, PAGE, width);
            kernels.store(source.floats(22, width), spans, cache);
            Tensor out = empty(22, heads, layout.valueWidth());
            kernels.cachedAttention(source.floats(22, heads, layout.keyWidth()), cache, layout, spans, 0.2, out);
            return List.of(cache, out);
        });
    }

    private static void gate(Map<String, Call> calls, GateRule rule, int experts) {
        calls.put("weigh " + rule, (kernels, source) -> {
            Tensor weights = empty(9, rule.chosen());
            kernels.weigh(source.floats(9, experts), source.indexes(9 * rule.chosen(), experts), rule, weights);
            return List.of(weights);
        });
        calls.put("gate " + rule, (kernels, source) -> {
            int t = 9;
            int[] chosen = new int[t * rule.chosen()];
            Tensor weights = empty(t, rule.chosen());
            kernels.gate(source.floats(t, experts), source.floats(experts), rule, chosen, weights);
            Tensor choices = empty(chosen.length);
            for (int i = 0; i < chosen.length; i++) {
                choices.set(i, chosen[i]);
            }
            return List.of(choices, weights);
        });
    }

    /// Memory that holds NaN, so that an element which nobody writes is found.
    static Tensor empty(long... lengths) {
        Tensor tensor = Tensor.allocate(Arena.ofAuto(), DType.F32, lengths);
        for (long i = 0; i < tensor.elements(); i++) {
            tensor.set(i, Float.NaN);
        }
        return tensor;
    }
}
