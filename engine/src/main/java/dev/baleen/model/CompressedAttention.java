package dev.baleen.model;

import dev.baleen.kernel.Ops;
import dev.baleen.kernel.Selection;
import dev.baleen.model.CacheLayout.Recent;
import dev.baleen.model.DeepSeekV4Config.Compression;
import dev.baleen.tensor.Tensor;
import java.util.Optional;

/// DeepSeek-V4's attention (its report, §2.3): a query sees the last positions as they are, and of those before them
/// entries that each stand for several. All heads share one row a position, which is key and value at once.
///
/// As the values are turned with the keys, what comes out is turned back at the query's own position, so that it
/// depends on distances only. A head's sink takes part of its attention and gives nothing. The output projection goes
/// through a few columns for each group of heads.
///
/// @param queryDown [Q, D]
/// @param queryNorm [Q]
/// @param queryUp [H·A, Q]; each head is normed afterwards, without a weight
/// @param row [A, D]
/// @param rowNorm [A]
/// @param sinks [H]
/// @param groups of each group of heads [R, H/G·A]
/// @param output [D, G·R]
/// @param compressor what makes the entries, if there are any
/// @param indexer what chooses among them, if not all are seen
/// @param windowStream where the last rows are kept
record CompressedAttention(
        DeepSeekV4Config config,
        Compression compression,
        Tensor queryDown,
        Tensor queryNorm,
        Tensor queryUp,
        Tensor row,
        Tensor rowNorm,
        Tensor sinks,
        Tensor[] groups,
        Tensor output,
        Optional<Compressor> compressor,
        Optional<EntryIndexer> indexer,
        int windowStream) {
    static CompressedAttention load(
            WeightSource weights, String prefix, DeepSeekV4Config config, Compression compression, StreamList streams) {
        long width = config.hiddenSize();
        long queryRank = config.qLoraRank();
        int columns = config.headDim();
        long queryWidth = (long) config.heads() * columns;
        int groupCount = config.outputGroups();
        long rank = config.outputRank();
        Tensor joint = weights.get(prefix + ".wo_a.weight", groupCount * rank, queryWidth / groupCount);
        Tensor[] groups = new Tensor[groupCount];
        for (int g = 0; g < groupCount; g++) {
            groups[g] = joint.slice(g * rank, (g + 1) * rank);
        }
        return new CompressedAttention(
                config,
                compression,
                weights.get(prefix + ".wq_a.weight", queryRank, width),
                weights.get(prefix + ".q_norm.weight", queryRank),
                weights.get(prefix + ".wq_b.weight", queryWidth, queryRank),
                weights.get(prefix + ".wkv.weight", columns, width),
                weights.get(prefix + ".kv_norm.weight", columns),
                weights.get(prefix + ".attn_sink", config.heads()),
                groups,
                weights.get(prefix + ".wo_b.weight", width, groupCount * rank),
                compression.isNone()
                        ? Optional.empty()
                        : Optional.of(Compressor.load(
                                weights, prefix + ".compressor", config, compression, columns, streams)),
                compression.sparse()
                        ? Optional.of(EntryIndexer.load(weights, prefix + ".indexer", config, compression, streams))
                        : Optional.empty(),
                streams.add(new Recent(columns, config.window())));
    }

    /// [T, D] from x[T, D].
    Tensor forward(Ops ops, Tensor x, CompressedContext context) {
        int rows = x.rows();
        int columns = config.headDim();
        int turned = columns - config.ropeDim();
        CompressedContext.Turns turns = context.turns(compression);
        Tensor queryLatent = ops.rmsNorm(ops.matmul(x, queryDown), queryNorm, config.rmsNormEps());
        Tensor q = ops.matmul(queryLatent, queryUp).reshape(rows, config.heads(), columns);
        q = ops.rope(ops.rmsNorm(q, config.rmsNormEps()), turns.there(), turned);
        Tensor recent = ops.rmsNorm(ops.matmul(x, row), rowNorm, config.rmsNormEps());
        recent = ops.rope(recent.reshape(rows, 1, columns), turns.there(), turned)
                .reshape(rows, columns);
        if (!context.cache().isNone()) {
            recent = ops.recall(recent, context.recent(), context.cache().stream(windowStream));
        }
        Tensor attended = attend(ops, x, q, queryLatent, recent, context);
        attended = ops.rope(attended, turns.back(), turned);
        int groupCount = groups.length;
        Tensor grouped = attended.reshape(rows, groupCount, (long) config.heads() / groupCount * columns);
        Tensor narrow = ops.headMatmul(grouped, groups);
        return ops.matmul(narrow.reshape(rows, (long) groupCount * config.outputRank()), output);
    }

    /// [T, H, A]: over the window among the recent rows, and over entries.
    private Tensor attend(Ops ops, Tensor x, Tensor q, Tensor queryLatent, Tensor recent, CompressedContext context) {
        Optional<Tensor> entries = compressor.flatMap(c -> c.entries(ops, x, context));
        Tensor[] sources = {recent};
        Selection selection = context.window();
        if (entries.isPresent()) {
            Selection chosen = indexer.isPresent()
                    ? indexer.get().choose(ops, x, queryLatent, context)
                    : Selection.all(context.step(compression).entries());
            selection = selection.and(chosen, recent.rows());
            sources = new Tensor[] {recent, entries.get()};
        }
        return ops.selectedAttention(
                q, sources, selection, Optional.of(sinks), config.headDim(), config.attentionScale());
    }
}
