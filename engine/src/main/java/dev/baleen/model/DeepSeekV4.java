package dev.baleen.model;

import dev.baleen.kernel.HyperRule;
import dev.baleen.kernel.Ops;
import dev.baleen.tensor.Shape;
import dev.baleen.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;

/// DeepSeek-V4: several residual streams with hyper-connections, compressed attention, experts that are chosen by the
/// token in the first layers, and a module that predicts one token further. Weights have DeepSeek's own names.
///
/// Shapes: T rows, N streams, D model width.
public final class DeepSeekV4 implements Model {
    private final DeepSeekV4Config config;
    private final Tensor embedding;
    private final List<Layer> layers;
    private final Head head;
    private final Optional<Further> further;
    private final CacheLayout cacheLayout;
    private final SequencedMap<String, Tensor> parameters;

    /// @param attentionStreams how attention is connected with the streams, and `expertStreams` how the experts are
    record Layer(
            double epsilon,
            HyperConnection attentionStreams,
            Tensor attentionNorm,
            CompressedAttention attention,
            HyperConnection expertStreams,
            Tensor expertNorm,
            HashedExperts experts) {
        static Layer load(WeightSource weights, String prefix, int index, DeepSeekV4Config config, StreamList streams) {
            HyperRule rule = config.streams();
            long width = config.hiddenSize();
            DeepSeekV4Config.Compression compression =
                    index < config.compressions().size()
                            ? config.compressions().get(index)
                            : DeepSeekV4Config.Compression.NONE;
            return new Layer(
                    config.rmsNormEps(),
                    HyperConnection.load(weights, prefix + ".hc_attn", rule, config),
                    weights.get(prefix + ".attn_norm.weight", width),
                    CompressedAttention.load(weights, prefix + ".attn", config, compression, streams),
                    HyperConnection.load(weights, prefix + ".hc_ffn", rule, config),
                    weights.get(prefix + ".ffn_norm.weight", width),
                    HashedExperts.load(weights, prefix + ".ffn", config, index < config.hashLayers()));
        }

        /// Streams [T, N, D] after streams [T, N, D].
        Tensor forward(Ops ops, Tensor streams, int[] tokens, CompressedContext context) {
            long mark = ops.mark();
            Tensor weights = attentionStreams.weights(ops, streams);
            Tensor x = ops.rmsNorm(ops.collapse(streams, weights), attentionNorm, epsilon);
            Tensor attended = attention.forward(ops, x, context);
            Tensor middle = ops.release(mark, ops.spread(attended, streams, weights));
            Tensor further = expertStreams.weights(ops, middle);
            Tensor y = ops.rmsNorm(ops.collapse(middle, further), expertNorm, epsilon);
            return ops.spread(experts.forward(ops, y, tokens, context.spans()), middle, further);
        }
    }

    /// From streams to logits.
    ///
    /// @param norm [D]
    /// @param projection [V, D]
    record Head(HyperConnection streams, Tensor norm, Tensor projection) {
        static Head load(WeightSource weights, String prefix, DeepSeekV4Config config, Tensor projection) {
            return new Head(
                    HyperConnection.load(
                            weights, prefix + "hc_head", config.streams().in(), config),
                    weights.get(prefix + "norm.weight", config.hiddenSize()),
                    projection);
        }

        /// Logits [T, V] of streams [T, N, D].
        Tensor forward(Ops ops, Tensor x) {
            Tensor one = ops.collapse(x, streams.weights(ops, x));
            return ops.matmul(ops.rmsNorm(one, norm, streams.epsilon()), projection);
        }
    }

