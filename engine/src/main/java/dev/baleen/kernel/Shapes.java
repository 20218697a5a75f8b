package dev.baleen.kernel;

import dev.baleen.dtype.DType;
import dev.baleen.tensor.Tensor;

/// The checks at the head of every kernel: afterwards the loops trust their indexes.
final class Shapes {
    private Shapes() {}

    static void require(boolean holds, String kernel, Tensor... tensors) {
        if (!holds) {
            StringBuilder message = new StringBuilder(kernel + ": these do not fit together:");
            for (Tensor tensor : tensors) {
                message.append(' ').append(tensor).append(',');
            }
            message.setLength(message.length() - 1);
            throw new IllegalArgumentException(message.toString());
        }
    }

    /// All activations of one type, F32 or F64.
    static void requireActivations(String kernel, Tensor first, Tensor... others) {
        if (first.type() != DType.F32 && first.type() != DType.F64) {
            throw new IllegalArgumentException(
                    "%s: activations are F32 or F64, not %s".formatted(kernel, first.type()));
        }
        for (Tensor other : others) {
            if (other.type() != first.type()) {
                throw new IllegalArgumentException(
                        "%s: activations of two types, %s and %s".formatted(kernel, first, other));
            }
        }
    }

    static void requireIndex(int index, int length, String kernel, String what) {
        if (index < 0 || index >= length) {
            throw new IllegalArgumentException("%s: %s %d is outside 0..%d".formatted(kernel, what, index, length - 1));
        }
    }

    static void matmul(Tensor x, Tensor w, Tensor out) {
        requireActivations("matmul", x, out);
        require(
                x.columns() == w.columns() && out.columns() == w.rows() && x.rows() == out.rows(),
                "matmul out[T, N] = x[T, K] · w[N, K]ᵀ",
                x,
                w,
                out);
    }

    static void matmulTransposed(Tensor x, Tensor w, Tensor out) {
        requireActivations("matmulTransposed", x, out);
        require(
                x.columns() == w.rows() && out.columns() == w.columns() && x.rows() == out.rows(),
                "matmulTransposed out[T, K] = x[T, N] · w[N, K]",
                x,
                w,
                out);
    }

    static void headMatmul(Tensor x, Tensor[] w, Tensor out) {
        requireActivations("headMatmul", x, out);
        require(heads(x, w, out), "headMatmul out[T, H, N] for " + w.length + " heads", x, out);
        for (Tensor head : w) {
            require(
                    head.type() == w[0].type() && x.columns() == head.columns() && out.columns() == head.rows(),
                    "headMatmul out[T, H, N] = x[T, H, K] · w[h][N, K]ᵀ",
                    x,
                    head,
                    out);
        }
    }

    static void headMatmulTransposed(Tensor x, Tensor[] w, Tensor out) {
        requireActivations("headMatmulTransposed", x, out);
        require(heads(x, w, out), "headMatmulTransposed out[T, H, K] for " + w.length + " heads", x, out);
        for (Tensor head : w) {
            require(
                    head.type() == w[0].type() && x.columns() == head.rows() && out.columns() == head.columns(),
                    "headMatmulTransposed out[T, H, K] = x[T, H, N] · w[h][N, K]",
                    x,
                    head,
                    out);
        }
    }

    private static boolean heads(Tensor x, Tensor[] w, Tensor out) {
        return w.length > 0
                && x.shape().axes() == 3
                && out.shape().axes() == 3
                && x.axis(1) == w.length
                && out.axis(1) == w.length
                && x.axis(0) == out.axis(0);
    }

    static void groupedMatmul(Tensor x, int[] offsets, Tensor[] w, Tensor out) {
        requireActivations("groupedMatmul", x, out);
        require(
                offsets.length == w.length + 1
                        && w.length > 0
                        && offsets[0] == 0
                        && offsets[w.length] == x.rows()
                        && x.rows() == out.rows(),
                "groupedMatmul with %d offsets for %d experts".formatted(offsets.length, w.length),
                x,
                out);
        for (int e = 0; e < w.length; e++) {
            require(
                    offsets[e] <= offsets[e + 1] && x.columns() == w[e].columns() && out.columns() == w[e].rows(),
                    "groupedMatmul out[R, N] = x[R, K] · w[e][N, K]ᵀ, expert " + e,
                    x,
                    w[e],
                    out);
        }
    }

