package dev.baleen.kernel;

import dev.baleen.tensor.Tensor;
import java.util.Arrays;
import java.util.Optional;

/// Counts what a forward pass takes while another [Ops] computes it: floating-point operations and bytes read.
///
/// Operations of matrix products and attention only, a multiply-add as two: what is customary, and nearly all there is;
/// going back takes twice as many. Bytes are those that have to come from memory once a step however well it is
/// computed: each weight once a product, of an expert's only where it has rows, and of the cache what the rows see.
public final class OperationCounter implements Ops {
    private final Ops computes;
    private double operations;
    private long weightBytes;
    private long expertBytes;
    private long cacheBytes;

    public OperationCounter(Ops computes) {
        this.computes = computes;
    }

    /// Operations of the forward passes so far.
    public double operations() {
        return operations;
    }

    /// Bytes of weights that they read.
    public long weightBytes() {
        return weightBytes;
    }

    /// Bytes of these that belong to experts which a gate chose.
    public long expertBytes() {
        return expertBytes;
    }

    /// Bytes of the key-value cache that they read.
    public long cacheBytes() {
        return cacheBytes;
    }

    @Override
    public Tensor embedding(Tensor table, int[] tokens) {
        weightBytes += tokens.length * table.rowBytes();
        return computes.embedding(table, tokens);
    }

    @Override
    public Tensor matmul(Tensor x, Tensor w) {
        operations += product(x, w);
        weightBytes += bytes(w);
        return computes.matmul(x, w);
    }

    @Override
    public Tensor headMatmul(Tensor x, Tensor[] w) {
        operations += product(x, w[0]);
        weightBytes += bytes(w);
        return computes.headMatmul(x, w);
    }

    @Override
    public Tensor headMatmulTransposed(Tensor x, Tensor[] w) {
        operations += product(x, w[0]);
        weightBytes += bytes(w);
        return computes.headMatmulTransposed(x, w);
    }

    @Override
    public Tensor groupedMatmul(Tensor x, ExpertDispatch dispatch, Tensor[] w) {
        operations += product(x, w[0]);
        for (int expert = 0; expert < w.length; expert++) {
            if (dispatch.offsets()[expert + 1] > dispatch.offsets()[expert]) {
                weightBytes += bytes(w[expert]);
                expertBytes += bytes(w[expert]);
            }
        }
        return computes.groupedMatmul(x, dispatch, w);
    }

    @Override
    public Tensor gatherRows(Tensor x, int[] rows) {
        return computes.gatherRows(x, rows);
    }

    @Override
    public Tensor rmsNorm(Tensor x, Tensor weight, double epsilon) {
        weightBytes += weight.data().byteSize();
        return computes.rmsNorm(x, weight, epsilon);
    }

    @Override
    public Tensor rmsNorm(Tensor x, double epsilon) {
        return computes.rmsNorm(x, epsilon);
    }

    @Override
    public Tensor layerNorm(Tensor x, Tensor weight, Tensor bias, double epsilon) {
        weightBytes += weight.data().byteSize() + bias.data().byteSize();
        return computes.layerNorm(x, weight, bias, epsilon);
    }

    @Override
    public Tensor add(Tensor a, Tensor b) {
        return computes.add(a, b);
    }

    @Override
    public Tensor addBias(Tensor x, Tensor bias) {
        weightBytes += bias.data().byteSize();
        return computes.addBias(x, bias);
    }

    @Override
    public Tensor swiGlu(Tensor gate, Tensor up) {
        return computes.swiGlu(gate, up);
    }

    @Override
    public Tensor swiGlu(Tensor gate, Tensor up, double limit) {
        return computes.swiGlu(gate, up, limit);
    }

    @Override
    public Tensor rope(Tensor x, Rotation rotation, int offset) {
        return computes.rope(x, rotation, offset);
    }

    @Override
    public Tensor columns(Tensor x, int from, int to) {
        return computes.columns(x, from, to);
    }

    @Override
    public Tensor concat(Tensor a, Tensor b) {
        return computes.concat(a, b);
    }

    @Override
    public Tensor attention(Tensor q, Tensor k, Tensor v, Span[] spans, double scale) {
        operations += attended(spans) * q.axis(1) * 2.0 * (q.columns() + v.columns());
        return computes.attention(q, k, v, spans, scale);
    }

