package dev.baleen.kernel;

import dev.baleen.dtype.DType;
import dev.baleen.tensor.Tensor;
import java.lang.foreign.Arena;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/// Calls of every gradient kernel over awkward shapes, with numbers that a seed names.
///
/// Each call starts from gradients that are not zero, so that a kernel which overwrites instead of adding is found.
final class GradientCases {
    /// One call: it returns everything that it wrote.
    interface Call {
        List<Tensor> run(GradientKernels kernels, Source source);
    }

    /// Where a call's numbers come from: the same seed gives the same numbers.
    static final class Source {
        private final RandomGenerator random;
        private final DType type;

        Source(long seed, DType type) {
            this.random = RandomGeneratorFactory.of("L64X128MixRandom").create(seed);
            this.type = type;
        }

        Tensor tensor(long... lengths) {
            Tensor tensor = Tensor.allocate(Arena.ofAuto(), type, lengths);
            for (long i = 0; i < tensor.elements(); i++) {
                tensor.set(i, (float) random.nextGaussian());
            }
            return tensor;
        }

        Tensor[] tensors(int count, long... lengths) {
            Tensor[] tensors = new Tensor[count];
            for (int i = 0; i < count; i++) {
                tensors[i] = tensor(lengths);
            }
            return tensors;
        }

        int[] indexes(int count, int limit) {
            return random.ints(count, 0, limit).toArray();
        }

        /// For each of `rows` rows, `chosen` different experts.
        int[] experts(int rows, int experts, int chosen) {
            int[] choices = new int[rows * chosen];
            for (int t = 0; t < rows; t++) {
                int first = random.nextInt(experts);
                for (int j = 0; j < chosen; j++) {
                    choices[t * chosen + j] = (first + j) % experts;
                }
            }
            return choices;
        }

        Rotation rotation(int rows, int pairs, RotaryEmbedding.Pairing pairing) {
            int[] positions = indexes(rows, 300);
            return RotaryEmbedding.plain(2 * pairs, 10000, pairing).at(positions);
        }
    }

    private static final int[][] MATRICES = {
        {1, 1, 1}, {2, 3, 5}, {7, 17, 33}, {16, 16, 16}, {33, 64, 48}, {130, 31, 65}, {5, 600, 9}, {300, 8, 270}
    };
    private static final int[] WIDTHS = {1, 3, 15, 16, 17, 31, 48, 64, 100};

    private GradientCases() {}

    /// Every call by its name.
    static Map<String, Call> all() {
        Map<String, Call> calls = new LinkedHashMap<>();
        for (int[] m : MATRICES) {
            matrices(calls, m[0], m[1], m[2]);
        }
        for (int width : WIDTHS) {
            rows(calls, 1, width);
            rows(calls, 6, width);
        }
        for (RotaryEmbedding.Pairing pairing : RotaryEmbedding.Pairing.values()) {
            rope(calls, pairing, 1, 1, 0, 2);
            rope(calls, pairing, 5, 2, 8, 24);
            rope(calls, pairing, 3, 3, 5, 40);
        }
        attention(calls, 1, 1, 3, 2, 1);
        attention(calls, 2, 2, 48, 32, 1, 70);
        attention(calls, 4, 2, 17, 5, 64, 3, 65);
        attention(calls, 2, 1, 24, 16, 130);
        for (GateRule.Scoring scoring : GateRule.Scoring.values()) {
            for (boolean normalise : new boolean[] {true, false}) {
                gate(calls, new GateRule(scoring, 3, 1, 1, GateRule.GroupScore.BEST, normalise, 2.5), 8);
                gate(calls, new GateRule(scoring, 2, 1, 1, GateRule.GroupScore.BEST, normalise, 1), 33);
            }
        }
        SparseGradientCases.add(calls);
        HyperGradientCases.add(calls);
        return calls;
    }