    static void embedding(Tensor table, int[] tokens, Tensor out) {
        requireActivations("embedding", out);
        require(
                out.rows() == tokens.length && out.columns() == table.columns(),
                "embedding of " + tokens.length + " tokens",
                table,
                out);
        for (int token : tokens) {
            requireIndex(token, table.rows(), "embedding", "token");
        }
    }

    static void gatherRows(Tensor x, int[] rows, Tensor out) {
        requireActivations("gatherRows", x, out);
        require(
                out.rows() == rows.length && out.columns() == x.columns(),
                "gatherRows of " + rows.length + " rows",
                x,
                out);
        for (int row : rows) {
            requireIndex(row, x.rows(), "gatherRows", "row");
        }
    }

    static void rmsNorm(Tensor x, Tensor weight, Tensor out) {
        requireActivations("rmsNorm", x, out);
        require(
                weight.elements() == x.columns() && x.elements() == out.elements() && x.columns() == out.columns(),
                "rmsNorm",
                x,
                weight,
                out);
    }

    static void addBias(Tensor x, Tensor bias, Tensor out) {
        requireActivations("addBias", x, bias, out);
        require(
                bias.elements() == x.columns() && x.elements() == out.elements() && x.columns() == out.columns(),
                "addBias",
                x,
                bias,
                out);
    }

    static void layerNorm(Tensor x, Tensor weight, Tensor bias, Tensor out) {
        requireActivations("layerNorm", x, weight, bias, out);
        require(
                weight.elements() == x.columns()
                        && bias.elements() == x.columns()
                        && x.elements() == out.elements()
                        && x.columns() == out.columns(),
                "layerNorm",
                x,
                weight,
                bias,
                out);
    }

    static void same(String kernel, Tensor first, Tensor... others) {
        requireActivations(kernel, first, others);
        for (Tensor other : others) {
            require(first.elements() == other.elements(), kernel, first, other);
        }
    }

    static void rope(Tensor x, Rotation rotation, int offset, Tensor out) {
        requireActivations("rope", x, out);
        require(
                x.shape().axes() == 3
                        && x.shape().equals(out.shape())
                        && offset >= 0
                        && offset + 2 * rotation.pairs() <= x.columns()
                        && rotation.cosines().length == x.axis(0) * rotation.pairs()
                        && rotation.sines().length == rotation.cosines().length,
                "rope of x[T, H, D] from column %d by %d angles in %d pairs"
                        .formatted(offset, rotation.cosines().length, rotation.pairs()),
                x,
                out);
    }

    static void columns(Tensor x, int from, Tensor out) {
        requireActivations("columns", x, out);
        require(
                x.rows() == out.rows() && from >= 0 && from + out.columns() <= x.columns(),
                "columns from " + from,
                x,
                out);
    }

    static void concat(Tensor a, Tensor b, Tensor out) {
        requireActivations("concat", a, b, out);
        require(
                a.shape().axes() == 3
                        && b.shape().axes() == 3
                        && out.shape().axes() == 3
                        && a.axis(0) == out.axis(0)
                        && b.axis(0) == out.axis(0)
                        && a.axis(1) == out.axis(1)
                        && (b.axis(1) == a.axis(1) || b.axis(1) == 1)
                        && a.columns() + b.columns() == out.columns(),
                "concat out[T, H, A + B] = a[T, H, A], b[T, H or 1, B]",
                a,
                b,
                out);
    }

    static void attention(Tensor q, Tensor k, Tensor v, Span[] spans, Tensor out) {
        requireActivations("attention", q, k, v, out);
        require(
                q.shape().axes() == 3
                        && k.shape().axes() == 3
                        && v.shape().axes() == 3
                        && out.shape().axes() == 3
                        && k.axis(0) == q.axis(0)
                        && v.axis(0) == q.axis(0)
                        && out.axis(0) == q.axis(0)
                        && v.axis(1) == k.axis(1)
                        && q.axis(1) % k.axis(1) == 0
                        && out.axis(1) == q.axis(1)
                        && q.columns() == k.columns()
                        && v.columns() == out.columns(),
                "attention q[T, H, A], k[T, G, A], v[T, G, B], out[T, H, B]",
                q,
                k,
                v,
                out);
        spans("attention", spans, q.axis(0));
        for (Span span : spans) {
            if (span.position() != 0) {
                throw new IllegalArgumentException(
                        "attention: %s does not begin at position 0; use the cache for later rows".formatted(span));
            }
        }
    }

