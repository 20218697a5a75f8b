package dev.baleen.kernel;

import dev.baleen.dtype.DType;
import dev.baleen.tensor.Shape;
import dev.baleen.tensor.Tensor;
import dev.baleen.tensor.Workspace;
import java.util.Optional;

/// Inference: results come from a workspace, and nothing is remembered.
///
/// Activations are F64 where the embedding table is, else F32.
public final class EagerOps implements Ops {
    private final Kernels kernels;
    private final Workspace workspace;
    private final Prefetch prefetch;
    private final int comparedPositions;

    public EagerOps(Kernels kernels, Workspace workspace) {
        this(kernels, workspace, Prefetch.NONE);
    }

    /// @param prefetch for weights that do not all fit in memory
    public EagerOps(Kernels kernels, Workspace workspace, Prefetch prefetch) {
        this(kernels, workspace, prefetch, -1);
    }

    private EagerOps(Kernels kernels, Workspace workspace, Prefetch prefetch, int comparedPositions) {
        this.kernels = kernels;
        this.workspace = workspace;
        this.prefetch = prefetch;
        this.comparedPositions = comparedPositions;
    }

    /// The same, but [Ties#PARTITION] is followed: as by a reference that computes `positions` positions at once,
    /// or a step's if that has more.
    public EagerOps comparedWith(int positions) {
        return new EagerOps(kernels, workspace, prefetch, positions);
    }

    @Override
    public Tensor embedding(Tensor table, int[] tokens) {
        DType type = table.type() == DType.F64 ? DType.F64 : DType.F32;
        Tensor out = workspace.allocate(type, Shape.of(tokens.length, table.columns()));
        kernels.embedding(table, tokens, out);
        return out;
    }

    @Override
    public Tensor matmul(Tensor x, Tensor w) {
        Tensor out = allocate(x, withLast(x, w.rows()));
        kernels.matmul(x, w, out);
        return out;
    }

    @Override
    public Tensor headMatmul(Tensor x, Tensor[] w) {
        Tensor out = allocate(x, withLast(x, w[0].rows()));
        kernels.headMatmul(x, w, out);
        return out;
    }

    @Override
    public Tensor headMatmulTransposed(Tensor x, Tensor[] w) {
        Tensor out = allocate(x, withLast(x, w[0].columns()));
        kernels.headMatmulTransposed(x, w, out);
        return out;
    }

    @Override
    public Tensor groupedMatmul(Tensor x, ExpertDispatch dispatch, Tensor[] w) {
        Tensor out = allocate(x, withLast(x, w[0].rows()));
        kernels.groupedMatmul(x, dispatch.offsets(), w, out);
        return out;
    }

    @Override
    public Tensor gatherRows(Tensor x, int[] rows) {
        Tensor out = allocate(x, Shape.of(rows.length, x.columns()));
        kernels.gatherRows(x, rows, out);
        return out;
    }

    @Override
    public Tensor rmsNorm(Tensor x, Tensor weight, double epsilon) {
        Tensor out = allocate(x, x.shape());
        kernels.rmsNorm(x, weight, epsilon, out);
        return out;
    }

    @Override
    public Tensor rmsNorm(Tensor x, double epsilon) {
        Tensor out = allocate(x, x.shape());
        kernels.rmsNorm(x, epsilon, out);
        return out;
    }

    @Override
    public Tensor layerNorm(Tensor x, Tensor weight, Tensor bias, double epsilon) {
        Tensor out = allocate(x, x.shape());
        kernels.layerNorm(x, weight, bias, epsilon, out);
        return out;
    }

    @Override
    public Tensor add(Tensor a, Tensor b) {
        Tensor out = allocate(a, a.shape());
        kernels.add(a, b, out);
        return out;
    }

    @Override
    public Tensor addBias(Tensor x, Tensor bias) {
        Tensor out = allocate(x, x.shape());
        kernels.addBias(x, bias, out);
        return out;
    }

    @Override
    public Tensor swiGlu(Tensor gate, Tensor up) {
        Tensor out = allocate(gate, gate.shape());
        kernels.swiGlu(gate, up, out);
        return out;
    }

    @Override
    public Tensor swiGlu(Tensor gate, Tensor up, double limit) {
        Tensor out = allocate(gate, gate.shape());
        kernels.swiGlu(gate, up, limit, out);
        return out;
    }

    @Override
    public Tensor rope(Tensor x, Rotation rotation, int offset) {
        Tensor out = allocate(x, x.shape());
        kernels.rope(x, rotation, offset, out);
        return out;
    }

    @Override
    public Tensor columns(Tensor x, int from, int to) {
        Tensor out = allocate(x, withLast(x, to - from));
        kernels.columns(x, from, out);
        return out;
    }