    private static void matrices(Map<String, Call> calls, int t, int n, int k) {
        String shape = " of %d rows, %d by %d".formatted(t, n, k);
        calls.put("matmulInput" + shape, (kernels, s) -> {
            Tensor dx = s.tensor(t, k);
            kernels.matmulInput(s.tensor(t, n), s.tensor(n, k), dx);
            return List.of(dx);
        });
        calls.put("matmulWeight" + shape, (kernels, s) -> {
            Tensor dw = s.tensor(n, k);
            kernels.matmulWeight(s.tensor(t, n), s.tensor(t, k), dw);
            return List.of(dw);
        });
        int heads = 1 + t % 3;
        calls.put("headMatmulInput" + shape, (kernels, s) -> {
            Tensor dx = s.tensor(t, heads, k);
            kernels.headMatmulInput(s.tensor(t, heads, n), s.tensors(heads, n, k), dx);
            return List.of(dx);
        });
        calls.put("headMatmulWeight" + shape, (kernels, s) -> {
            Tensor[] dw = s.tensors(heads, n, k);
            kernels.headMatmulWeight(s.tensor(t, heads, n), s.tensor(t, heads, k), dw);
            return List.of(dw);
        });
        calls.put("headMatmulTransposedInput" + shape, (kernels, s) -> {
            Tensor dx = s.tensor(t, heads, n);
            kernels.headMatmulTransposedInput(s.tensor(t, heads, k), s.tensors(heads, n, k), dx);
            return List.of(dx);
        });
        int[] offsets = {0, t / 3, t / 3, t / 3 + Math.min(1, t - t / 3), t};
        calls.put("groupedMatmulInput" + shape, (kernels, s) -> {
            Tensor dx = s.tensor(t, k);
            kernels.groupedMatmulInput(s.tensor(t, n), offsets, s.tensors(4, n, k), dx);
            return List.of(dx);
        });
        calls.put("groupedMatmulWeight" + shape, (kernels, s) -> {
            Tensor[] dw = s.tensors(4, n, k);
            kernels.groupedMatmulWeight(s.tensor(t, n), offsets, s.tensor(t, k), dw);
            return List.of(dw);
        });
    }

    private static void rows(Map<String, Call> calls, int t, int width) {
        String shape = " of %d rows of %d".formatted(t, width);
        calls.put("scatterRows" + shape, (kernels, s) -> {
            Tensor dx = s.tensor(4, width);
            kernels.scatterRows(s.tensor(t, width), s.indexes(t, 4), dx);
            return List.of(dx);
        });
        calls.put("rmsNorm" + shape, (kernels, s) -> {
            Tensor dx = s.tensor(t, width);
            Tensor dweight = s.tensor(width);
            kernels.rmsNorm(s.tensor(t, width), s.tensor(t, width), s.tensor(width), 1e-5, dx, dweight);
            return List.of(dx, dweight);
        });
        calls.put("rmsNorm without a weight" + shape, (kernels, s) -> {
            Tensor dx = s.tensor(t, width);
            kernels.rmsNorm(s.tensor(t, width), s.tensor(t, width), 0.5, dx);
            return List.of(dx);
        });
        calls.put("swiGlu of at most 0.7" + shape, (kernels, s) -> {
            Tensor dgate = s.tensor(t, width);
            Tensor dup = s.tensor(t, width);
            kernels.swiGlu(s.tensor(t, width), s.tensor(t, width), s.tensor(t, width), 0.7, dgate, dup);
            return List.of(dgate, dup);
        });
        calls.put("layerNorm" + shape, (kernels, s) -> {
            Tensor dx = s.tensor(t, width);
            Tensor dweight = s.tensor(width);
            Tensor dbias = s.tensor(width);
            kernels.layerNorm(s.tensor(t, width), s.tensor(t, width), s.tensor(width), 0.5, dx, dweight, dbias);
            return List.of(dx, dweight, dbias);
        });
        calls.put("accumulate" + shape, (kernels, s) -> {
            Tensor target = s.tensor(t, width);
            kernels.accumulate(s.tensor(t, width), target);
            return List.of(target);
        });
        calls.put("biasSum" + shape, (kernels, s) -> {
            Tensor dbias = s.tensor(width);
            kernels.biasSum(s.tensor(t, width), dbias);
            return List.of(dbias);
        });
        calls.put("swiGlu" + shape, (kernels, s) -> {
            Tensor dgate = s.tensor(t, width);
            Tensor dup = s.tensor(t, width);
            kernels.swiGlu(s.tensor(t, width), s.tensor(t, width), s.tensor(t, width), dgate, dup);
            return List.of(dgate, dup);
        });
        calls.put("columns" + shape, (kernels, s) -> {
            Tensor dx = s.tensor(t, width + 7);
            kernels.columns(s.tensor(t, width), 3, dx);
            return List.of(dx);
        });
        for (int heads : new int[] {1, 3}) {
            calls.put("concat" + shape + " beside " + heads, (kernels, s) -> {
                Tensor da = s.tensor(t, 3, width);
                Tensor db = s.tensor(t, heads, 9);
                kernels.concat(s.tensor(t, 3, width + 9), da, db);
                return List.of(da, db);
            });
        }
        calls.put("combine" + shape, (kernels, s) -> {
            Tensor weights = s.tensor(t, 2);
            ExpertDispatch dispatch = ExpertDispatch.of(new Gating(s.experts(t, 5, 2), weights), 5);
            Tensor dy = s.tensor(t * 2, width);
            Tensor dweights = s.tensor(t, 2);
            kernels.combine(s.tensor(t, width), s.tensor(t * 2, width), dispatch, weights, dy, dweights);
            return List.of(dy, dweights);
        });
        calls.put("crossEntropy" + shape, (kernels, s) -> {
            Tensor logits = s.tensor(t, width);
            Tensor dlogits = s.tensor(t, width);
            float[] rowWeights = new float[t];
            for (int i = 0; i < t; i++) {
                rowWeights[i] = i % 3 == 1 ? 0 : 0.5f - i;
            }
            double loss = kernels.crossEntropy(logits, s.indexes(t, width), rowWeights, dlogits);
            return List.of(dlogits, number(loss));
        });
    }

