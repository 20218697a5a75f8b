package dev.baleen.kernel;

import dev.baleen.dtype.DType;
import dev.baleen.kernel.RotaryEmbedding.Pairing;
import dev.baleen.tensor.Tensor;
import java.util.Arrays;

/// The specification of [Kernels]: plain loops in double precision, each result rounded once to its tensor's type.
///
/// What is read often is decoded once, row by row; nothing else is clever. It runs on any processor, on one thread, and
/// in F64 it is what gradients are checked with.
public final class ScalarKernels implements Kernels {
    private final String description;
    private final HyperKernels hyper = new ScalarHyperKernels();
    private final SparseKernels sparse = new ScalarSparseKernels();

    public ScalarKernels() {
        description = "plain loops, 1 thread";
    }

    /// @param reason why no faster kernels were taken
    ScalarKernels(String reason) {
        description = "plain loops, 1 thread: " + reason;
    }

    @Override
    public String description() {
        return description;
    }

    @Override
    public void matmul(Tensor x, Tensor w, Tensor out) {
        Shapes.matmul(x, w, out);
        multiplyRows(x, 0, x.rows(), 1, w, out);
    }

    @Override
    public void matmulTransposed(Tensor x, Tensor w, Tensor out) {
        Shapes.matmulTransposed(x, w, out);
        multiplyTransposed(x, 0, 1, w, out);
    }

    @Override
    public void headMatmul(Tensor x, Tensor[] w, Tensor out) {
        Shapes.headMatmul(x, w, out);
        for (int h = 0; h < w.length; h++) {
            multiplyRows(x, h, x.rows(), w.length, w[h], out);
        }
    }

    @Override
    public void headMatmulTransposed(Tensor x, Tensor[] w, Tensor out) {
        Shapes.headMatmulTransposed(x, w, out);
        for (int h = 0; h < w.length; h++) {
            multiplyTransposed(x, h, w.length, w[h], out);
        }
    }

    @Override
    public void groupedMatmul(Tensor x, int[] offsets, Tensor[] w, Tensor out) {
        Shapes.groupedMatmul(x, offsets, w, out);
        for (int e = 0; e < w.length; e++) {
            multiplyRows(x, offsets[e], offsets[e + 1], 1, w[e], out);
        }
    }

    /// Rows `from`, `from + step`, … below `to`: out[row] = x[row] · wᵀ.
    private static void multiplyRows(Tensor x, int from, int to, int step, Tensor w, Tensor out) {
        double[] weights = new double[w.columns()];
        double[] input = new double[x.columns()];
        double[][] inputs = new double[Math.ceilDiv(to - from, step)][];
        for (int i = 0; i < inputs.length; i++) {
            readRow(x, from + i * step, input);
            inputs[i] = input.clone();
        }
        for (int n = 0; n < w.rows(); n++) {
            readRow(w, n, weights);
            for (int i = 0; i < inputs.length; i++) {
                out.set((long) (from + i * step) * out.columns() + n, dot(inputs[i], weights));
            }
        }
    }

    /// Rows `from`, `from + step`, …: out[row] = x[row] · w.
    private static void multiplyTransposed(Tensor x, int from, int step, Tensor w, Tensor out) {
        double[] weights = new double[w.columns()];
        int rows = Math.ceilDiv(x.rows() - from, step);
        double[][] sums = new double[rows][w.columns()];
        for (int n = 0; n < w.rows(); n++) {
            readRow(w, n, weights);
            for (int i = 0; i < rows; i++) {
                double input = x.get((long) (from + i * step) * x.columns() + n);
                for (int k = 0; k < weights.length; k++) {
                    sums[i][k] += input * weights[k];
                }
            }
        }
        for (int i = 0; i < rows; i++) {
            writeRow(sums[i], out, from + i * step);
        }
    }

