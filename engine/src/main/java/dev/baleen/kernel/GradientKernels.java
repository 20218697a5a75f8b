package dev.baleen.kernel;

import dev.baleen.tensor.Tensor;

/// Arithmetic on tensors, backward. Every method adds to the gradients it is given: `dx += …`.
///
/// Names: `x` was an input, `dx` is the gradient of the loss with respect to it, `dout` that of the output. All
/// tensors are F32, or all F64 (scalar kernels only). The promises are those of [Kernels], so that a gradient does
/// not depend on how many threads computed it.
public interface GradientKernels {
    /// dx[T, K] += dout[T, N] · w[N, K].
    void matmulInput(Tensor dout, Tensor w, Tensor dx);

    /// dw[N, K] += dout[T, N]ᵀ · x[T, K].
    void matmulWeight(Tensor dout, Tensor x, Tensor dw);

    /// The two gradients of [Kernels#headMatmul] in the input: dx[:, h, :] += dout[:, h, :] · w[h].
    void headMatmulInput(Tensor dout, Tensor[] w, Tensor dx);

    /// dw[h] += dout[:, h, :]ᵀ · x[:, h, :].
    void headMatmulWeight(Tensor dout, Tensor x, Tensor[] dw);

    /// For [Kernels#headMatmulTransposed]: dx[:, h, :] += dout[:, h, :] · w[h]ᵀ. Its weight gradient is
    /// [#headMatmulWeight] with `x` and `dout` exchanged.
    void headMatmulTransposedInput(Tensor dout, Tensor[] w, Tensor dx);

    /// For [Kernels#groupedMatmul]: dx[rows of e] += dout[rows of e] · w[e].
    void groupedMatmulInput(Tensor dout, int[] offsets, Tensor[] w, Tensor dx);

    /// dw[e] += dout[rows of e]ᵀ · x[rows of e].
    void groupedMatmulWeight(Tensor dout, int[] offsets, Tensor x, Tensor[] dw);

    /// dx[rows[i]] += dout[i]: backward of [Kernels#gatherRows], and of [Kernels#embedding] with the tokens as
    /// rows.
    void scatterRows(Tensor dout, int[] rows, Tensor dx);

    /// Backward of [Kernels#rmsNorm]: with r = 1/sqrt(mean(x²) + epsilon) and g = weight · dout,
    /// dx += r · (g − x · r² · mean(g · x)), dweight += Σ_t dout · x · r.
    void rmsNorm(Tensor dout, Tensor x, Tensor weight, double epsilon, Tensor dx, Tensor dweight);

    /// Backward of the norm without a weight.
    void rmsNorm(Tensor dout, Tensor x, double epsilon, Tensor dx);

    /// Backward of [Kernels#layerNorm]: with y = (x − mean) · r, r = 1/sqrt(variance + epsilon) and g = weight ·
    /// dout, dx += r · (g − mean(g) − y · mean(g · y)), dweight += Σ_t dout · y, dbias += Σ_t dout.
    void layerNorm(Tensor dout, Tensor x, Tensor weight, double epsilon, Tensor dx, Tensor dweight, Tensor dbias);

    /// target += source.
    void accumulate(Tensor source, Tensor target);

    /// Backward of [Kernels#addBias] in the bias: dbias[D] += Σ_t dout[t, D].
    void biasSum(Tensor dout, Tensor dbias);

    /// Backward of [Kernels#swiGlu]: with s = sigmoid(gate), dup += dout · gate · s, dgate += dout · up · s ·
    /// (1 + gate · (1 − s)).
    void swiGlu(Tensor dout, Tensor gate, Tensor up, Tensor dgate, Tensor dup);

    /// Backward of the one with a limit: none goes through what was cut off.
    void swiGlu(Tensor dout, Tensor gate, Tensor up, double limit, Tensor dgate, Tensor dup);

    /// Backward of [Kernels#rope]: dx += dout turned by `rotation`, which the caller gives transposed.
    void rope(Tensor dout, Rotation rotation, int offset, Tensor dx);

    /// Backward of [Kernels#columns]: dx[..., from .. from + columns of dout] += dout.
    void columns(Tensor dout, int from, Tensor dx);

    /// Backward of [Kernels#concat]: da += the first columns of dout, db += the last, summed over heads where b
    /// had one.
    void concat(Tensor dout, Tensor da, Tensor db);

    /// Backward of [Kernels#attention], given its output `out`.
    void attention(
            Tensor dout,
            Tensor q,
            Tensor k,
            Tensor v,
            Tensor out,
            Span[] spans,
            double scale,
            Tensor dq,
            Tensor dk,
            Tensor dv);

    /// Backward of [Kernels#gate] and [Kernels#weigh] with respect to the logits, the choice of experts being
    /// constant: dlogits[T, E] += … dweights[T, k].
    void gate(Tensor dweights, Tensor logits, int[] experts, GateRule rule, Tensor dlogits);

    /// Backward of the sequence-wise balance loss `alpha · Σ_e f_e P_e` (DeepSeek-V3, arXiv 2412.19437, eq.
    /// 17–20), for each span its own, times `spanWeights[span]`: dlogits += …. f_e = E / (k · T) · the number
    /// of the span's tokens that chose e, P_e = mean over the span of s_e / Σ s.
    ///
    /// @return the loss, summed over the spans with their weights
    double balanceLoss(
            Tensor logits,
            int[] experts,
            GateRule rule,
            Span[] spans,
            double[] spanWeights,
            double alpha,
            Tensor dlogits);

    /// Backward of [Kernels#combine]: dy[rowOf(t, j)] += weights[t, j] · dout[t], dweights[t, j] += dout[t] ·
    /// y[rowOf(t, j)].
    void combine(Tensor dout, Tensor y, ExpertDispatch dispatch, Tensor weights, Tensor dy, Tensor dweights);

    /// Cross entropy and its backward: loss = Σ_t rowWeights[t] · −log softmax(logits[t])[targets[t]],
    /// dlogits[t] += rowWeights[t] · (softmax(logits[t]) − onehot(targets[t])). Rows of weight 0 are skipped.
    ///
    /// @return the loss
    double crossEntropy(Tensor logits, int[] targets, float[] rowWeights, Tensor dlogits);

    /// Back through several residual streams.
    HyperGradientKernels hyper();

    /// Back through attention to chosen rows.
    SparseGradientKernels sparse();
}
