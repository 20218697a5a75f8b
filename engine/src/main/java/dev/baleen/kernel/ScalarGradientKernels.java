package dev.baleen.kernel;

import dev.baleen.kernel.RotaryEmbedding.Pairing;
import dev.baleen.tensor.Tensor;
import java.util.Arrays;

/// The specification of every gradient: plain loops in double precision, for F32 and F64 tensors.
///
/// Slow on purpose. In F64 the gradients are checked against differences of the forward pass; others are held to these.
public final class ScalarGradientKernels implements GradientKernels {
    private final HyperGradientKernels hyper = new ScalarHyperGradientKernels();
    private final SparseGradientKernels sparse = new ScalarSparseGradientKernels();

    @Override
    public HyperGradientKernels hyper() {
        return hyper;
    }

    @Override
    public SparseGradientKernels sparse() {
        return sparse;
    }

    @Override
    public void matmulInput(Tensor dout, Tensor w, Tensor dx) {
        GradientArguments.matmulInput(dout, w, dx);
        for (int t = 0; t < dout.rows(); t++) {
            inputRow(dout, (long) t * dout.columns(), w, dx, (long) t * dx.columns());
        }
    }

    @Override
    public void matmulWeight(Tensor dout, Tensor x, Tensor dw) {
        GradientArguments.matmulWeight(dout, x, dw);
        weight(dout, 0, dout.columns(), x, 0, x.columns(), dout.rows(), dw);
    }

    @Override
    public void headMatmulInput(Tensor dout, Tensor[] w, Tensor dx) {
        GradientArguments.headMatmulInput(dout, w, dx);
        for (int row = 0; row < dout.rows(); row++) {
            inputRow(dout, (long) row * dout.columns(), w[row % w.length], dx, (long) row * dx.columns());
        }
    }

    @Override
    public void headMatmulWeight(Tensor dout, Tensor x, Tensor[] dw) {
        GradientArguments.headMatmulWeight(dout, x, dw);
        int n = dout.columns();
        int k = x.columns();
        int heads = dw.length;
        for (int h = 0; h < heads; h++) {
            weight(dout, (long) h * n, heads * n, x, (long) h * k, heads * k, dout.axis(0), dw[h]);
        }
    }

    @Override
    public void headMatmulTransposedInput(Tensor dout, Tensor[] w, Tensor dx) {
        GradientArguments.headMatmulTransposedInput(dout, w, dx);
        int n = dx.columns();
        int k = dout.columns();
        for (int row = 0; row < dout.rows(); row++) {
            Tensor weight = w[row % w.length];
            for (int i = 0; i < n; i++) {
                double sum = 0;
                for (int j = 0; j < k; j++) {
                    sum += dout.get((long) row * k + j) * weight.get((long) i * k + j);
                }
                add(dx, (long) row * n + i, sum);
            }
        }
    }

    @Override
    public void groupedMatmulInput(Tensor dout, int[] offsets, Tensor[] w, Tensor dx) {
        GradientArguments.groupedMatmulInput(dout, offsets, w, dx);
        for (int e = 0; e < w.length; e++) {
            for (int row = offsets[e]; row < offsets[e + 1]; row++) {
                inputRow(dout, (long) row * dout.columns(), w[e], dx, (long) row * dx.columns());
            }
        }
    }

    @Override
    public void groupedMatmulWeight(Tensor dout, int[] offsets, Tensor x, Tensor[] dw) {
        GradientArguments.groupedMatmulWeight(dout, offsets, x, dw);
        int n = dout.columns();
        int k = x.columns();
        for (int e = 0; e < dw.length; e++) {
            int rows = offsets[e + 1] - offsets[e];
            weight(dout, (long) offsets[e] * n, n, x, (long) offsets[e] * k, k, rows, dw[e]);
        }
    }

    @Override
    public void scatterRows(Tensor dout, int[] rows, Tensor dx) {
        GradientArguments.scatterRows(dout, rows, dx);
        int columns = dout.columns();
        for (int i = 0; i < rows.length; i++) {
            for (int c = 0; c < columns; c++) {
                add(dx, (long) rows[i] * columns + c, dout.get((long) i * columns + c));
            }
        }
    }

