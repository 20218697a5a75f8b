package dev.baleen.model;

import dev.baleen.kernel.Ops;
import dev.baleen.tensor.Shape;
import dev.baleen.tensor.Tensor;
import java.util.Collections;
import java.util.SequencedMap;

/// A decoder with grouped-query attention: [Llama], [Qwen2], [Qwen3] and [DeepSeekMoe] say with which numbers and which
/// parts.
public final class Transformer implements Model {
    private final TransformerConfig config;
    private final Decoder decoder;
    private final SequencedMap<String, Tensor> parameters;

    private Transformer(TransformerConfig config, WeightSource source) {
        RecordingSource weights = new RecordingSource(source);
        this.config = config;
        decoder = Decoder.load(
                weights,
                config.vocabularySize(),
                config.hiddenSize(),
                config.layers(),
                index -> loadLayer(weights, index, config),
                config.rmsNormEps(),
                config.tiedEmbeddings());
        parameters = Collections.unmodifiableSequencedMap(weights.taken());
    }

    private static DecoderLayer loadLayer(WeightSource weights, int index, TransformerConfig config) {
        String prefix = "model.layers." + index;
        long width = config.hiddenSize();
        return new DecoderLayer(
                index,
                config.rmsNormEps(),
                weights.get(prefix + ".input_layernorm.weight", width),
                GroupedQueryAttention.load(weights, prefix + ".self_attn", config),
                weights.get(prefix + ".post_attention_layernorm.weight", width),
                config.mlp(weights, prefix + ".mlp", index));
    }

    /// The model of a config and its weights.
    public static Transformer of(TransformerConfig config, WeightSource weights) {
        return new Transformer(config, weights);
    }

    /// The name and shape of every weight that a new model of this config has, in the order of the forward pass.
    public static SequencedMap<String, Shape> parameterShapes(TransformerConfig config) {
        BlankSource blank = new BlankSource(_ -> false);
        new Transformer(config, blank);
        return blank.shapes();
    }

    public TransformerConfig config() {
        return config;
    }

    @Override
    public String architecture() {
        return config.architecture();
    }

    @Override
    public int vocabularySize() {
        return config.vocabularySize();
    }

    @Override
    public int contextLength() {
        return config.contextLength();
    }

    @Override
    public CacheLayout cacheLayout() {
        return new CacheLayout(config.layers(), 2 * config.keyValueHeads() * config.headDim());
    }

    @Override
    public SequencedMap<String, Tensor> parameters() {
        return parameters;
    }

    @Override
    public Transformer with(WeightSource weights) {
        return new Transformer(config, weights);
    }

    @Override
    public Tensor forward(Ops ops, Batch batch, KvCache cache) {
        LayerContext context = new LayerContext(batch.spans(), config.rotary().at(batch.positions()), cache);
        return decoder.forward(ops, batch, context);
    }
}
