package dev.baleen.kernel;

import dev.baleen.dtype.DType;
import dev.baleen.tensor.Tensor;
import java.util.Arrays;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// The checks at the head of every gradient kernel: types and shapes, once, so that loops need none.
final class GradientArguments {
    private GradientArguments() {}

    static void matmulInput(Tensor dout, Tensor w, Tensor dx) {
        check(
                "matmulInput: dx[T, K] += dout[T, N] · w[N, K]",
                dout.columns() == w.rows() && dx.columns() == w.columns() && dx.rows() == dout.rows(),
                dout,
                w,
                dx);
    }

    static void matmulWeight(Tensor dout, Tensor x, Tensor dw) {
        check(
                "matmulWeight: dw[N, K] += dout[T, N]ᵀ · x[T, K]",
                dout.rows() == x.rows() && dw.rows() == dout.columns() && dw.columns() == x.columns(),
                dout,
                x,
                dw);
    }

    static void headMatmulInput(Tensor dout, Tensor[] w, Tensor dx) {
        check(
                "headMatmulInput: dx[T, H, K] += dout[T, H, N] · w[H][N, K]",
                sameHeads(dout, dx, w.length) && fits(w, dout.columns(), dx.columns()),
                all(w, dout, dx));
    }

    static void headMatmulWeight(Tensor dout, Tensor x, Tensor[] dw) {
        check(
                "headMatmulWeight: dw[H][N, K] += dout[T, H, N]ᵀ · x[T, H, K]",
                sameHeads(dout, x, dw.length) && fits(dw, dout.columns(), x.columns()),
                all(dw, dout, x));
    }

    static void headMatmulTransposedInput(Tensor dout, Tensor[] w, Tensor dx) {
        check(
                "headMatmulTransposedInput: dx[T, H, N] += dout[T, H, K] · w[H][N, K]ᵀ",
                sameHeads(dout, dx, w.length) && fits(w, dx.columns(), dout.columns()),
                all(w, dout, dx));
    }

    static void groupedMatmulInput(Tensor dout, int[] offsets, Tensor[] w, Tensor dx) {
        check(
                "groupedMatmulInput: dx[R, K] += dout[R, N] · w[E][N, K]",
                dout.rows() == dx.rows()
                        && covers(offsets, w.length, dout.rows())
                        && fits(w, dout.columns(), dx.columns()),
                all(w, dout, dx));
    }

    static void groupedMatmulWeight(Tensor dout, int[] offsets, Tensor x, Tensor[] dw) {
        check(
                "groupedMatmulWeight: dw[E][N, K] += dout[R, N]ᵀ · x[R, K]",
                dout.rows() == x.rows()
                        && covers(offsets, dw.length, dout.rows())
                        && fits(dw, dout.columns(), x.columns()),
                all(dw, dout, x));
    }

    static void scatterRows(Tensor dout, int[] rows, Tensor dx) {
        check(
                "scatterRows: dx[rows[i], D] += dout[i, D]",
                dout.rows() == rows.length && dout.columns() == dx.columns(),
                dout,
                dx);
        within("scatterRows", rows, dx.rows());
    }

    static void rmsNorm(Tensor dout, Tensor x, Tensor weight, Tensor dx, Tensor dweight) {
        check(
                "rmsNorm: dout[T, D], x[T, D], weight[D], dx[T, D], dweight[D]",
                dout.rows() == x.rows()
                        && dx.rows() == x.rows()
                        && dout.columns() == x.columns()
                        && dx.columns() == x.columns()
                        && weight.elements() == x.columns()
                        && dweight.elements() == x.columns(),
                dout,
                x,
                weight,
                dx,
                dweight);
    }

    static void biasSum(Tensor dout, Tensor dbias) {
        check("biasSum: dbias[D] += dout[T, D]", dbias.elements() == dout.columns(), dout, dbias);
    }

    static void rmsNorm(Tensor dout, Tensor x, Tensor dx) {
        check(
                "rmsNorm: dout[T, D], x[T, D], dx[T, D]",
                dout.elements() == x.elements() && dx.elements() == x.elements() && dout.columns() == x.columns(),
                dout,
                x,
                dx);
    }

    static void layerNorm(Tensor dout, Tensor x, Tensor weight, Tensor dx, Tensor dweight, Tensor dbias) {
        check(
                "layerNorm: dout[T, D], x[T, D], weight[D], dx[T, D], dweight[D], dbias[D]",
                dbias.elements() == x.columns(),
                dbias);
        rmsNorm(dout, x, weight, dx, dweight);
    }

    static void elementwise(String name, Tensor... tensors) {
        check(
                name + ": all of one size",
                Arrays.stream(tensors).allMatch(t -> t.elements() == tensors[0].elements()),
                tensors);
    }

    static void rope(Tensor dout, Rotation rotation, int offset, Tensor dx) {
        int columns = dout.columns();
        int positions = rotation.cosines().length / Math.max(1, rotation.pairs());
        check(
                "rope: dout[T, H, D], dx[T, H, D], T rows of angles, turned columns within D",
                dout.shape().equals(dx.shape())
                        && dout.shape().axes() == 3
                        && dout.axis(0) <= positions
                        && offset >= 0
                        && offset + 2 * rotation.pairs() <= columns,
                dout,
                dx);
    }

    static void columns(Tensor dout, int from, Tensor dx) {
        check(
                "columns: dx[T, from .. from + C] += dout[T, C], from = " + from,
                dout.rows() == dx.rows() && from >= 0 && from + dout.columns() <= dx.columns(),
                dout,
                dx);
    }