    @Override
    public void rmsNorm(Tensor dout, Tensor x, Tensor weight, double epsilon, Tensor dx, Tensor dweight) {
        GradientArguments.rmsNorm(dout, x, weight, dx, dweight);
        int columns = x.columns();
        double[] dweightSums = new double[columns];
        for (int t = 0; t < x.rows(); t++) {
            long row = (long) t * columns;
            double squares = 0;
            double product = 0;
            for (int c = 0; c < columns; c++) {
                double value = x.get(row + c);
                squares += value * value;
                product += weight.get(c) * dout.get(row + c) * value;
            }
            double r = 1 / Math.sqrt(squares / columns + epsilon);
            for (int c = 0; c < columns; c++) {
                double value = x.get(row + c);
                double g = weight.get(c) * dout.get(row + c);
                add(dx, row + c, r * (g - value * r * r * product / columns));
                dweightSums[c] += dout.get(row + c) * value * r;
            }
        }
        for (int c = 0; c < columns; c++) {
            add(dweight, c, dweightSums[c]);
        }
    }

    @Override
    public void rmsNorm(Tensor dout, Tensor x, double epsilon, Tensor dx) {
        GradientArguments.rmsNorm(dout, x, dx);
        int columns = x.columns();
        for (int t = 0; t < x.rows(); t++) {
            long row = (long) t * columns;
            double r = 1 / Math.sqrt(dot(x, row, x, row, columns) / columns + epsilon);
            double product = dot(dout, row, x, row, columns);
            for (int c = 0; c < columns; c++) {
                add(dx, row + c, r * (dout.get(row + c) - x.get(row + c) * r * r * product / columns));
            }
        }
    }

    @Override
    public void layerNorm(
            Tensor dout, Tensor x, Tensor weight, double epsilon, Tensor dx, Tensor dweight, Tensor dbias) {
        GradientArguments.layerNorm(dout, x, weight, dx, dweight, dbias);
        int columns = x.columns();
        for (int t = 0; t < x.rows(); t++) {
            double[] y = row(x, t);
            double mean = Arrays.stream(y).average().orElseThrow();
            double variance =
                    Arrays.stream(y).map(v -> (v - mean) * (v - mean)).average().orElseThrow();
            double r = 1 / Math.sqrt(variance + epsilon);
            double[] change = row(dout, t);
            double[] g = new double[columns];
            double product = 0;
            for (int c = 0; c < columns; c++) {
                y[c] = (y[c] - mean) * r;
                g[c] = weight.get(c) * change[c];
                product += g[c] * y[c] / columns;
            }
            double pull = Arrays.stream(g).average().orElseThrow();
            for (int c = 0; c < columns; c++) {
                add(dx, (long) t * columns + c, r * (g[c] - pull - y[c] * product));
                add(dweight, c, change[c] * y[c]);
                add(dbias, c, change[c]);
            }
        }
    }

    @Override
    public void accumulate(Tensor source, Tensor target) {
        GradientArguments.elementwise("accumulate", source, target);
        for (long i = 0; i < source.elements(); i++) {
            add(target, i, source.get(i));
        }
    }

    @Override
    public void biasSum(Tensor dout, Tensor dbias) {
        GradientArguments.biasSum(dout, dbias);
        int columns = dout.columns();
        for (int c = 0; c < columns; c++) {
            double sum = 0;
            for (int t = 0; t < dout.rows(); t++) {
                sum += dout.get((long) t * columns + c);
            }
            add(dbias, c, sum);
        }
    }

    @Override
    public void swiGlu(Tensor dout, Tensor gate, Tensor up, Tensor dgate, Tensor dup) {
        GradientArguments.elementwise("swiGlu", dout, gate, up, dgate, dup);
        for (long i = 0; i < dout.elements(); i++) {
            double g = gate.get(i);
            double s = sigmoid(g);
            add(dup, i, dout.get(i) * g * s);
            add(dgate, i, dout.get(i) * up.get(i) * s * (1 + g * (1 - s)));
        }
    }

    @Override
    public void swiGlu(Tensor dout, Tensor gate, Tensor up, double limit, Tensor dgate, Tensor dup) {
        GradientArguments.elementwise("swiGlu", dout, gate, up, dgate, dup);
        for (long i = 0; i < dout.elements(); i++) {
            double g = Math.min(gate.get(i), limit);
            double u = Math.clamp(up.get(i), -limit, limit);
            double s = sigmoid(g);
            add(dup, i, u == up.get(i) ? dout.get(i) * g * s : 0);
            add(dgate, i, g == gate.get(i) ? dout.get(i) * u * s * (1 + g * (1 - s)) : 0);
        }
    }

