package dev.baleen.kernel;

import dev.baleen.tensor.Tensor;
import java.util.Optional;

/// The part of [Kernels] that attends to chosen rows instead of to all. The promises are the same.
public interface SparseKernels {
    /// Chooses for each query the entries with the best scores among those that it sees, equal ones by `ties`:
    /// I[t, s] = Σ_j weights[t, j] · max(0, q[t, j] · keys[s]) (DeepSeek-V3.2, arXiv 2512.02556, eq. 1).
    ///
    /// [Ties#PARTITION] takes as many entries as `positions` positions have, or a query's whole span if that has
    /// more.
    ///
    /// Writes rows of `keys` to the room in `selection`, in the order of the entries; a query that sees no more
    /// entries than it has room for gets all of them. q[T, J, A], weights[T, J], keys[..., A] of any plain type.
    void topRows(Tensor q, Tensor weights, Tensor keys, Entries entries, Ties ties, int positions, Selection selection);

    /// Attention of each query over its own selection of rows, all heads sharing keys and values: a row is the key,
    /// and its first B columns are the value.
    ///
    /// out[t, h] = Σ_s p_s · row_s[0 .. B] with p = softmax over s of scale · q[t, h] · row_s, where the
    /// denominator has one more term exp(sinks[h]) if there are sinks (a logit that takes weight and gives
    /// nothing). q[T, H, A], sources[..., A] of any plain types, their rows numbered end to end, sinks[H], out[T,
    /// H, B].
    void selectedAttention(
            Tensor q, Tensor[] sources, Selection selection, Optional<Tensor> sinks, double scale, Tensor out);

    /// Writes rows[R, W] to rows `targets` of a cache [..., W] of type F32, F16, BF16 or F64.
    void storeRows(Tensor rows, int[] targets, Tensor cache);

    /// The recent rows: for each span its past rows from its place in `memory`, then its rows of the batch;
    /// afterwards `memory` holds the last ones. rows[T, W], memory[sequences, positions, W] of the same type, where
    /// position p lies at `p mod positions`, out[recent.rows(), W].
    void recall(Tensor rows, RecentRows recent, Tensor memory, Tensor out);

    /// Pools each window's rows into one, every column by itself (DeepSeek-V4's compressed entries): out[e] = Σ_j
    /// softmax_j(gates[j] + bias[j mod ratio]) · values[j], over the rows j of the window.
    ///
    /// values[R, parts · A], gates[R, parts · A], bias[ratio, parts · A], out[windows, A]. Where windows overlap,
    /// the first A columns belong to the window that comes after a row, the last A to its own.
    void pool(Tensor values, Tensor gates, Tensor bias, Windows windows, Tensor out);
}