    static double dot(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += a[i] * b[i];
        }
        return sum;
    }

    @Override
    public void embedding(Tensor table, int[] tokens, Tensor out) {
        Shapes.embedding(table, tokens, out);
        copyRows(table, tokens, out);
    }

    @Override
    public void gatherRows(Tensor x, int[] rows, Tensor out) {
        Shapes.gatherRows(x, rows, out);
        copyRows(x, rows, out);
    }

    private static void copyRows(Tensor source, int[] rows, Tensor out) {
        double[] row = new double[source.columns()];
        for (int i = 0; i < rows.length; i++) {
            readRow(source, rows[i], row);
            writeRow(row, out, i);
        }
    }

    @Override
    public void rmsNorm(Tensor x, Tensor weight, double epsilon, Tensor out) {
        Shapes.rmsNorm(x, weight, out);
        int width = x.columns();
        double[] scale = new double[width];
        readRow(weight, 0, scale);
        double[] row = new double[width];
        for (int t = 0; t < x.rows(); t++) {
            readRow(x, t, row);
            double inverse = 1 / Math.sqrt(dot(row, row) / width + epsilon);
            for (int i = 0; i < width; i++) {
                out.set((long) t * width + i, row[i] * scale[i] * inverse);
            }
        }
    }

    @Override
    public void rmsNorm(Tensor x, double epsilon, Tensor out) {
        Shapes.same("rmsNorm", x, out);
        for (int t = 0; t < x.rows(); t++) {
            double[] row = row(x, t);
            double inverse = 1 / Math.sqrt(dot(row, row) / row.length + epsilon);
            writeRow(Arrays.stream(row).map(v -> v * inverse).toArray(), out, t);
        }
    }

    @Override
    public void layerNorm(Tensor x, Tensor weight, Tensor bias, double epsilon, Tensor out) {
        Shapes.layerNorm(x, weight, bias, out);
        int width = x.columns();
        double[] scale = row(weight.reshape(1, width), 0);
        double[] shift = row(bias.reshape(1, width), 0);
        for (int t = 0; t < x.rows(); t++) {
            double[] row = row(x, t);
            double mean = Arrays.stream(row).average().orElseThrow();
            double variance = Arrays.stream(row)
                    .map(v -> (v - mean) * (v - mean))
                    .average()
                    .orElseThrow();
            for (int i = 0; i < width; i++) {
                row[i] = (row[i] - mean) / Math.sqrt(variance + epsilon) * scale[i] + shift[i];
            }
            writeRow(row, out, t);
        }
    }

    @Override
    public void add(Tensor a, Tensor b, Tensor out) {
        Shapes.same("add", a, b, out);
        for (long i = 0; i < a.elements(); i++) {
            out.set(i, a.get(i) + b.get(i));
        }
    }

    @Override
    public void addBias(Tensor x, Tensor bias, Tensor out) {
        Shapes.addBias(x, bias, out);
        for (long i = 0; i < x.elements(); i++) {
            out.set(i, x.get(i) + bias.get(i % x.columns()));
        }
    }

    @Override
    public void swiGlu(Tensor gate, Tensor up, Tensor out) {
        Shapes.same("swiGlu", gate, up, out);
        for (long i = 0; i < gate.elements(); i++) {
            out.set(i, gate.get(i) * sigmoid(gate.get(i)) * up.get(i));
        }
    }

    @Override
    public void swiGlu(Tensor gate, Tensor up, double limit, Tensor out) {
        Shapes.same("swiGlu", gate, up, out);
        for (long i = 0; i < gate.elements(); i++) {
            double g = Math.min(gate.get(i), limit);
            out.set(i, g * sigmoid(g) * Math.clamp(up.get(i), -limit, limit));
        }
    }

    private static double sigmoid(double x) {
        return 1 / (1 + Math.exp(-x));
    }

    @Override
    public void rope(Tensor x, Rotation rotation, int offset, Tensor out) {
        Shapes.rope(x, rotation, offset, out);
        int heads = x.axis(1);
        int pairs = rotation.pairs();
        boolean interleaved = rotation.pairing() == Pairing.INTERLEAVED;
        double[] row = new double[x.columns()];
        for (int r = 0; r < x.rows(); r++) {
            readRow(x, r, row);
            for (int i = 0; i < pairs; i++) {
                double cosine = rotation.cosines()[r / heads * pairs + i];
                double sine = rotation.sines()[r / heads * pairs + i];
                int first = offset + (interleaved ? 2 * i : i);
                int second = interleaved ? first + 1 : first + pairs;
                double a = row[first];
                double b = row[second];
                row[first] = a * cosine - b * sine;
                row[second] = a * sine + b * cosine;
            }
            writeRow(row, out, r);
        }
    }

    @Override
    public void columns(Tensor x, int from, Tensor out) {
        Shapes.columns(x, from, out);
        double[] row = new double[x.columns()];
        for (int r = 0; r < x.rows(); r++) {
            readRow(x, r, row);
            writeRow(Arrays.copyOfRange(row, from, from + out.columns()), out, r);
        }
    }

    @Override
    public void concat(Tensor a, Tensor b, Tensor out) {
        Shapes.concat(a, b, out);
        int heads = a.axis(1);
        double[] left = new double[a.columns()];
        double[] right = new double[b.columns()];
        double[] both = new double[out.columns()];
        for (int r = 0; r < a.rows(); r++) {
            readRow(a, r, left);
            readRow(b, b.axis(1) == 1 ? r / heads : r, right);
            System.arraycopy(left, 0, both, 0, left.length);
            System.arraycopy(right, 0, both, left.length, right.length);
            writeRow(both, out, r);
        }
    }

    @Override
    public void attention(Tensor q, Tensor k, Tensor v, Span[] spans, double scale, Tensor out) {
        Shapes.attention(q, k, v, spans, out);
        int heads = q.axis(1);
        int groups = k.axis(1);
        double[] query = new double[q.columns()];
        for (Span span : spans) {
            for (int h = 0; h < heads; h++) {
                int g = h / (heads / groups);
                double[][] keys = new double[span.rows()][k.columns()];
                double[][] values = new double[span.rows()][v.columns()];
                for (int s = 0; s < span.rows(); s++) {
                    readRow(k, (span.firstRow() + s) * groups + g, keys[s]);
                    readRow(v, (span.firstRow() + s) * groups + g, values[s]);
                }
                for (int t = 0; t < span.rows(); t++) {
                    int row = (span.firstRow() + t) * heads + h;
                    readRow(q, row, query);
                    writeRow(attend(query, keys, values, t + 1, scale), out, row);
                }
            }
        }
    }

    /// One query over the first `length` keys and values.
    private static double[] attend(double[] query, double[][] keys, double[][] values, int length, double scale) {
        double[] scores = new double[length];
        double largest = Double.NEGATIVE_INFINITY;
        for (int s = 0; s < length; s++) {
            scores[s] = scale * dot(query, keys[s]);
            largest = Math.max(largest, scores[s]);
        }
        double total = 0;
        double[] result = new double[values[0].length];
        for (int s = 0; s < length; s++) {
            double weight = Math.exp(scores[s] - largest);
            total += weight;
            for (int i = 0; i < result.length; i++) {
                result[i] += weight * values[s][i];
            }
        }
        for (int i = 0; i < result.length; i++) {
            result[i] /= total;
        }
        return result;
    }

    @Override
    public void store(Tensor rows, Span[] spans, Tensor cache) {
        Shapes.store(rows, spans, cache);
        int positions = cache.axis(1);
        double[] row = new double[rows.columns()];
        for (Span span : spans) {
            for (int i = 0; i < span.rows(); i++) {
                readRow(rows, span.firstRow() + i, row);
                int position = span.position() + i;
                writeRow(row, cache, span.pages()[position / positions] * positions + position % positions);
            }
        }
    }

    @Override
    public void cachedAttention(Tensor q, Tensor cache, CachedHeads heads, Span[] spans, double scale, Tensor out) {
        Shapes.cachedAttention(q, cache, heads, spans, out);
        int count = q.axis(1);
        int positions = cache.axis(1);
        double[] query = new double[q.columns()];
        double[] cached = new double[cache.columns()];
        for (Span span : spans) {
            for (int h = 0; h < count; h++) {
                int g = h / (count / heads.count());
                int keyFrom = heads.keyOffset() + g * heads.keyWidth();
                int valueFrom = heads.valueOffset() + g * heads.valueWidth();
                double[][] keys = new double[span.end()][];
                double[][] values = new double[span.end()][];
                for (int s = 0; s < span.end(); s++) {
                    readRow(cache, span.pages()[s / positions] * positions + s % positions, cached);
                    keys[s] = Arrays.copyOfRange(cached, keyFrom, keyFrom + heads.keyWidth());
                    values[s] = Arrays.copyOfRange(cached, valueFrom, valueFrom + heads.valueWidth());
                }
                for (int t = 0; t < span.rows(); t++) {
                    int row = (span.firstRow() + t) * count + h;
                    readRow(q, row, query);
                    writeRow(attend(query, keys, values, span.position() + t + 1, scale), out, row);
                }
            }
        }
    }

    @Override
    public void gate(Tensor logits, Tensor bias, GateRule rule, int[] experts, Tensor weights) {
        Shapes.gate(logits, bias, rule, experts, weights);
        double[] row = new double[logits.columns()];
        double[] offsets = new double[logits.columns()];
        double[] chosen = new double[rule.chosen()];
        Gate gate = new Gate(rule, logits.columns());
        readRow(bias.reshape(1, logits.columns()), 0, offsets);
        for (int t = 0; t < logits.rows(); t++) {
            readRow(logits, t, row);
            gate.choose(row, offsets, experts, t * rule.chosen(), chosen);
            writeRow(chosen, weights, t);
        }
    }

    @Override
    public void weigh(Tensor logits, int[] experts, GateRule rule, Tensor weights) {
        Shapes.weigh(logits, experts, rule, weights);
        Gate gate = new Gate(rule, logits.columns());
        double[] chosen = new double[rule.chosen()];
        for (int t = 0; t < logits.rows(); t++) {
            gate.weigh(row(logits, t), experts, t * rule.chosen(), chosen);
            writeRow(chosen, weights, t);
        }
    }

    @Override
    public void combine(Tensor y, ExpertDispatch dispatch, Tensor weights, Tensor out) {
        Shapes.combine(y, dispatch, weights, out);
        int chosen = dispatch.chosen();
        double[] row = new double[y.columns()];
        for (int t = 0; t < out.rows(); t++) {
            double[] sum = new double[y.columns()];
            for (int j = 0; j < chosen; j++) {
                readRow(y, dispatch.rowOf()[t * chosen + j], row);
                double weight = weights.get((long) t * chosen + j);
                for (int i = 0; i < sum.length; i++) {
                    sum[i] += weight * row[i];
                }
            }
            writeRow(sum, out, t);
        }
    }

    @Override
    public HyperKernels hyper() {
        return hyper;
    }

    @Override
    public SparseKernels sparse() {
        return sparse;
    }

    /// Row `index` of any type.
    static double[] row(Tensor tensor, int index) {
        double[] row = new double[tensor.columns()];
        readRow(tensor, index, row);
        return row;
    }

    /// Decodes row `index` of any type.
    private static void readRow(Tensor tensor, int index, double[] row) {
        long from = (long) index * row.length;
        if (tensor.type() == DType.F64) {
            for (int i = 0; i < row.length; i++) {
                row[i] = tensor.get(from + i);
            }
            return;
        }
        float[] floats = new float[row.length];
        tensor.decodeRow(index, floats, 0);
        for (int i = 0; i < row.length; i++) {
            row[i] = floats[i];
        }
    }

    /// Writes row `index`, rounding to the tensor's type; from double to a 16-bit type by way of single precision.
    static void writeRow(double[] row, Tensor tensor, int index) {
        long from = (long) index * row.length;
        if (tensor.type() == DType.F64) {
            for (int i = 0; i < row.length; i++) {
                tensor.set(from + i, row[i]);
            }
            return;
        }
        float[] floats = new float[row.length];
        for (int i = 0; i < row.length; i++) {
            floats[i] = (float) row[i];
        }
        tensor.type()
                .format()
                .encode(floats, 0, row.length, tensor.data(), tensor.type().bytes(from));
    }
}