    @Override
    public void rope(Tensor dout, Rotation rotation, int offset, Tensor dx) {
        GradientArguments.rope(dout, rotation, offset, dx);
        int columns = dout.columns();
        int pairs = rotation.pairs();
        boolean interleaved = rotation.pairing() == Pairing.INTERLEAVED;
        for (int row = 0; row < dout.rows(); row++) {
            long first = (long) row * columns;
            int angle = row / dout.axis(1) * pairs;
            for (int c = 0; c < columns; c++) {
                if (c < offset || c >= offset + 2 * pairs) {
                    add(dx, first + c, dout.get(first + c));
                }
            }
            for (int i = 0; i < pairs; i++) {
                long a = first + offset + (interleaved ? 2 * i : i);
                long b = a + (interleaved ? 1 : pairs);
                double cosine = rotation.cosines()[angle + i];
                double sine = rotation.sines()[angle + i];
                add(dx, a, dout.get(a) * cosine - dout.get(b) * sine);
                add(dx, b, dout.get(a) * sine + dout.get(b) * cosine);
            }
        }
    }

    @Override
    public void columns(Tensor dout, int from, Tensor dx) {
        GradientArguments.columns(dout, from, dx);
        addColumns(dout, 0, dout.columns(), dx, from, 1);
    }

    @Override
    public void concat(Tensor dout, Tensor da, Tensor db) {
        GradientArguments.concat(dout, da, db);
        addColumns(dout, 0, da.columns(), da, 0, 1);
        addColumns(dout, da.columns(), db.columns(), db, 0, dout.rows() / Math.max(1, db.rows()));
    }

    @Override
    public void attention(
            Tensor dout,
            Tensor q,
            Tensor k,
            Tensor v,
            Tensor out,
            Span[] spans,
            double scale,
            Tensor dq,
            Tensor dk,
            Tensor dv) {
        GradientArguments.attention(dout, q, k, v, out, spans, dq, dk, dv);
        int heads = q.axis(1);
        int groups = k.axis(1);
        int a = q.columns();
        int b = v.columns();
        for (Span span : spans) {
            for (int h = 0; h < heads; h++) {
                int g = h / (heads / groups);
                for (int i = 0; i < span.rows(); i++) {
                    long qRow = ((long) (span.firstRow() + i) * heads + h) * a;
                    long outRow = ((long) (span.firstRow() + i) * heads + h) * b;
                    double[] p = new double[i + 1];
                    for (int j = 0; j <= i; j++) {
                        p[j] = scale * dot(q, qRow, k, ((long) (span.firstRow() + j) * groups + g) * a, a);
                    }
                    softmax(p);
                    double mean = dot(dout, outRow, out, outRow, b);
                    for (int j = 0; j <= i; j++) {
                        long kRow = ((long) (span.firstRow() + j) * groups + g) * a;
                        long vRow = ((long) (span.firstRow() + j) * groups + g) * b;
                        double dscore = scale * p[j] * (dot(dout, outRow, v, vRow, b) - mean);
                        for (int c = 0; c < a; c++) {
                            add(dq, qRow + c, dscore * k.get(kRow + c));
                            add(dk, kRow + c, dscore * q.get(qRow + c));
                        }
                        for (int c = 0; c < b; c++) {
                            add(dv, vRow + c, p[j] * dout.get(outRow + c));
                        }
                    }
                }
            }
        }
    }

    @Override
    public void gate(Tensor dweights, Tensor logits, int[] experts, GateRule rule, Tensor dlogits) {
        GradientArguments.gate(dweights, logits, experts, rule, dlogits);
        ScalarGateGradient.choice(dweights, logits, experts, rule, dlogits);
    }

    @Override
    public double balanceLoss(
            Tensor logits,
            int[] experts,
            GateRule rule,
            Span[] spans,
            double[] spanWeights,
            double alpha,
            Tensor dlogits) {
        GradientArguments.balanceLoss(logits, experts, rule, spans, spanWeights, dlogits);
        double loss = 0;
        for (int i = 0; i < spans.length; i++) {
            loss += ScalarGateGradient.balance(logits, experts, rule, spans[i], alpha * spanWeights[i], dlogits);
        }
        return loss;
    }

