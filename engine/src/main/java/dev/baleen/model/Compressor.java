package dev.baleen.model;

import dev.baleen.kernel.Ops;
import dev.baleen.model.CacheLayout.Paged;
import dev.baleen.model.CacheLayout.Recent;
import dev.baleen.model.DeepSeekV4Config.Compression;
import dev.baleen.tensor.Tensor;
import java.util.Optional;

/// Makes one entry of every few positions (DeepSeek-V4's report, §2.3.1, eq. 9–12, and §2.3.2, eq. 20–23): a sum of
/// their projections, each column weighted by a softmax over the window, normed and turned as the window's first
/// position.
///
/// @param values [parts·A, D], 2 parts where windows overlap
/// @param gates [parts·A, D]
/// @param bias [ratio, parts·A] added to the gates, by the place in the window
/// @param norm [A]
/// @param valueStream where the values of windows to come are kept, `gateStream` where their gates are
/// @param entryStream where entries are kept
record Compressor(
        DeepSeekV4Config config,
        Compression compression,
        Tensor values,
        Tensor gates,
        Tensor bias,
        Tensor norm,
        int valueStream,
        int gateStream,
        int entryStream) {
    /// @param columns of an entry
    static Compressor load(
            WeightSource weights,
            String prefix,
            DeepSeekV4Config config,
            Compression compression,
            int columns,
            StreamList streams) {
        int width = compression.sparse() ? 2 * columns : columns;
        Recent pending = new Recent(width, CompressedContext.positionsBack(compression));
        return new Compressor(
                config,
                compression,
                weights.get(prefix + ".wkv.weight", width, config.hiddenSize()),
                weights.get(prefix + ".wgate.weight", width, config.hiddenSize()),
                weights.floats(prefix + ".ape", compression.ratio(), width),
                weights.get(prefix + ".norm.weight", columns),
                streams.add(pending),
                streams.add(pending),
                streams.add(new Paged(columns, compression.ratio())));
    }

    /// All entries so far, those that x[T, D] completes among them; none where a batch without a cache has no whole
    /// window.
    Optional<Tensor> entries(Ops ops, Tensor x, CompressedContext context) {
        CompressedContext.Step step = context.step(compression);
        boolean cached = !context.cache().isNone();
        Tensor value = ops.matmul(x, values);
        Tensor gate = ops.matmul(x, gates);
        if (cached) {
            value = ops.recall(value, step.recent(), context.cache().stream(valueStream));
            gate = ops.recall(gate, step.recent(), context.cache().stream(gateStream));
        }
        Optional<Tensor> completed = step.windows().count() == 0
                ? Optional.empty()
                : Optional.of(finish(ops, ops.pool(value, gate, bias, step.windows()), step));
        if (!cached) {
            return completed;
        }
        Tensor stream = context.cache().stream(entryStream);
        completed.ifPresent(rows -> ops.storeRows(rows, step.targets(), stream));
        return Optional.of(stream);
    }

    private Tensor finish(Ops ops, Tensor pooled, CompressedContext.Step step) {
        int rows = pooled.rows();
        int columns = pooled.columns();
        Tensor normed = ops.rmsNorm(pooled, norm, config.rmsNormEps());
        return ops.rope(normed.reshape(rows, 1, columns), step.rotation(), columns - config.ropeDim())
                .reshape(rows, columns);
    }
}
