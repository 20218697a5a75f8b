package dev.baleen.model;

import dev.baleen.kernel.Ops;
import dev.baleen.model.CacheLayout.Paged;
import dev.baleen.model.CacheLayout.Stream;
import dev.baleen.tensor.Shape;
import dev.baleen.tensor.Tensor;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;

/// DeepSeek-V2, V2-Lite, V3, R1, V3.1 and V3.2: latent attention, a mixture of experts, and a module that predicts one
/// token further (arXiv 2405.04434 and 2412.19437); in V3.2 with an indexer that chooses what to attend to
/// (2512.02556).
public final class DeepSeekV3 implements Model {
    private final DeepSeekV3Config config;
    private final Decoder decoder;
    private final Optional<MultiTokenPrediction> further;
    private final SequencedMap<String, Tensor> parameters;

    /// The module that predicts token t + 2 (arXiv 2412.19437, §2.2): the trunk's normed output at t and the
    /// embedding of token t + 1, joined and run through one more layer. Embedding and head are the trunk's
    /// unless the file has others.
    ///
    /// @param join [D, 2D], the embedding's columns first
    record MultiTokenPrediction(
            Tensor embedding,
            Tensor embeddingNorm,
            Tensor hiddenNorm,
            Tensor join,
            DecoderLayer layer,
            Tensor norm,
            Tensor head) {
        static MultiTokenPrediction load(WeightSource weights, DeepSeekV3Config config, Tensor embedding, Tensor head) {
            String prefix = "model.layers." + config.layers();
            long width = config.hiddenSize();
            return new MultiTokenPrediction(
                    getOr(weights, prefix + ".embed_tokens.weight", embedding),
                    weights.get(prefix + ".enorm.weight", width),
                    weights.get(prefix + ".hnorm.weight", width),
                    weights.get(prefix + ".eh_proj.weight", width, 2 * width),
                    loadLayer(weights, config.layers(), config),
                    weights.get(prefix + ".shared_head.norm.weight", width),
                    getOr(weights, prefix + ".shared_head.head.weight", head));
        }

        /// Logits [T, V] for token t + 2, from the normed trunk output [T, D] and token t + 1 of each row.
        Tensor forward(Ops ops, Tensor hidden, int[] nextTokens, LayerContext context) {
            double epsilon = layer.epsilon();
            Tensor next = ops.rmsNorm(ops.embedding(embedding, nextTokens), embeddingNorm, epsilon);
            Tensor trunk = ops.rmsNorm(hidden, hiddenNorm, epsilon);
            int rows = trunk.rows();
            int width = trunk.columns();
            Tensor beside = ops.concat(next.reshape(rows, 1, width), trunk.reshape(rows, 1, width));
            Tensor joined = ops.matmul(beside.reshape(rows, 2L * width), join);
            return ops.matmul(ops.rmsNorm(layer.forward(ops, joined, context), norm, epsilon), head);
        }

        private static Tensor getOr(WeightSource weights, String name, Tensor shared) {
            return weights.has(name) ? weights.get(name, shared.rows(), shared.columns()) : shared;
        }
    }

    private DeepSeekV3(DeepSeekV3Config config, WeightSource source) {
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
        further = config.predictionLayers() > 0 && weights.has("model.layers." + config.layers() + ".eh_proj.weight")
                ? Optional.of(MultiTokenPrediction.load(weights, config, decoder.embedding(), decoder.head()))
                : Optional.empty();
        parameters = Collections.unmodifiableSequencedMap(weights.taken());
    }

    private static DecoderLayer loadLayer(WeightSource weights, int index, DeepSeekV3Config config) {
        String prefix = "model.layers." + index;
        long width = config.hiddenSize();
        return new DecoderLayer(
                index,
                config.rmsNormEps(),
                weights.get(prefix + ".input_layernorm.weight", width),
                LatentAttention.load(weights, prefix + ".self_attn", config),
                weights.get(prefix + ".post_attention_layernorm.weight", width),
                index < config.firstDenseLayers()
                        ? FeedForward.load(weights, prefix + ".mlp", width, config.intermediateSize())
                        : MixtureOfExperts.load(
                                weights,
                                prefix + ".mlp",
                                width,
                                config.moeIntermediateSize(),
                                config.routedExperts(),
                                config.sharedExperts(),
                                config.gate()));
    }

    /// The model of a config and its weights.
    public static DeepSeekV3 of(DeepSeekV3Config config, WeightSource weights) {
        return new DeepSeekV3(config, weights);
    }

    /// The name and shape of every weight that a new model of this config has, in the order of the forward pass.
    public static SequencedMap<String, Shape> parameterShapes(DeepSeekV3Config config) {
        BlankSource blank = new BlankSource(DeepSeekV3::isOfNewModels);
        new DeepSeekV3(config, blank);
        return blank.shapes();
    }

    /// Of the weights that not every file has: not those that are shared or belong to another file format.
    private static boolean isOfNewModels(String name) {
        return !name.endsWith(".k_b_proj.weight")
                && !name.endsWith(".embed_tokens.weight")
                && !name.endsWith(".shared_head.head.weight");
    }

    public DeepSeekV3Config config() {
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
        Stream latents = new Paged(config.kvLoraRank() + config.qkRopeHeadDim(), 1);
        List<Stream> layer = config.indexer()
                .map(indexer -> List.of(latents, new Paged(indexer.headDim(), 1)))
                .orElse(List.of(latents));
        return new CacheLayout(Collections.nCopies(config.layers(), layer).stream()
                .flatMap(List::stream)
                .toList());
    }

    @Override
    public SequencedMap<String, Tensor> parameters() {
        return parameters;
    }

    @Override
    public DeepSeekV3 with(WeightSource weights) {
        return new DeepSeekV3(config, weights);
    }

    @Override
    public Tensor forward(Ops ops, Batch batch, KvCache cache) {
        return decoder.forward(ops, batch, context(batch, cache));
    }

    @Override
    public List<Tensor> predictions(Ops ops, Batch batch) {
        LayerContext context = context(batch, KvCache.none());
        Tensor normed = ops.rmsNorm(decoder.hidden(ops, batch, context), decoder.norm(), decoder.epsilon());
        Tensor logits = ops.matmul(normed, decoder.head());
        return further.map(module -> List.of(logits, module.forward(ops, normed, batch.nextTokens(), context)))
                .orElse(List.of(logits));
    }

    private LayerContext context(Batch batch, KvCache cache) {
        return new LayerContext(batch.spans(), config.rotary().at(batch.positions()), cache);
    }
}
