package dev.baleen.generation;

import dev.baleen.dtype.DType;
import dev.baleen.kernel.CachedHeads;
import dev.baleen.kernel.Ops;
import dev.baleen.kernel.RotaryEmbedding;
import dev.baleen.kernel.RotaryEmbedding.Pairing;
import dev.baleen.kernel.Rotation;
import dev.baleen.model.Batch;
import dev.baleen.model.CacheLayout;
import dev.baleen.model.KvCache;
import dev.baleen.model.Model;
import dev.baleen.model.WeightSource;
import dev.baleen.tensor.Tensor;
import java.lang.foreign.Arena;
import java.util.LinkedHashMap;
import java.util.Random;
import java.util.SequencedMap;

/// A real network of one attention layer with random weights: what it says depends on all that went before.
///
/// `before` is called at the head of each forward pass, so that a test can hold the engine or make it fail.
public final class TinyModel implements Model {
    /// Something that happens before a step.
    @FunctionalInterface
    public interface Hook {
        void beforeStep(Batch batch);
    }

    private static final int WIDTH = 16;
    private static final int HEADS = 2;
    private static final int KEY = 8;

    private final int vocabularySize;
    private final int contextLength;
    private final Hook before;
    private final Tensor embedding;
    private final Tensor query;
    private final Tensor key;
    private final Tensor value;
    private final Tensor out;
    private final RotaryEmbedding rotary = RotaryEmbedding.plain(KEY, 100, Pairing.INTERLEAVED);

    public TinyModel(int vocabularySize, int contextLength, long seed, Hook before) {
        this.vocabularySize = vocabularySize;
        this.contextLength = contextLength;
        this.before = before;
        Random random = new Random(seed);
        embedding = random(random, 1.5, vocabularySize, WIDTH);
        query = random(random, 0.5, HEADS * KEY, WIDTH);
        key = random(random, 0.5, KEY, WIDTH);
        value = random(random, 0.5, KEY, WIDTH);
        out = random(random, 0.5, WIDTH, HEADS * KEY);
    }

    public TinyModel(int vocabularySize, int contextLength, long seed) {
        this(vocabularySize, contextLength, seed, _ -> {});
    }

    @Override
    public String architecture() {
        return "tiny";
    }

    @Override
    public int vocabularySize() {
        return vocabularySize;
    }

    @Override
    public int contextLength() {
        return contextLength;
    }

    @Override
    public CacheLayout cacheLayout() {
        return new CacheLayout(1, 2 * KEY);
    }

    @Override
    public Tensor forward(Ops ops, Batch batch, KvCache cache) {
        before.beforeStep(batch);
        int rows = batch.tokens().length;
        Rotation rotation = rotary.at(batch.positions());
        Tensor x = ops.embedding(embedding, batch.tokens());
        Tensor q = ops.rope(ops.matmul(x, query).reshape(rows, HEADS, KEY), rotation, 0);
        Tensor k = ops.rope(ops.matmul(x, key).reshape(rows, 1, KEY), rotation, 0);
        Tensor v = ops.matmul(x, value).reshape(rows, 1, KEY);
        ops.store(ops.concat(k, v).reshape(rows, 2 * KEY), batch.spans(), cache.layer(0));
        Tensor seen = ops.cachedAttention(
                q, cache.layer(0), CachedHeads.grouped(1, KEY, KEY), batch.spans(), 1 / Math.sqrt(KEY));
        Tensor y = ops.matmul(seen.reshape(rows, HEADS * KEY), out);
        return ops.matmul(ops.gatherRows(y, batch.outputs()), embedding);
    }

    @Override
    public SequencedMap<String, Tensor> parameters() {
        SequencedMap<String, Tensor> parameters = new LinkedHashMap<>();
        parameters.put("embedding", embedding);
        parameters.put("query", query);
        parameters.put("key", key);
        parameters.put("value", value);
        parameters.put("out", out);
        return parameters;
    }

    @Override
    public Model with(WeightSource weights) {
        return this;
    }

    private static Tensor random(Random random, double size, long rows, long columns) {
        Tensor tensor = Tensor.allocate(Arena.ofAuto(), DType.F32, rows, columns);
        for (long i = 0; i < tensor.elements(); i++) {
            tensor.set(i, size * random.nextGaussian());
        }
        return tensor;
    }
}