    static void concat(Tensor dout, Tensor da, Tensor db) {
        check(
                "concat: dout[T, H, A + B], da[T, H, A], db[T, H or 1, B]",
                dout.rows() == da.rows()
                        && dout.columns() == da.columns() + db.columns()
                        && (db.rows() == dout.rows()
                                || (db.shape().axes() == 3
                                        && db.axis(1) == 1
                                        && dout.shape().axes() == 3
                                        && db.axis(0) == dout.axis(0))),
                dout,
                da,
                db);
    }

    static void attention(
            Tensor dout, Tensor q, Tensor k, Tensor v, Tensor out, Span[] spans, Tensor dq, Tensor dk, Tensor dv) {
        check(
                "attention: q[T, H, A], k[T, G, A], v[T, G, B], out[T, H, B], H a multiple of G",
                Stream.of(q, k, v, out).allMatch(t -> t.shape().axes() == 3 && t.axis(0) == q.axis(0))
                        && q.columns() == k.columns()
                        && v.columns() == out.columns()
                        && k.axis(1) == v.axis(1)
                        && q.axis(1) == out.axis(1)
                        && q.axis(1) % k.axis(1) == 0
                        && dout.shape().equals(out.shape())
                        && dq.shape().equals(q.shape())
                        && dk.shape().equals(k.shape())
                        && dv.shape().equals(v.shape()),
                dout,
                q,
                k,
                v,
                out,
                dq,
                dk,
                dv);
        for (Span span : spans) {
            if (span.position() != 0 || span.firstRow() + span.rows() > q.axis(0)) {
                throw new IllegalArgumentException(
                        "attention: span %s is no whole document within %d rows; gradients go through whole documents only"
                                .formatted(span, q.axis(0)));
            }
        }
    }

    static void gate(Tensor dweights, Tensor logits, int[] experts, GateRule rule, Tensor dlogits) {
        check(
                "gate: dweights[T, k], logits[T, E], dlogits[T, E], T·k experts",
                dweights.rows() == logits.rows()
                        && dweights.columns() == rule.chosen()
                        && experts.length == dweights.elements()
                        && dlogits.shape().equals(logits.shape()),
                dweights,
                logits,
                dlogits);
        within("gate", experts, logits.columns());
    }

    static void balanceLoss(
            Tensor logits, int[] experts, GateRule rule, Span[] spans, double[] spanWeights, Tensor dlogits) {
        check(
                "balanceLoss: logits[T, E], dlogits[T, E], T·k experts, a weight for each span",
                experts.length == (long) logits.rows() * rule.chosen()
                        && spans.length == spanWeights.length
                        && dlogits.shape().equals(logits.shape())
                        && Arrays.stream(spans).allMatch(s -> s.firstRow() + s.rows() <= logits.rows()),
                logits,
                dlogits);
        within("balanceLoss", experts, logits.columns());
    }

    static void combine(Tensor dout, Tensor y, ExpertDispatch dispatch, Tensor weights, Tensor dy, Tensor dweights) {
        check(
                "combine: dout[T, D], y[T·k, D], weights[T, k], dy[T·k, D], dweights[T, k]",
                dout.rows() == weights.rows()
                        && y.rows() == weights.elements()
                        && dispatch.rowOf().length == weights.elements()
                        && y.columns() == dout.columns()
                        && dy.shape().equals(y.shape())
                        && dweights.shape().equals(weights.shape()),
                dout,
                y,
                weights,
                dy,
                dweights);
        within("combine", dispatch.rowOf(), y.rows());
    }

    static void crossEntropy(Tensor logits, int[] targets, float[] rowWeights, Tensor dlogits) {
        check(
                "crossEntropy: logits[T, V], dlogits[T, V], T targets and weights",
                targets.length == logits.rows()
                        && rowWeights.length == logits.rows()
                        && dlogits.rows() == logits.rows()
                        && dlogits.columns() == logits.columns(),
                logits,
                dlogits);
        within("crossEntropy", targets, logits.columns());
    }

    private static boolean sameHeads(Tensor a, Tensor b, int heads) {
        return a.shape().axes() == 3
                && b.shape().axes() == 3
                && a.axis(0) == b.axis(0)
                && a.axis(1) == heads
                && b.axis(1) == heads;
    }

    private static boolean fits(Tensor[] weights, int rows, int columns) {
        for (Tensor weight : weights) {
            if (weight.rows() != rows || weight.columns() != columns) {
                return false;
            }
        }
        return true;
    }

    private static boolean covers(int[] offsets, int groups, int rows) {
        if (offsets.length != groups + 1 || offsets[0] != 0 || offsets[groups] != rows) {
            return false;
        }
        for (int i = 0; i < groups; i++) {
            if (offsets[i] > offsets[i + 1]) {
                return false;
            }
        }
        return true;
    }

    private static void within(String name, int[] indexes, int limit) {
        for (int i = 0; i < indexes.length; i++) {
            if (indexes[i] < 0 || indexes[i] >= limit) {
                throw new IllegalArgumentException(
                        "%s: index %d at place %d is outside 0 .. %d".formatted(name, indexes[i], i, limit));
            }
        }
    }

    private static Tensor[] all(Tensor[] some, Tensor... others) {
        return Stream.concat(Arrays.stream(some), Arrays.stream(others)).toArray(Tensor[]::new);
    }

    static void check(String formula, boolean fits, Tensor... tensors) {
        DType type = tensors[0].type();
        boolean typed = type == DType.F32 || type == DType.F64;
        for (Tensor tensor : tensors) {
            typed &= tensor.type() == type;
        }
        if (!fits || !typed) {
            throw new IllegalArgumentException("%s (all F32 or all F64) cannot be computed with %s"
                    .formatted(
                            formula,
                            Arrays.stream(tensors).map(Tensor::toString).collect(Collectors.joining(", "))));
        }
    }
}
