package dev.baleen.model;

import dev.baleen.kernel.CachedHeads;
import dev.baleen.kernel.Ops;
import dev.baleen.model.TransformerConfig.Trait;
import dev.baleen.tensor.Tensor;
import java.util.Optional;

/// Grouped-query attention (arXiv 2305.13245): H query heads share G heads of keys and values; with G = H it is the
/// ordinary multi-head one. All keys and then all values of a token are cached.
///
/// Shapes: T rows, D model width, W columns of a head.
///
/// @param query [H·W, D]
/// @param key [G·W, D]
/// @param value [G·W, D]
/// @param norms of each head's query and key, where the model has them (Qwen3)
/// @param output [D, H·W]
record GroupedQueryAttention(
        TransformerConfig config, Linear query, Linear key, Linear value, Optional<HeadNorms> norms, Linear output)
        implements Attention {
    /// @param query [W], for every query head
    /// @param key [W], for every key head
    record HeadNorms(Tensor query, Tensor key) {}

    static GroupedQueryAttention load(WeightSource weights, String prefix, TransformerConfig config) {
        long width = config.hiddenSize();
        long head = config.headDim();
        long queries = config.heads() * head;
        long keys = config.keyValueHeads() * head;
        boolean bias = config.has(Trait.QUERY_KEY_VALUE_BIAS);
        return new GroupedQueryAttention(
                config,
                Linear.load(weights, prefix + ".q_proj", queries, width, bias),
                Linear.load(weights, prefix + ".k_proj", keys, width, bias),
                Linear.load(weights, prefix + ".v_proj", keys, width, bias),
                config.has(Trait.QUERY_KEY_NORM)
                        ? Optional.of(new HeadNorms(
                                weights.get(prefix + ".q_norm.weight", head),
                                weights.get(prefix + ".k_norm.weight", head)))
                        : Optional.empty(),
                Linear.load(weights, prefix + ".o_proj", width, queries, config.has(Trait.OUTPUT_BIAS)));
    }

    @Override
    public Tensor forward(Ops ops, Tensor x, LayerContext context, int layer) {
        int rows = x.rows();
        int heads = config.heads();
        int groups = config.keyValueHeads();
        int width = config.headDim();
        Tensor q = query.apply(ops, x).reshape(rows, heads, width);
        Tensor k = key.apply(ops, x).reshape(rows, groups, width);
        Tensor v = value.apply(ops, x).reshape(rows, groups, width);
        if (norms.isPresent()) {
            q = ops.rmsNorm(q, norms.get().query(), config.rmsNormEps());
            k = ops.rmsNorm(k, norms.get().key(), config.rmsNormEps());
        }
        q = ops.rope(q, context.rotation(), 0);
        k = ops.rope(k, context.rotation(), 0);
        double scale = 1 / Math.sqrt(width);
        Tensor sums;
        if (context.cache().isNone()) {
            sums = ops.attention(q, k, v, context.spans(), scale);
        } else {
            long all = (long) groups * width;
            Tensor cache = context.cache().layer(layer);
            Tensor row = ops.concat(k.reshape(rows, 1, all), v.reshape(rows, 1, all));
            ops.store(row.reshape(rows, 2 * all), context.spans(), cache);
            CachedHeads layout = CachedHeads.grouped(groups, width, width);
            sums = ops.cachedAttention(q, cache, layout, context.spans(), scale);
        }
        return output.apply(ops, sums.reshape(rows, (long) heads * width));
    }
}