    @Override
    public void store(Tensor rows, Span[] spans, Tensor cache) {
        computes.store(rows, spans, cache);
    }

    @Override
    public Tensor cachedAttention(Tensor q, Tensor cache, CachedHeads heads, Span[] spans, double scale) {
        operations += attended(spans) * q.axis(1) * 2.0 * (heads.keyWidth() + heads.valueWidth());
        for (Span span : spans) {
            cacheBytes += span.end() * cache.rowBytes();
        }
        return computes.cachedAttention(q, cache, heads, spans, scale);
    }

    @Override
    public Selection topRows(Tensor q, Tensor weights, Tensor keys, Entries entries, int most, Ties ties) {
        for (int visible : entries.visible()) {
            operations += visible > most ? 2.0 * visible * q.axis(1) * q.columns() : 0;
        }
        for (Span span : entries.spans()) {
            int visible = entries.visible(span.end() - 1);
            cacheBytes += visible > most ? visible * keys.rowBytes() : 0;
        }
        return computes.topRows(q, weights, keys, entries, most, ties);
    }

    @Override
    public Tensor selectedAttention(
            Tensor q, Tensor[] sources, Selection selection, Optional<Tensor> sinks, int valueWidth, double scale) {
        operations += 2.0 * selection.rows().length * q.axis(1) * (q.columns() + valueWidth);
        cacheBytes += Arrays.stream(selection.rows()).distinct().count() * sources[0].rowBytes();
        return computes.selectedAttention(q, sources, selection, sinks, valueWidth, scale);
    }

    @Override
    public void storeRows(Tensor rows, int[] targets, Tensor cache) {
        computes.storeRows(rows, targets, cache);
    }

    @Override
    public Tensor recall(Tensor rows, RecentRows recent, Tensor memory) {
        cacheBytes += (long) (recent.rows() - rows.rows()) * rows.rowBytes();
        return computes.recall(rows, recent, memory);
    }

    @Override
    public Tensor pool(Tensor values, Tensor gates, Tensor bias, Windows windows) {
        weightBytes += bias.data().byteSize();
        return computes.pool(values, gates, bias, windows);
    }

    @Override
    public Tensor hyperWeights(Tensor mix, Tensor scale, Tensor base, HyperRule rule) {
        return computes.hyperWeights(mix, scale, base, rule);
    }

    @Override
    public Tensor collapse(Tensor streams, Tensor weights) {
        return computes.collapse(streams, weights);
    }

    @Override
    public Tensor spread(Tensor y, Tensor streams, Tensor weights) {
        return computes.spread(y, streams, weights);
    }

    @Override
    public Gating weigh(Tensor logits, int[] experts, GateRule rule) {
        return computes.weigh(logits, experts, rule);
    }

    @Override
    public Gating gate(Tensor logits, Tensor bias, GateRule rule, Span[] spans) {
        return computes.gate(logits, bias, rule, spans);
    }

    @Override
    public Tensor combine(Tensor y, ExpertDispatch dispatch, Tensor weights) {
        return computes.combine(y, dispatch, weights);
    }

    @Override
    public void expect(ExpertDispatch dispatch, Tensor[] w) {
        computes.expect(dispatch, w);
    }

    @Override
    public long mark() {
        return computes.mark();
    }

    @Override
    public Tensor release(long mark, Tensor result) {
        return computes.release(mark, result);
    }

    /// Every number of `x` meets each of the weight's other side once.
    private static double product(Tensor x, Tensor w) {
        return 2.0 * x.elements() * (x.columns() == w.columns() ? w.rows() : w.columns());
    }

    private static long bytes(Tensor[] weights) {
        long bytes = 0;
        for (Tensor weight : weights) {
            bytes += bytes(weight);
        }
        return bytes;
    }

    /// A matrix's own, and those of its rows' scales where they lie beside it: a sixteenth more for MXFP4.
    private static long bytes(Tensor weight) {
        long scales = weight.scales()
                .map(blocks -> Math.ceilDiv(weight.rows(), blocks.rows())
                        * blocks.values().rowBytes())
                .orElse(0L);
        return weight.data().byteSize() + scales;
    }

    /// Pairs of a row and a position that it sees.
    private static double attended(Span[] spans) {
        double pairs = 0;
        for (Span span : spans) {
            pairs += (double) span.rows() * span.position() + span.rows() * (span.rows() + 1.0) / 2;
        }
        return pairs;
    }
}
