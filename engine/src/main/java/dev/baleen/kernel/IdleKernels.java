package dev.baleen.kernel;

import dev.baleen.tensor.Tensor;
import java.util.Optional;

/// Kernels that compute nothing: with them a forward pass only allocates, which tells how much memory it needs. They
/// touch no memory, so that tensors may be imaginary.
public final class IdleKernels implements Kernels {
    @Override
    public String description() {
        return "no kernels: nothing is computed";
    }

    @Override
    public void matmul(Tensor x, Tensor w, Tensor out) {}

    @Override
    public void matmulTransposed(Tensor x, Tensor w, Tensor out) {}

    @Override
    public void headMatmul(Tensor x, Tensor[] w, Tensor out) {}

    @Override
    public void headMatmulTransposed(Tensor x, Tensor[] w, Tensor out) {}

    @Override
    public void groupedMatmul(Tensor x, int[] offsets, Tensor[] w, Tensor out) {}

    @Override
    public void embedding(Tensor table, int[] tokens, Tensor out) {}

    @Override
    public void gatherRows(Tensor x, int[] rows, Tensor out) {}

    @Override
    public void rmsNorm(Tensor x, Tensor weight, double epsilon, Tensor out) {}

    @Override
    public void add(Tensor a, Tensor b, Tensor out) {}

    @Override
    public void addBias(Tensor x, Tensor bias, Tensor out) {}

    @Override
    public void swiGlu(Tensor gate, Tensor up, Tensor out) {}

    @Override
    public void rope(Tensor x, Rotation rotation, int offset, Tensor out) {}

    @Override
    public void columns(Tensor x, int from, Tensor out) {}

    @Override
    public void concat(Tensor a, Tensor b, Tensor out) {}

    @Override
    public void attention(Tensor q, Tensor k, Tensor v, Span[] spans, double scale, Tensor out) {}

    @Override
    public void store(Tensor rows, Span[] spans, Tensor cache) {}

    @Override
    public void cachedAttention(Tensor q, Tensor cache, CachedHeads heads, Span[] spans, double scale, Tensor out) {}

    @Override
    public void gate(Tensor logits, Tensor bias, GateRule rule, int[] experts, Tensor weights) {
        for (int i = 0; i < experts.length; i++) {
            experts[i] = i % rule.chosen(); // As many as any token chooses, so that what counts them counts right.
        }
    }

    @Override
    public void combine(Tensor y, ExpertDispatch dispatch, Tensor weights, Tensor out) {}

    @Override
    public void layerNorm(Tensor x, Tensor weight, Tensor bias, double epsilon, Tensor out) {}

    @Override
    public void rmsNorm(Tensor x, double epsilon, Tensor out) {}

    @Override
    public void swiGlu(Tensor gate, Tensor up, double limit, Tensor out) {}

    @Override
    public void weigh(Tensor logits, int[] experts, GateRule rule, Tensor weights) {}

    @Override
    public HyperKernels hyper() {
        return HYPER;
    }

    private static final HyperKernels HYPER = new HyperKernels() {
        @Override
        public void weights(Tensor mix, Tensor scale, Tensor base, HyperRule rule, Tensor out) {}

        @Override
        public void collapse(Tensor streams, Tensor weights, Tensor out) {}

        @Override
        public void spread(Tensor y, Tensor streams, Tensor weights, Tensor out) {}
    };

    @Override
    public SparseKernels sparse() {
        return SPARSE;
    }

    private static final SparseKernels SPARSE = new SparseKernels() {
        @Override
        public void topRows(
                Tensor q,
                Tensor weights,
                Tensor keys,
                Entries entries,
                Ties ties,
                int positions,
                Selection selection) {}

        @Override
        public void selectedAttention(
                Tensor q, Tensor[] sources, Selection selection, Optional<Tensor> sinks, double scale, Tensor out) {}

        @Override
        public void storeRows(Tensor rows, int[] targets, Tensor cache) {}

        @Override
        public void recall(Tensor rows, RecentRows recent, Tensor memory, Tensor out) {}

        @Override
        public void pool(Tensor values, Tensor gates, Tensor bias, Windows windows, Tensor out) {}
    };
}