    private static void rope(
            Map<String, Call> calls, RotaryEmbedding.Pairing pairing, int t, int heads, int offset, int columns) {
        int pairs = Math.max(1, (columns - offset) / 2);
        calls.put("rope %s of %d columns from %d".formatted(pairing, columns, offset), (kernels, s) -> {
            Tensor dx = s.tensor(t, heads, columns);
            kernels.rope(s.tensor(t, heads, columns), s.rotation(t, pairs, pairing), offset, dx);
            return List.of(dx);
        });
    }

    private static void attention(Map<String, Call> calls, int heads, int groups, int a, int b, int... lengths) {
        Span[] spans = new Span[lengths.length];
        int row = 0;
        for (int i = 0; i < lengths.length; i++) {
            spans[i] = Span.document(row, lengths[i]);
            row += lengths[i];
        }
        int t = row;
        calls.put("attention of %d rows, %d heads on %d".formatted(t, heads, groups), (kernels, s) -> {
            Tensor q = s.tensor(t, heads, a);
            Tensor k = s.tensor(t, groups, a);
            Tensor v = s.tensor(t, groups, b);
            Tensor dout = s.tensor(t, heads, b);
            double scale = 1 / Math.sqrt(a);
            Tensor out = attend(q, k, v, spans, scale);
            Tensor dq = s.tensor(t, heads, a);
            Tensor dk = s.tensor(t, groups, a);
            Tensor dv = s.tensor(t, groups, b);
            kernels.attention(dout, q, k, v, out, spans, scale, dq, dk, dv);
            return List.of(dq, dk, dv);
        });
    }

    private static void gate(Map<String, Call> calls, GateRule rule, int experts) {
        String name = " %s of %d, normalised %s".formatted(rule.scoring(), experts, rule.normalise());
        int t = 11;
        calls.put("gate" + name, (kernels, s) -> {
            Tensor dlogits = s.tensor(t, experts);
            int[] choices = s.experts(t, experts, rule.chosen());
            kernels.gate(s.tensor(t, rule.chosen()), s.tensor(t, experts), choices, rule, dlogits);
            return List.of(dlogits);
        });
        calls.put("balanceLoss" + name, (kernels, s) -> {
            Tensor dlogits = s.tensor(t, experts);
            int[] choices = s.experts(t, experts, rule.chosen());
            Span[] spans = {Span.document(0, 1), Span.document(1, 10)};
            double[] weights = {1, 3};
            double loss = kernels.balanceLoss(s.tensor(t, experts), choices, rule, spans, weights, 0.7, dlogits);
            return List.of(dlogits, number(loss));
        });
    }

    /// The forward pass, written out.
    private static Tensor attend(Tensor q, Tensor k, Tensor v, Span[] spans, double scale) {
        int heads = q.axis(1);
        int groups = k.axis(1);
        int a = q.columns();
        int b = v.columns();
        Tensor out = Tensor.allocate(Arena.ofAuto(), q.type(), q.axis(0), heads, b);
        for (Span span : spans) {
            for (int i = span.firstRow(); i < span.firstRow() + span.rows(); i++) {
                for (int h = 0; h < heads; h++) {
                    int g = h / (heads / groups);
                    double[] sums = new double[b];
                    double total = 0;
                    for (int j = span.firstRow(); j <= i; j++) {
                        double score = 0;
                        for (int c = 0; c < a; c++) {
                            score += q.get(((long) i * heads + h) * a + c) * k.get(((long) j * groups + g) * a + c);
                        }
                        double e = Math.exp(scale * score);
                        total += e;
                        for (int c = 0; c < b; c++) {
                            sums[c] += e * v.get(((long) j * groups + g) * b + c);
                        }
                    }
                    for (int c = 0; c < b; c++) {
                        out.set(((long) i * heads + h) * b + c, sums[c] / total);
                    }
                }
            }
        }
        return out;
    }

    private static Tensor number(double value) {
        Tensor tensor = Tensor.allocate(Arena.ofAuto(), DType.F64, 1);
        tensor.set(0, value);
        return tensor;
    }
}
