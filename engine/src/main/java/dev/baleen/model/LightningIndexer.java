package dev.baleen.model;

import dev.baleen.kernel.Ops;
import dev.baleen.kernel.RotaryEmbedding.Pairing;
import dev.baleen.kernel.Rotation;
import dev.baleen.kernel.Selection;
import dev.baleen.tensor.Tensor;

/// Chooses the positions that a query attends to (DeepSeek-V3.2, arXiv 2512.02556, §2.1): a small attention of its own
/// scores every earlier position, and the best few hundred stay.
///
/// I[t, s] = Σ_j w[t, j] · ReLU(q[t, j] · k[s]). DeepSeek's code also turns q and k by a Hadamard matrix, which
/// changes no product and serves its 8-bit rounding, and multiplies scores by constants, which changes no choice: both
/// are left out. The rotary columns come first and are paired by halves, though latent attention pairs neighbours.
///
/// The choice has no gradient, so a loss on tokens does not train the indexer; DeepSeek trains it by a loss of its own
/// (the Kullback-Leibler divergence to the attention, §2.1.1), which is not done here.
///
/// @param query [J·A, Q] from the query latent
/// @param key [A, D]
/// @param keyNorm [A]
/// @param keyBias [A]
/// @param weights [J, D]
record LightningIndexer(
        DeepSeekV3Config.Indexer config, Tensor query, Tensor key, Tensor keyNorm, Tensor keyBias, Tensor weights) {
    /// What DeepSeek's code has; no config names it.
    private static final double EPSILON = 1e-6;

    static LightningIndexer load(
            WeightSource weights, String prefix, DeepSeekV3Config.Indexer config, long width, long queryRank) {
        int columns = config.headDim();
        return new LightningIndexer(
                config,
                weights.get(prefix + ".wq_b.weight", (long) config.heads() * columns, queryRank),
                weights.get(prefix + ".wk.weight", columns, width),
                weights.get(prefix + ".k_norm.weight", columns),
                weights.get(prefix + ".k_norm.bias", columns),
                weights.get(prefix + ".weights_proj.weight", config.heads(), width));
    }

    /// The choice for x[T, D] with the query latents [T, Q]; keys go to the cache's stream, if there is a cache.
    Selection choose(Ops ops, Tensor x, Tensor queryLatent, LayerContext context, int stream) {
        int rows = x.rows();
        Rotation rotation = context.rotation().paired(Pairing.HALVES);
        Tensor q = ops.matmul(queryLatent, query).reshape(rows, config.heads(), config.headDim());
        q = ops.rope(q, rotation, 0);
        Tensor keys = ops.layerNorm(ops.matmul(x, key), keyNorm, keyBias, EPSILON);
        keys = ops.rope(keys.reshape(rows, 1, config.headDim()), rotation, 0).reshape(rows, config.headDim());
        Tensor scale = ops.matmul(x, weights);
        if (!context.cache().isNone()) {
            Tensor cached = context.cache().stream(stream);
            ops.store(keys, context.spans(), cached);
            keys = cached;
        }
        return ops.topRows(q, scale, keys, context.positions(), config.chosen(), config.ties());
    }
}
