package dev.baleen.model;

import dev.baleen.kernel.Entries;
import dev.baleen.kernel.Ops;
import dev.baleen.kernel.Selection;
import dev.baleen.model.DeepSeekV4Config.Compression;
import dev.baleen.tensor.Tensor;
import java.util.Optional;

/// Chooses the entries that a query attends to (DeepSeek-V4's report, §2.3.1, eq. 13–17): as [LightningIndexer], with
/// keys that are entries of a small compressor of its own. Rotary columns come last and are paired by neighbours.
///
/// @param query [J·A, Q] from the query latent
/// @param weights [J, D]
record EntryIndexer(
        DeepSeekV4Config config, Compression compression, Tensor query, Tensor weights, Compressor compressor) {
    static EntryIndexer load(
            WeightSource weights, String prefix, DeepSeekV4Config config, Compression compression, StreamList streams) {
        DeepSeekV3Config.Indexer sizes = config.indexer();
        int columns = sizes.headDim();
        return new EntryIndexer(
                config,
                compression,
                weights.get(prefix + ".wq_b.weight", (long) sizes.heads() * columns, config.qLoraRank()),
                weights.get(prefix + ".weights_proj.weight", sizes.heads(), config.hiddenSize()),
                Compressor.load(weights, prefix + ".compressor", config, compression, columns, streams));
    }

    /// The choice for x[T, D] with the query latents [T, Q].
    Selection choose(Ops ops, Tensor x, Tensor queryLatent, CompressedContext context) {
        Entries entries = context.step(compression).entries();
        Optional<Tensor> keys = compressor.entries(ops, x, context);
        if (keys.isEmpty()) {
            return Selection.all(entries);
        }
        DeepSeekV3Config.Indexer sizes = config.indexer();
        Tensor q = ops.matmul(queryLatent, query).reshape(x.rows(), sizes.heads(), sizes.headDim());
        q = ops.rope(q, context.turns(compression).there(), sizes.headDim() - config.ropeDim());
        return ops.topRows(q, ops.matmul(x, weights), keys.get(), entries, sizes.chosen(), sizes.ties());
    }
}
