package dev.baleen.kernel;

import dev.baleen.tensor.Tensor;
import java.util.Optional;

/// The vocabulary that models are written in: it allocates the outputs and calls [Kernels]. See there for formulas.
///
/// Two executors: [EagerOps] for inference, which forgets, and the tape of the trainer, which remembers how to go back.
/// [Tensor#reshape] and [Tensor#slice] are free and need no operation: gradients follow the memory.
public interface Ops {
    /// [T, D] rows of `table` [V, D].
    Tensor embedding(Tensor table, int[] tokens);

    /// [..., N] = x[..., K] · w[N, K]ᵀ.
    Tensor matmul(Tensor x, Tensor w);

    /// [T, H, N] from x[T, H, K] and H weights [N, K].
    Tensor headMatmul(Tensor x, Tensor[] w);

    /// [T, H, K] from x[T, H, N] and H weights [N, K].
    Tensor headMatmulTransposed(Tensor x, Tensor[] w);

    /// [R, N] from x[R, K], the rows lying by expert, and E weights [N, K].
    Tensor groupedMatmul(Tensor x, ExpertDispatch dispatch, Tensor[] w);

    /// [rows.length, D] from x[T, D].
    Tensor gatherRows(Tensor x, int[] rows);

    Tensor rmsNorm(Tensor x, Tensor weight, double epsilon);

    /// The norm without a weight.
    Tensor rmsNorm(Tensor x, double epsilon);

    Tensor layerNorm(Tensor x, Tensor weight, Tensor bias, double epsilon);

    Tensor add(Tensor a, Tensor b);

    /// x[..., D] with bias[D] added to every row.
    Tensor addBias(Tensor x, Tensor bias);

    Tensor swiGlu(Tensor gate, Tensor up);

    /// Of numbers cut off at `limit`.
    Tensor swiGlu(Tensor gate, Tensor up, double limit);

    /// x[T, H, D] with columns from `offset` turned.
    Tensor rope(Tensor x, Rotation rotation, int offset);

    /// Columns `from` to `to` (exclusive) of the last axis.
    Tensor columns(Tensor x, int from, int to);

    /// [T, H, A + B] from a[T, H, A] and b[T, H or 1, B].
    Tensor concat(Tensor a, Tensor b);

    /// Causal attention within the batch: [T, H, B].
    Tensor attention(Tensor q, Tensor k, Tensor v, Span[] spans, double scale);

    /// Writes the batch's rows into the cache.
    void store(Tensor rows, Span[] spans, Tensor cache);

    /// Causal attention over the cache: [T, H, value width].
    Tensor cachedAttention(Tensor q, Tensor cache, CachedHeads heads, Span[] spans, double scale);

    /// For each query q[T, J, A] with weights[T, J], the rows of the `most` entries whose `keys` score best. The
    /// choice has no gradient.
    Selection topRows(Tensor q, Tensor weights, Tensor keys, Entries entries, int most, Ties ties);

    /// Attention over chosen rows of the sources, which lie end to end: [T, H, valueWidth].
    Tensor selectedAttention(
            Tensor q, Tensor[] sources, Selection selection, Optional<Tensor> sinks, int valueWidth, double scale);

    /// Writes rows to the `targets` of a cache.
    void storeRows(Tensor rows, int[] targets, Tensor cache);

    /// [recent rows, W]: for each span its past rows from `memory`, which then holds the last ones, and its own of
    /// rows[T, W].
    Tensor recall(Tensor rows, RecentRows recent, Tensor memory);

    /// [windows, A]: each window's rows pooled into one.
    Tensor pool(Tensor values, Tensor gates, Tensor bias, Windows windows);

    /// The weights of hyper-connections from mixing logits: [T, M].
    Tensor hyperWeights(Tensor mix, Tensor scale, Tensor base, HyperRule rule);

    /// [T, D]: a layer's input from streams[T, N, D].
    Tensor collapse(Tensor streams, Tensor weights);

    /// [T, N, D]: the streams after a layer that gave y[T, D].
    Tensor spread(Tensor y, Tensor streams, Tensor weights);

    Gating gate(Tensor logits, Tensor bias, GateRule rule, Span[] spans);

    /// The weights of experts (T·k) that were chosen otherwise.
    Gating weigh(Tensor logits, int[] experts, GateRule rule);

    /// [T, D] from the experts' outputs y[T·k, D].
    Tensor combine(Tensor y, ExpertDispatch dispatch, Tensor weights);

    /// The experts that have rows in `dispatch` will be multiplied with soon: where their weights lie on the disk,
    /// it may begin to read them. Changes no result.
    default void expect(ExpertDispatch dispatch, Tensor[] w) {}

    /// Where results lie from now on, for [#release].
    default long mark() {
        return 0;
    }

    /// `result`, from now on the only one of all results since `mark` that may be used, and under no other name
    /// than the one returned. Inference gives the memory of the others to what comes next, so that a step takes as
    /// much as its largest layer and not as all of them; whoever has to go back keeps everything.
    default Tensor release(long mark, Tensor result) {
        return result;
    }
}
