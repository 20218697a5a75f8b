package dev.baleen.kernel;

import dev.baleen.tensor.Tensor;

/// Arithmetic on tensors, forward. Writes into tensors it is given; never allocates results.
///
/// Shapes: T rows of a batch, K and N columns, H heads, E experts. Activations are F32, or F64 throughout (scalar
/// kernels only); weights `w` of the matrix products and the embedding table may be of any type. Outputs never
/// overlap inputs, but where a method says so. Arguments are checked once at the head of each method: an
/// [IllegalArgumentException] names the shapes.
///
/// Every implementation promises the same bits for the same row, whatever
/// - the number of threads: work is split by output rows or columns, never along a sum;
/// - the other rows of the batch: one token alone gives what it gives among a thousand;
/// - the width of the processor's vectors: sums over columns keep sixteen partial sums (element `i` goes to sum `i
///   mod 16`) that are added in a fixed tree, and an F32 matrix product is one chain of fused multiply-adds over k
///   for each output, in rising k, starting at zero.
///
/// [ScalarKernels] is the specification. It computes each result in double precision and rounds once, so others are
/// held to it within a tolerance, and to themselves bit for bit.
public interface Kernels {
    /// One line for people: which kernels these are, how many threads, and why not faster ones.
    String description();

    /// out[T, N] = x[T, K] · w[N, K]ᵀ.
    void matmul(Tensor x, Tensor w, Tensor out);

    /// out[T, K] = x[T, N] · w[N, K].
    void matmulTransposed(Tensor x, Tensor w, Tensor out);

    /// For each head h: out[:, h, :] = x[:, h, :] · w[h]ᵀ, with x[T, H, K], w[h][N, K], out[T, H, N].
    void headMatmul(Tensor x, Tensor[] w, Tensor out);

    /// For each head h: out[:, h, :] = x[:, h, :] · w[h], with x[T, H, N], w[h][N, K], out[T, H, K].
    void headMatmulTransposed(Tensor x, Tensor[] w, Tensor out);

    /// For each expert e: out[rows of e] = x[rows of e] · w[e]ᵀ, with x[R, K], w[e][N, K], out[R, N] and the
    /// rows of e as `offsets[e] .. offsets[e + 1]`.
    void groupedMatmul(Tensor x, int[] offsets, Tensor[] w, Tensor out);

    /// out[t] = table[tokens[t]], with table[V, D], out[T, D].
    void embedding(Tensor table, int[] tokens, Tensor out);

    /// out[i] = x[rows[i]], with x[T, D], out[rows.length, D].
    void gatherRows(Tensor x, int[] rows, Tensor out);

    /// out = x · weight / sqrt(mean(x²) + epsilon) over the last axis (arXiv 1910.07467); weight[D].
    void rmsNorm(Tensor x, Tensor weight, double epsilon, Tensor out);

    /// out = x / sqrt(mean(x²) + epsilon) over the last axis: the norm without a weight.
    void rmsNorm(Tensor x, double epsilon, Tensor out);

    /// out = (x − mean(x)) / sqrt(variance(x) + epsilon) · weight + bias over the last axis (arXiv 1607.06450);
    /// weight[D] and bias[D] of the activations' type or F32.
    void layerNorm(Tensor x, Tensor weight, Tensor bias, double epsilon, Tensor out);

    /// out = a + b; `out` may be `a` or `b`.
    void add(Tensor a, Tensor b, Tensor out);

    /// out[..., D] = x[..., D] + bias[D]; `out` may be `x`.
    void addBias(Tensor x, Tensor bias, Tensor out);

    /// out = gate · sigmoid(gate) · up (arXiv 2002.05202).
    void swiGlu(Tensor gate, Tensor up, Tensor out);

    /// As [#swiGlu], of a gate of at most `limit` and an up of at most `limit` either way (DeepSeek-V4).
    void swiGlu(Tensor gate, Tensor up, double limit, Tensor out);

    /// Turns columns `offset .. offset + 2·pairs` of each head by its row's angles and copies the others: x[T, H,
    /// D].
    void rope(Tensor x, Rotation rotation, int offset, Tensor out);

    /// out[..., :] = x[..., from .. from + columns of out].
    void columns(Tensor x, int from, Tensor out);

    /// out[T, H, A + B] = a[T, H, A] beside b[T, H or 1, B]; one b is repeated for every head.
    void concat(Tensor a, Tensor b, Tensor out);

    /// Causal attention within each span, the keys being rows of the same batch; spans begin at position 0.
    ///
    /// out[t, h] = Σ_s softmax_s(scale · q[t, h] · k[s, g]) v[s, g], over the rows s ≤ t of t's span, with q[T,
    /// H, A], k[T, G, A], v[T, G, B], out[T, H, B], g = h / (H / G).
    void attention(Tensor q, Tensor k, Tensor v, Span[] spans, double scale, Tensor out);

    /// Writes row i of each span into the cache at position `span.position() + i`: rows[T, W], cache[pages, P,
    /// W] of type F32, F16, BF16 or F64, with P positions to a page.
    void store(Tensor rows, Span[] spans, Tensor cache);

    /// Causal attention of each span over its own pages, which already hold the span's own rows.
    ///
    /// As [#attention], with q[T, H, A], cache[pages, P, W], and keys and values where `heads` says.
    void cachedAttention(Tensor q, Tensor cache, CachedHeads heads, Span[] spans, double scale, Tensor out);

    /// Chooses experts by `rule`: logits[T, E], bias[E] (zeros for none), experts (T·k, out), weights[T, k] (out).
    void gate(Tensor logits, Tensor bias, GateRule rule, int[] experts, Tensor weights);

    /// The weights that `rule` gives to experts that were chosen otherwise: logits[T, E], experts (T·k), weights[T,
    /// k] (out).
    void weigh(Tensor logits, int[] experts, GateRule rule, Tensor weights);

    /// out[t] = Σ_j weights[t, j] · y[rowOf(t, j)], in the order of j: y[T·k, D], weights[T, k], out[T, D].
    void combine(Tensor y, ExpertDispatch dispatch, Tensor weights, Tensor out);

    /// Several residual streams.
    HyperKernels hyper();

    /// Attention to chosen rows.
    SparseKernels sparse();
}
