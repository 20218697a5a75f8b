package dev.baleen.model;

import dev.baleen.dtype.DType;
import dev.baleen.kernel.Ops;
import dev.baleen.kernel.Span;
import dev.baleen.tensor.Shape;
import dev.baleen.tensor.Tensor;
import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;

/// DeepSeek-V2, V2-Lite, V3, R1 and V3.1: latent attention, a mixture of experts, and a module that predicts one token
/// further (arXiv 2405.04434 and 2412.19437).
public final class DeepSeekV3 implements Model {
    private final DeepSeekV3Config config;
    private final Tensor embedding;
    private final List<Layer> layers;
    private final Tensor norm;
    private final Tensor head;
    private final Optional<MultiTokenPrediction> further;
    private final SequencedMap<String, Tensor> parameters;

    /// A pre-norm transformer layer.
    ///
    /// @param feedForward the dense layer of the first layers, or
    /// @param experts the mixture of the others: one of the two is there
    record Layer(
            int index,
            double epsilon,
            Tensor attentionNorm,
            LatentAttention attention,
            Tensor feedForwardNorm,
            Optional<FeedForward> feedForward,
            Optional<MixtureOfExperts> experts) {
        static Layer load(WeightSource weights, int index, DeepSeekV3Config config) {
            String prefix = "model.layers." + index;
            long width = config.hiddenSize();
            boolean dense = index < config.firstDenseLayers();
            return new Layer(
                    index,
                    config.rmsNormEps(),
                    weights.get(prefix + ".input_layernorm.weight", width),
                    LatentAttention.load(weights, prefix + ".self_attn", config),
                    weights.get(prefix + ".post_attention_layernorm.weight", width),
                    dense
                            ? Optional.of(FeedForward.load(weights, prefix + ".mlp", width, config.intermediateSize()))
                            : Optional.empty(),
                    dense ? Optional.empty() : Optional.of(MixtureOfExperts.load(weights, prefix + ".mlp", config)));
        }

        Tensor forward(Ops ops, Tensor x, LayerContext context) {
            long mark = ops.mark();
            Tensor attended = attention.forward(ops, ops.rmsNorm(x, attentionNorm, epsilon), context, index);
            Tensor middle = ops.release(mark, ops.add(x, attended));
            Tensor normed = ops.rmsNorm(middle, feedForwardNorm, epsilon);
            Tensor out = feedForward.isPresent()
                    ? feedForward.get().forward(ops, normed)
                    : experts.orElseThrow().forward(ops, normed, context.spans());
            return ops.add(middle, out);
        }
    }

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
            Layer layer,
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
                    Layer.load(weights, config.layers(), config),
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
        SequencedMap<String, Tensor> taken = new LinkedHashMap<>();
        WeightSource weights = new RecordingSource(source, taken);
        this.config = config;
        long width = config.hiddenSize();
        embedding = weights.get("model.embed_tokens.weight", config.vocabularySize(), width);
        List<Layer> loaded = new ArrayList<>();
        for (int i = 0; i < config.layers(); i++) {
            loaded.add(Layer.load(weights, i, config));
        }
        layers = List.copyOf(loaded);
        norm = weights.get("model.norm.weight", width);
        head = config.tiedEmbeddings() ? embedding : weights.get("lm_head.weight", config.vocabularySize(), width);
        further = config.predictionLayers() > 0 && weights.has("model.layers." + config.layers() + ".eh_proj.weight")
                ? Optional.of(MultiTokenPrediction.load(weights, config, embedding, head))
                : Optional.empty();
        parameters = Collections.unmodifiableSequencedMap(taken);
    }

    /// The model of a config and its weights.
    public static DeepSeekV3 of(DeepSeekV3Config config, WeightSource weights) {
        return new DeepSeekV3(config, weights);
    }

    /// The name and shape of every weight that a new model of this config has, in the order of the forward pass.
    public static SequencedMap<String, Shape> parameterShapes(DeepSeekV3Config config) {
        SequencedMap<String, Shape> shapes = new LinkedHashMap<>();
        new DeepSeekV3(config, new BlankSource(shapes));
        return shapes;
    }

    public DeepSeekV3Config config() {
        return config;
    }

    /// Whether the module that predicts two tokens ahead is there.
    public boolean predictsFurther() {
        return further.isPresent();
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
        return new CacheLayout(config.layers(), config.kvLoraRank() + config.qkRopeHeadDim());
    }

    @Override
    public SequencedMap<String, Tensor> parameters() {
        return parameters;
    }

    @Override
    public Tensor forward(Ops ops, Batch batch, KvCache cache) {
        Tensor hidden = trunk(ops, batch, context(batch, cache));
        if (!batch.wantsAllRows()) {
            hidden = ops.gatherRows(hidden, batch.outputs());
        }
        return ops.matmul(ops.rmsNorm(hidden, norm, config.rmsNormEps()), head);
    }

    @Override
    public List<Tensor> predictions(Ops ops, Batch batch) {
        LayerContext context = context(batch, KvCache.none());
        Tensor normed = ops.rmsNorm(trunk(ops, batch, context), norm, config.rmsNormEps());
        Tensor logits = ops.matmul(normed, head);
        return further.map(module -> List.of(logits, module.forward(ops, normed, nextTokens(batch), context)))
                .orElse(List.of(logits));
    }

    /// [T, D], before the final norm.
    private Tensor trunk(Ops ops, Batch batch, LayerContext context) {
        Tensor x = ops.embedding(embedding, batch.tokens());
        long mark = ops.mark();
        for (Layer layer : layers) {
            x = ops.release(mark, layer.forward(ops, x, context));
        }
        return x;
    }

    private LayerContext context(Batch batch, KvCache cache) {
        return new LayerContext(batch.spans(), config.rotary().at(batch.positions()), cache);
    }

    /// The token after each row; the last row of a document has none and repeats its own, which no loss counts.
    private static int[] nextTokens(Batch batch) {
        int[] tokens = batch.tokens();
        int[] next = Arrays.copyOf(tokens, tokens.length);
        for (Span span : batch.spans()) {
            System.arraycopy(tokens, span.firstRow() + 1, next, span.firstRow(), span.rows() - 1);
        }
        return next;
    }

    /// Remembers what was taken.
    private record RecordingSource(WeightSource source, SequencedMap<String, Tensor> taken) implements WeightSource {
        @Override
        public boolean has(String name) {
            return source.has(name);
        }

        @Override
        public Tensor get(String name, long... shape) {
            Tensor tensor = source.get(name, shape);
            taken.put(name, tensor);
            return tensor;
        }
    }

    /// A new model's weights: everything but what is shared or belongs to another file format.
    private record BlankSource(SequencedMap<String, Shape> shapes) implements WeightSource {
        @Override
        public boolean has(String name) {
            return !name.endsWith(".k_b_proj.weight")
                    && !name.endsWith(".embed_tokens.weight")
                    && !name.endsWith(".shared_head.head.weight");
        }

        @Override
        public Tensor get(String name, long... shape) {
            shapes.put(name, Shape.of(shape));
            return Tensor.allocate(Arena.ofAuto(), DType.F32, shape);
        }
    }
}