    static void store(Tensor rows, Span[] spans, Tensor cache) {
        requireActivations("store", rows);
        require(
                cache.shape().axes() == 3 && rows.columns() == cache.columns(),
                "store into [pages, P, W]",
                rows,
                cache);
        spans("store", spans, rows.rows());
        pages("store", spans, cache);
    }

    static void cachedAttention(Tensor q, Tensor cache, CachedHeads heads, Span[] spans, Tensor out) {
        requireActivations("cachedAttention", q, out);
        require(
                q.shape().axes() == 3
                        && out.shape().axes() == 3
                        && cache.shape().axes() == 3
                        && out.axis(0) == q.axis(0)
                        && out.axis(1) == q.axis(1)
                        && q.axis(1) % heads.count() == 0
                        && q.columns() == heads.keyWidth()
                        && out.columns() == heads.valueWidth()
                        && heads.keyOffset() + heads.count() * heads.keyWidth() <= cache.columns()
                        && heads.valueOffset() + heads.count() * heads.valueWidth() <= cache.columns(),
                "cachedAttention q[T, H, A], cache[pages, P, W], out[T, H, B] with " + heads,
                q,
                cache,
                out);
        spans("cachedAttention", spans, q.axis(0));
        pages("cachedAttention", spans, cache);
    }

    private static void spans(String kernel, Span[] spans, int rows) {
        for (Span span : spans) {
            if (span.firstRow() + span.rows() > rows) {
                throw new IllegalArgumentException("%s: %s reaches past the %d rows".formatted(kernel, span, rows));
            }
        }
    }

    private static void pages(String kernel, Span[] spans, Tensor cache) {
        if (cache.type().blockElements() != 1) {
            throw new IllegalArgumentException(kernel + ": a cache is of F32, F16, BF16 or F64, not " + cache.type());
        }
        for (Span span : spans) {
            int needed = Math.ceilDiv(span.end(), cache.axis(1));
            if (span.pages().length < needed) {
                throw new IllegalArgumentException("%s: %d positions need %d pages of %d, but the span has %d"
                        .formatted(kernel, span.end(), needed, cache.axis(1), span.pages().length));
            }
            for (int i = 0; i < needed; i++) {
                requireIndex(span.pages()[i], cache.axis(0), kernel, "page");
            }
        }
    }

    static void gate(Tensor logits, Tensor bias, GateRule rule, int[] experts, Tensor weights) {
        requireActivations("gate", logits, weights);
        int count = logits.columns();
        require(
                bias.elements() == count
                        && weights.rows() == logits.rows()
                        && weights.columns() == rule.chosen()
                        && experts.length == logits.rows() * rule.chosen()
                        && rule.fits(count),
                "gate by " + rule,
                logits,
                bias,
                weights);
    }

    static void weigh(Tensor logits, int[] experts, GateRule rule, Tensor weights) {
        requireActivations("weigh", logits, weights);
        require(
                weights.rows() == logits.rows()
                        && weights.columns() == rule.chosen()
                        && experts.length == logits.rows() * rule.chosen(),
                "weigh " + experts.length + " choices by " + rule,
                logits,
                weights);
        for (int expert : experts) {
            requireIndex(expert, logits.columns(), "weigh", "expert");
        }
    }

    static void combine(Tensor y, ExpertDispatch dispatch, Tensor weights, Tensor out) {
        requireActivations("combine", y, weights, out);
        require(
                weights.columns() == dispatch.chosen()
                        && weights.elements() == y.rows()
                        && dispatch.rowOf().length == y.rows()
                        && out.rows() == weights.rows()
                        && out.columns() == y.columns(),
                "combine of " + dispatch.chosen() + " choices",
                y,
                weights,
                out);
        for (int row : dispatch.rowOf()) {
            requireIndex(row, y.rows(), "combine", "row");
        }
    }
}
