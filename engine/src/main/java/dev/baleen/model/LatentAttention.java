package dev.baleen.model;

import dev.baleen.kernel.CachedHeads;
import dev.baleen.kernel.Ops;
import dev.baleen.kernel.Selection;
import dev.baleen.tensor.Tensor;
import java.util.Optional;

/// Multi-head latent attention (DeepSeek-V2, arXiv 2405.04434, §2.1): keys and values of all heads come from one latent
/// vector `c` a token, and position from one rotary key `k_pe` that the heads share. Only `[c | k_pe]` is cached.
///
/// Shapes: T rows, D model width, H heads, N rotation-free and R rotary columns of a head's query and key, V columns of
/// a head's value, C latent columns.
///
/// Two forms of the same function stand side by side:
/// - naive: keys and values of every head are written out, and attention is the ordinary one. Least work where the
///   whole document is at hand: training.
/// - absorbed: the key projection moves to the query's side and the value projection behind the sum, so that
///   attention runs over the cached latents themselves, one key-value head for all query heads.
///
/// DeepSeek-V3.2 attends to chosen positions only, in the absorbed form.
///
/// @param query how queries are made
/// @param down [C + R, D] to the latent and the rotary key
/// @param norm [C] of the latent; the rotary key has none
/// @param expansion from the latent to keys and values
/// @param output [D, H·V]
/// @param indexer what chooses the positions, if not all are attended to
record LatentAttention(
        DeepSeekV3Config config,
        Query query,
        Tensor down,
        Tensor norm,
        Expansion expansion,
        Tensor output,
        Optional<LightningIndexer> indexer)
        implements Attention {
    /// The query projection: straight (V2-Lite) or through a normed low-rank latent.
    sealed interface Query {
        /// What queries are made from: [T, D], or [T, Q].
        Tensor latent(Ops ops, Tensor x, double epsilon);

        /// [T, H·(N+R)] from the latents.
        Tensor expand(Ops ops, Tensor latent);

        /// @param projection [H·(N+R), D]
        record Straight(Tensor projection) implements Query {
            @Override
            public Tensor latent(Ops ops, Tensor x, double epsilon) {
                return x;
            }

            @Override
            public Tensor expand(Ops ops, Tensor latent) {
                return ops.matmul(latent, projection);
            }
        }

        /// @param down [Q, D]
        /// @param norm [Q]
        /// @param up [H·(N+R), Q]
        record LowRank(Tensor down, Tensor norm, Tensor up) implements Query {
            @Override
            public Tensor latent(Ops ops, Tensor x, double epsilon) {
                return ops.rmsNorm(ops.matmul(x, down), norm, epsilon);
            }

            @Override
            public Tensor expand(Ops ops, Tensor latent) {
                return ops.matmul(latent, up);
            }
        }
    }

    /// From the latent to the heads' keys and values, as the two file formats lay it out.
    sealed interface Expansion {
        /// Queries against latents instead of keys: [T, H, C] from [T, H, N].
        Tensor absorbKeys(Ops ops, Tensor query);

        /// Values from sums of latents: [T, H, V] from [T, H, C].
        Tensor expandValues(Ops ops, Tensor latent);

        /// Hugging Face: one matrix, for each head N rows of keys and then V rows of values.
        ///
        /// @param joint [H·(N+V), C]
        /// @param keys H views [N, C]
        /// @param values H views [V, C]
        record Joint(Tensor joint, Tensor[] keys, Tensor[] values) implements Expansion {
            static Joint of(Tensor joint, int heads, int keyWidth, int valueWidth) {
                Tensor[] keys = new Tensor[heads];
                Tensor[] values = new Tensor[heads];
                for (int h = 0; h < heads; h++) {
                    long first = (long) h * (keyWidth + valueWidth);
                    keys[h] = joint.slice(first, first + keyWidth);
                    values[h] = joint.slice(first + keyWidth, first + keyWidth + valueWidth);
                }
                return new Joint(joint, keys, values);
            }

            @Override
            public Tensor absorbKeys(Ops ops, Tensor query) {
                return ops.headMatmulTransposed(query, keys);
            }

            @Override
            public Tensor expandValues(Ops ops, Tensor latent) {
                return ops.headMatmul(latent, values);
            }
        }

        /// GGUF: keys already transposed for the absorbed form, the only one that it serves.
        ///
        /// @param keys H weights [C, N]
        /// @param values H weights [V, C]
        record Split(Tensor[] keys, Tensor[] values) implements Expansion {
            @Override
            public Tensor absorbKeys(Ops ops, Tensor query) {
                return ops.headMatmul(query, keys);
            }

            @Override
            public Tensor expandValues(Ops ops, Tensor latent) {
                return ops.headMatmul(latent, values);
            }
        }
    }

    static LatentAttention load(WeightSource weights, String prefix, DeepSeekV3Config config) {
        long width = config.hiddenSize();
        int heads = config.heads();
        int latent = config.kvLoraRank();
        int keyWidth = config.qkNopeHeadDim();
        int valueWidth = config.vHeadDim();
        long queryWidth = (long) heads * config.qkHeadDim();
        long queryRank = config.qLoraRank();
        Query query = queryRank == 0
                ? new Query.Straight(weights.get(prefix + ".q_proj.weight", queryWidth, width))
                : new Query.LowRank(
                        weights.get(prefix + ".q_a_proj.weight", queryRank, width),
                        weights.get(prefix + ".q_a_layernorm.weight", queryRank),
                        weights.get(prefix + ".q_b_proj.weight", queryWidth, queryRank));
        Tensor down = weights.get(prefix + ".kv_a_proj_with_mqa.weight", latent + config.qkRopeHeadDim(), width);
        Tensor norm = weights.get(prefix + ".kv_a_layernorm.weight", latent);
        String split = prefix + ".k_b_proj.weight";
        Expansion expansion;
        if (weights.has(split)) {
            Tensor keys = weights.get(split, heads, latent, keyWidth);
            Tensor values = weights.get(prefix + ".v_b_proj.weight", heads, valueWidth, latent);
            expansion = new Expansion.Split(entries(keys), entries(values));
        } else {
            long rows = (long) heads * (keyWidth + valueWidth);
            Tensor joint = weights.get(prefix + ".kv_b_proj.weight", rows, latent);
            expansion = Expansion.Joint.of(joint, heads, keyWidth, valueWidth);
        }
        Tensor output = weights.get(prefix + ".o_proj.weight", width, (long) heads * valueWidth);
        Optional<LightningIndexer> indexer = config.indexer()
                .map(sizes -> LightningIndexer.load(weights, prefix + ".indexer", sizes, width, queryRank));
        return new LatentAttention(config, query, down, norm, expansion, output, indexer);
    }

    @Override
    public Tensor forward(Ops ops, Tensor x, LayerContext context, int layer) {
        int rows = x.rows();
        int nope = config.qkNopeHeadDim();
        int latentWidth = config.kvLoraRank();
        int rowWidth = latentWidth + config.qkRopeHeadDim();

        Tensor queryLatent = query.latent(ops, x, config.rmsNormEps());
        Tensor q = query.expand(ops, queryLatent).reshape(rows, config.heads(), config.qkHeadDim());
        q = ops.rope(q, context.rotation(), nope);
        Tensor compressed = ops.matmul(x, down);
        Tensor latent = ops.rmsNorm(ops.columns(compressed, 0, latentWidth), norm, config.rmsNormEps());
        Tensor rotaryKey = ops.columns(compressed, latentWidth, rowWidth).reshape(rows, 1, config.qkRopeHeadDim());
        rotaryKey = ops.rope(rotaryKey, context.rotation(), 0);

        Tensor values;
        if (indexer.isPresent()) {
            Selection selection = indexer.get().choose(ops, x, queryLatent, context, 2 * layer + 1);
            values = sparse(ops, q, latent, rotaryKey, selection, context, 2 * layer);
        } else if (context.cache().isNone() && expansion instanceof Expansion.Joint joint) {
            values = naive(ops, joint, q, latent, rotaryKey, context);
        } else {
            values = absorbed(ops, q, latent, rotaryKey, context, layer);
        }
        return ops.matmul(values.reshape(rows, (long) config.heads() * config.vHeadDim()), output);
    }

    /// [T, H, V]: keys and values of every head written out.
    private Tensor naive(
            Ops ops, Expansion.Joint expansion, Tensor q, Tensor latent, Tensor rotaryKey, LayerContext context) {
        int nope = config.qkNopeHeadDim();
        int width = nope + config.vHeadDim();
        Tensor expanded = ops.matmul(latent, expansion.joint()).reshape(latent.rows(), config.heads(), width);
        Tensor keys = ops.concat(ops.columns(expanded, 0, nope), rotaryKey);
        Tensor values = ops.columns(expanded, nope, width);
        return ops.attention(q, keys, values, context.spans(), config.attentionScale());
    }

    /// [T, H, V]: attention over the latents, from the cache if there is one.
    private Tensor absorbed(Ops ops, Tensor q, Tensor latent, Tensor rotaryKey, LayerContext context, int layer) {
        Tensor query = againstLatents(ops, q);
        Tensor latentHead = latent.reshape(latent.rows(), 1, latent.columns());
        Tensor row = ops.concat(latentHead, rotaryKey);
        Tensor sums;
        if (context.cache().isNone()) {
            sums = ops.attention(query, row, latentHead, context.spans(), config.attentionScale());
        } else {
            Tensor cache = context.cache().layer(layer);
            CachedHeads heads = CachedHeads.latent(row.columns(), latent.columns());
            ops.store(row.reshape(row.rows(), row.columns()), context.spans(), cache);
            sums = ops.cachedAttention(query, cache, heads, context.spans(), config.attentionScale());
        }
        return expansion.expandValues(ops, sums);
    }

    /// [T, H, V]: attention over chosen latents, from the cache's stream if there is a cache.
    private Tensor sparse(
            Ops ops, Tensor q, Tensor latent, Tensor rotaryKey, Selection selection, LayerContext context, int stream) {
        Tensor query = againstLatents(ops, q);
        Tensor rows = ops.concat(latent.reshape(latent.rows(), 1, latent.columns()), rotaryKey);
        rows = rows.reshape(rows.rows(), rows.columns());
        if (!context.cache().isNone()) {
            Tensor cached = context.cache().stream(stream);
            ops.store(rows, context.spans(), cached);
            rows = cached;
        }
        Tensor sums = ops.selectedAttention(
                query, new Tensor[] {rows}, selection, Optional.empty(), latent.columns(), config.attentionScale());
        return expansion.expandValues(ops, sums);
    }

    /// [T, H, C + R]: queries that meet latents instead of keys.
    private Tensor againstLatents(Ops ops, Tensor q) {
        int nope = config.qkNopeHeadDim();
        Tensor absorbed = expansion.absorbKeys(ops, ops.columns(q, 0, nope));
        return ops.concat(absorbed, ops.columns(q, nope, config.qkHeadDim()));
    }

    private static Tensor[] entries(Tensor stacked) {
        Tensor[] entries = new Tensor[stacked.axis(0)];
        for (int i = 0; i < entries.length; i++) {
            entries[i] = stacked.entry(i);
        }
        return entries;
    }
}