    @Override
    public void combine(Tensor dout, Tensor y, ExpertDispatch dispatch, Tensor weights, Tensor dy, Tensor dweights) {
        GradientArguments.combine(dout, y, dispatch, weights, dy, dweights);
        int columns = dout.columns();
        int chosen = weights.columns();
        for (int pair = 0; pair < weights.elements(); pair++) {
            long source = (long) (pair / chosen) * columns;
            long row = (long) dispatch.rowOf()[pair] * columns;
            for (int c = 0; c < columns; c++) {
                add(dy, row + c, weights.get(pair) * dout.get(source + c));
            }
            add(dweights, pair, dot(dout, source, y, row, columns));
        }
    }

    @Override
    public double crossEntropy(Tensor logits, int[] targets, float[] rowWeights, Tensor dlogits) {
        GradientArguments.crossEntropy(logits, targets, rowWeights, dlogits);
        int columns = logits.columns();
        double loss = 0;
        for (int t = 0; t < logits.rows(); t++) {
            if (rowWeights[t] == 0) {
                continue;
            }
            double[] p = row(logits, t);
            softmax(p);
            loss -= rowWeights[t] * Math.log(p[targets[t]]);
            for (int c = 0; c < columns; c++) {
                add(dlogits, (long) t * columns + c, rowWeights[t] * (p[c] - (c == targets[t] ? 1 : 0)));
            }
        }
        return loss;
    }

    /// dx[row] += dout[row] · w.
    private static void inputRow(Tensor dout, long doutRow, Tensor w, Tensor dx, long dxRow) {
        int columns = w.columns();
        for (int c = 0; c < columns; c++) {
            double sum = 0;
            for (int n = 0; n < w.rows(); n++) {
                sum += dout.get(doutRow + n) * w.get((long) n * columns + c);
            }
            add(dx, dxRow + c, sum);
        }
    }

    /// dw += doutᵀ · x over `rows` rows that begin at an index and lie a stride apart.
    private static void weight(
            Tensor dout, long doutFirst, int doutStride, Tensor x, long xFirst, int xStride, int rows, Tensor dw) {
        for (int n = 0; n < dw.rows(); n++) {
            for (int c = 0; c < dw.columns(); c++) {
                double sum = 0;
                for (int t = 0; t < rows; t++) {
                    sum += dout.get(doutFirst + (long) t * doutStride + n) * x.get(xFirst + (long) t * xStride + c);
                }
                add(dw, (long) n * dw.columns() + c, sum);
            }
        }
    }

    /// target[row / repeat, to ..] += source[row, from .. from + count].
    private static void addColumns(Tensor source, int from, int count, Tensor target, int to, int repeat) {
        for (int row = 0; row < source.rows(); row++) {
            long sourceRow = (long) row * source.columns() + from;
            long targetRow = (long) (row / repeat) * target.columns() + to;
            for (int c = 0; c < count; c++) {
                add(target, targetRow + c, source.get(sourceRow + c));
            }
        }
    }

    static double[] row(Tensor x, int t) {
        double[] values = new double[x.columns()];
        for (int c = 0; c < values.length; c++) {
            values[c] = x.get((long) t * values.length + c);
        }
        return values;
    }

    static void softmax(double[] values) {
        double max = Double.NEGATIVE_INFINITY;
        for (double value : values) {
            max = Math.max(max, value);
        }
        double sum = 0;
        for (int i = 0; i < values.length; i++) {
            values[i] = Math.exp(values[i] - max);
            sum += values[i];
        }
        for (int i = 0; i < values.length; i++) {
            values[i] /= sum;
        }
    }

    static double sigmoid(double value) {
        return 1 / (1 + Math.exp(-value));
    }

    static double dot(Tensor a, long aIndex, Tensor b, long bIndex, int count) {
        double sum = 0;
        for (int i = 0; i < count; i++) {
            sum += a.get(aIndex + i) * b.get(bIndex + i);
        }
        return sum;
    }

    static void add(Tensor target, long index, double value) {
        target.set(index, target.get(index) + value);
    }
}
