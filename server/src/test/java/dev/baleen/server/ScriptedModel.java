package dev.baleen.server;

import dev.baleen.dtype.DType;
import dev.baleen.kernel.Ops;
import dev.baleen.model.Batch;
import dev.baleen.model.CacheLayout;
import dev.baleen.model.KvCache;
import dev.baleen.model.Model;
import dev.baleen.model.WeightSource;
import dev.baleen.tensor.Tensor;
import java.lang.foreign.Arena;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import java.util.concurrent.locks.LockSupport;

/// The smallest language model: each token has one successor. Whatever was asked, it goes on from the last token.
///
/// It runs through the real engine; only what to say next is settled beforehand.
final class ScriptedModel implements Model {
    private static final int CONTEXT = 4096;
    private static final float SURE = 20;

    private final Tensor logits;
    private final Duration pace;

    /// @param successors for each token the one that follows it
    /// @param pace how long a step takes at least
    ScriptedModel(int[] successors, Duration pace) {
        this.pace = pace;
        logits = Tensor.allocate(Arena.ofAuto(), DType.F32, successors.length, successors.length);
        for (int token = 0; token < successors.length; token++) {
            logits.set((long) token * successors.length + successors[token], SURE);
        }
    }

    @Override
    public String architecture() {
        return "scripted";
    }

    @Override
    public int vocabularySize() {
        return logits.rows();
    }

    @Override
    public int contextLength() {
        return CONTEXT;
    }

    @Override
    public CacheLayout cacheLayout() {
        return new CacheLayout(1, 1);
    }

    @Override
    public Tensor forward(Ops ops, Batch batch, KvCache cache) {
        if (!pace.isZero()) {
            LockSupport.parkNanos(pace.toNanos());
        }
        Tensor all = ops.embedding(logits, batch.tokens());
        return batch.wantsAllRows() ? all : ops.gatherRows(all, batch.outputs());
    }

    @Override
    public SequencedMap<String, Tensor> parameters() {
        SequencedMap<String, Tensor> parameters = new LinkedHashMap<>();
        parameters.put("successors", logits);
        return parameters;
    }

    @Override
    public Model with(WeightSource weights) {
        return this;
    }
}