    /// The module that predicts token t + 2: the trunk's streams at t and the embedding of token t + 1, each
    /// projected and added, run through one more layer and a head of its own. Only training looks so far.
    ///
    /// @param embeddingNorm [D]
    /// @param embeddingProjection [D, D]
    /// @param streamNorm [D]
    /// @param streamProjection [D, D]
    record Further(
            Tensor embeddingNorm,
            Tensor embeddingProjection,
            Tensor streamNorm,
            Tensor streamProjection,
            Layer layer,
            Head head) {
        static Further load(WeightSource weights, DeepSeekV4Config config, Tensor projection) {
            long width = config.hiddenSize();
            return new Further(
                    weights.get("mtp.0.enorm.weight", width),
                    weights.get("mtp.0.e_proj.weight", width, width),
                    weights.get("mtp.0.hnorm.weight", width),
                    weights.get("mtp.0.h_proj.weight", width, width),
                    Layer.load(weights, "mtp.0", config.layers(), config, new StreamList()),
                    Head.load(weights, "mtp.0.", config, projection));
        }

        Tensor forward(Ops ops, Tensor streams, Tensor next, int[] nextTokens, CompressedContext context) {
            double epsilon = layer.epsilon();
            int n = streams.axis(1);
            Tensor embedded = ops.matmul(ops.rmsNorm(next, embeddingNorm, epsilon), embeddingProjection);
            Tensor trunk = ops.matmul(ops.rmsNorm(streams, streamNorm, epsilon), streamProjection);
            Tensor joined = ops.add(repeated(ops, embedded, n), trunk);
            return head.forward(ops, layer.forward(ops, joined, nextTokens, context));
        }
    }

    private DeepSeekV4(DeepSeekV4Config config, WeightSource source) {
        RecordingSource weights = new RecordingSource(source);
        this.config = config;
        StreamList streams = new StreamList();
        embedding = weights.get("embed.weight", config.vocabularySize(), config.hiddenSize());
        List<Layer> loaded = new ArrayList<>();
        for (int i = 0; i < config.layers(); i++) {
            loaded.add(Layer.load(weights, "layers." + i, i, config, streams));
        }
        layers = List.copyOf(loaded);
        Tensor projection = weights.get("head.weight", config.vocabularySize(), config.hiddenSize());
        head = Head.load(weights, "", config, projection);
        further = config.predictionLayers() > 0 && weights.has("mtp.0.e_proj.weight")
                ? Optional.of(Further.load(weights, config, projection))
                : Optional.empty();
        cacheLayout = streams.layout();
        parameters = Collections.unmodifiableSequencedMap(weights.taken());
    }

    /// The model of a config and its weights.
    public static DeepSeekV4 of(DeepSeekV4Config config, WeightSource weights) {
        return new DeepSeekV4(config, weights);
    }

    /// The name and shape of every weight that a new model of this config has, in the order of the forward pass.
    public static SequencedMap<String, Shape> parameterShapes(DeepSeekV4Config config) {
        BlankSource blank = new BlankSource(_ -> true);
        new DeepSeekV4(config, blank);
        return blank.shapes();
    }

    @Override
    public String architecture() {
        return "deepseek_v4";
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
        return cacheLayout;
    }

    @Override
    public SequencedMap<String, Tensor> parameters() {
        return parameters;
    }

    @Override
    public Model with(WeightSource weights) {
        return of(config, weights);
    }

    @Override
    public Tensor forward(Ops ops, Batch batch, KvCache cache) {
        Tensor streams = trunk(ops, batch, new CompressedContext(config, batch, cache));
        if (!batch.wantsAllRows()) {
            long width = (long) streams.axis(1) * streams.columns();
            Tensor wanted = ops.gatherRows(streams.reshape(streams.axis(0), width), batch.outputs());
            streams = wanted.reshape(wanted.rows(), streams.axis(1), streams.columns());
        }
        return head.forward(ops, streams);
    }

    @Override
    public List<Tensor> predictions(Ops ops, Batch batch) {
        CompressedContext context = new CompressedContext(config, batch, KvCache.none());
        Tensor streams = trunk(ops, batch, context);
        Tensor logits = head.forward(ops, streams);
        if (further.isEmpty()) {
            return List.of(logits);
        }
        int[] next = batch.nextTokens();
        return List.of(logits, further.get().forward(ops, streams, ops.embedding(embedding, next), next, context));
    }

    /// [T, N, D]: every stream begins as the token's embedding.
    private Tensor trunk(Ops ops, Batch batch, CompressedContext context) {
        Tensor streams = repeated(
                ops, ops.embedding(embedding, batch.tokens()), config.streams().streams());
        long mark = ops.mark();
        for (Layer layer : layers) {
            streams = ops.release(mark, layer.forward(ops, streams, batch.tokens(), context));
        }
        return streams;
    }

    /// [T, N, D]: each row N times.
    private static Tensor repeated(Ops ops, Tensor x, int n) {
        int[] rows = new int[x.rows() * n];
        Arrays.setAll(rows, i -> i / n);
        return ops.gatherRows(x, rows).reshape(x.rows(), n, x.columns());
    }
}