    @Override
    public Tensor concat(Tensor a, Tensor b) {
        Tensor out = allocate(a, withLast(a, a.columns() + b.columns()));
        kernels.concat(a, b, out);
        return out;
    }

    @Override
    public Tensor attention(Tensor q, Tensor k, Tensor v, Span[] spans, double scale) {
        Tensor out = allocate(q, withLast(q, v.columns()));
        kernels.attention(q, k, v, spans, scale, out);
        return out;
    }

    @Override
    public void store(Tensor rows, Span[] spans, Tensor cache) {
        kernels.store(rows, spans, cache);
    }

    @Override
    public Tensor cachedAttention(Tensor q, Tensor cache, CachedHeads heads, Span[] spans, double scale) {
        Tensor out = allocate(q, withLast(q, heads.valueWidth()));
        kernels.cachedAttention(q, cache, heads, spans, scale, out);
        return out;
    }

    @Override
    public Selection topRows(Tensor q, Tensor weights, Tensor keys, Entries entries, int most, Ties ties) {
        Selection selection = Selection.room(entries, most);
        Ties kept = ties == Ties.PARTITION && comparedPositions < 0 ? Ties.EARLIER : ties;
        kernels.sparse().topRows(q, weights, keys, entries, kept, comparedPositions, selection);
        return selection;
    }

    @Override
    public Tensor selectedAttention(
            Tensor q, Tensor[] sources, Selection selection, Optional<Tensor> sinks, int valueWidth, double scale) {
        Tensor out = allocate(q, withLast(q, valueWidth));
        kernels.sparse().selectedAttention(q, sources, selection, sinks, scale, out);
        return out;
    }

    @Override
    public void storeRows(Tensor rows, int[] targets, Tensor cache) {
        kernels.sparse().storeRows(rows, targets, cache);
    }

    @Override
    public Tensor recall(Tensor rows, RecentRows recent, Tensor memory) {
        Tensor out = allocate(rows, Shape.of(recent.rows(), rows.columns()));
        kernels.sparse().recall(rows, recent, memory, out);
        return out;
    }

    @Override
    public Tensor pool(Tensor values, Tensor gates, Tensor bias, Windows windows) {
        Tensor out = allocate(values, Shape.of(windows.count(), values.columns() / windows.parts()));
        kernels.sparse().pool(values, gates, bias, windows, out);
        return out;
    }

    @Override
    public Tensor hyperWeights(Tensor mix, Tensor scale, Tensor base, HyperRule rule) {
        Tensor out = allocate(mix, mix.shape());
        kernels.hyper().weights(mix, scale, base, rule, out);
        return out;
    }

    @Override
    public Tensor collapse(Tensor streams, Tensor weights) {
        Tensor out = allocate(streams, Shape.of(streams.axis(0), streams.columns()));
        kernels.hyper().collapse(streams, weights, out);
        return out;
    }

    @Override
    public Tensor spread(Tensor y, Tensor streams, Tensor weights) {
        Tensor out = allocate(y, streams.shape());
        kernels.hyper().spread(y, streams, weights, out);
        return out;
    }

    @Override
    public Gating weigh(Tensor logits, int[] experts, GateRule rule) {
        Tensor weights = allocate(logits, Shape.of(logits.rows(), rule.chosen()));
        kernels.weigh(logits, experts, rule, weights);
        return new Gating(experts, weights);
    }

    @Override
    public Gating gate(Tensor logits, Tensor bias, GateRule rule, Span[] spans) {
        int[] experts = new int[logits.rows() * rule.chosen()];
        Tensor weights = allocate(logits, Shape.of(logits.rows(), rule.chosen()));
        kernels.gate(logits, bias, rule, experts, weights);
        return new Gating(experts, weights);
    }

    @Override
    public Tensor combine(Tensor y, ExpertDispatch dispatch, Tensor weights) {
        Tensor out = allocate(y, Shape.of(weights.rows(), y.columns()));
        kernels.combine(y, dispatch, weights, out);
        return out;
    }

    @Override
    public void expect(ExpertDispatch dispatch, Tensor[] w) {
        prefetch.experts(dispatch, w);
    }

    @Override
    public long mark() {
        return workspace.mark();
    }

    @Override
    public Tensor release(long mark, Tensor result) {
        return workspace.release(mark, result);
    }

    private Tensor allocate(Tensor like, Shape shape) {
        return workspace.allocate(like.type(), shape);
    }

    private static Shape withLast(Tensor x, long columns) {
        long[] lengths = new long[x.shape().axes()];
        for (int i = 0; i < lengths.length - 1; i++) {
            lengths[i] = x.shape().axis(i);
        }
        lengths[lengths.length - 1] = columns;
        return Shape.of(lengths);
    }
}
