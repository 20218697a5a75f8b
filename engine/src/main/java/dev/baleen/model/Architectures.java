package dev.baleen.model;

import dev.baleen.checkpoint.Checkpoint;
import dev.baleen.checkpoint.CheckpointException;
import dev.baleen.checkpoint.Config;
import dev.baleen.checkpoint.Gguf;
import dev.baleen.checkpoint.HuggingFaceFolder;
import dev.baleen.checkpoint.Safetensors;
import dev.baleen.checkpoint.TensorEntry;
import dev.baleen.checkpoint.Weights;
import dev.baleen.tensor.Tensor;
import java.util.function.Supplier;

/// The architectures that Baleen knows: a new one is one file and one line in each of the two switches.
public final class Architectures {
    private Architectures() {}

    /// The model in a checkpoint, its weights being views of the checkpoint's memory.
    ///
    /// @throws CheckpointException if the architecture is unknown, or settings or weights are missing or do not
    ///     fit: all told together
    public static Model load(Checkpoint checkpoint) {
        Config config = checkpoint.config();
        Weights weights = Weights.of(checkpoint);
        Model model = switch (checkpoint) {
            case Gguf gguf -> fromGguf(gguf, config, new GgufWeights(weights));
            case HuggingFaceFolder _ -> fromHuggingFace(config, new NamedWeights(weights));
            case Safetensors _ ->
                throw refused(config, "model_type", "is not there", "name the folder that holds config.json too");
        };
        weights.finish();
        return model;
    }

    private static Model fromGguf(Gguf gguf, Config config, WeightSource weights) {
        int vocabulary = vocabulary(gguf);
        return switch (gguf.architecture()) {
            case "llama" -> transformer(config, weights, () -> Llama.ofGguf(config, vocabulary, weights));
            case "qwen2" -> transformer(config, weights, () -> Qwen2.ofGguf(config, vocabulary, weights));
            case "qwen3" -> transformer(config, weights, () -> Qwen3.ofGguf(config, vocabulary, weights));
            case "deepseek" -> transformer(config, weights, () -> DeepSeekMoe.ofGguf(config, vocabulary, weights));
            case "deepseek2", "deepseek32" ->
                DeepSeekV3.of(DeepSeekV3Config.ofGguf(config, vocabulary, weights), weights);
            case "deepseek4" -> DeepSeekV4.of(DeepSeekV4Config.ofGguf(config, vocabulary), weights);
            default ->
                throw refused(
                        config,
                        "general.architecture",
                        "is '" + gguf.architecture() + "'",
                        "Baleen runs llama, qwen2, qwen3, deepseek, deepseek2, deepseek32 and deepseek4");
        };
    }

    private static Model fromHuggingFace(Config config, WeightSource weights) {
        String type = config.text("model_type");
        return switch (type) {
            case "llama" -> transformer(config, weights, () -> Llama.ofHuggingFace(config));
            case "qwen2" -> transformer(config, weights, () -> Qwen2.ofHuggingFace(config));
            case "qwen3" -> transformer(config, weights, () -> Qwen3.ofHuggingFace(config));
            case "deepseek" -> transformer(config, weights, () -> DeepSeekMoe.ofHuggingFace(config));
            case "deepseek_v2", "deepseek_v3", "deepseek_v32" ->
                DeepSeekV3.of(DeepSeekV3Config.ofHuggingFace(config), weights);
            case "deepseek_v4" -> fourth(DeepSeekV4Config.ofHuggingFace(config), weights);
            default ->
                throw refused(
                        config,
                        "model_type",
                        "is '" + type + "'",
                        "Baleen runs llama, qwen2, qwen3, deepseek, deepseek_v2, deepseek_v3, deepseek_v32 and deepseek_v4");
        };
    }

    private static Model fourth(DeepSeekV4Config config, WeightSource weights) {
        return DeepSeekV4.of(
                config, TransformersV4Weights.found(weights) ? new TransformersV4Weights(weights, config) : weights);
    }

    private static Model transformer(Config config, WeightSource weights, Supplier<TransformerConfig> reading) {
        return Transformer.of(Settings.checked(config, reading), weights);
    }

    /// Rows of the embedding: old files give the vocabulary's size nowhere else.
    private static int vocabulary(Gguf gguf) {
        TensorEntry embedding = gguf.entries().get("token_embd.weight");
        return embedding == null ? 1 : Math.toIntExact(embedding.shape().axis(0));
    }

    private static IllegalStateException refused(Config config, String key, String what, String remedy) {
        config.problem(key, what, remedy);
        config.finish();
        return new IllegalStateException("A recorded problem was not told: " + key + " " + what);
    }

    /// Weights under their Hugging Face names. Norms and biases come in single precision.
    private record NamedWeights(Weights weights) implements WeightSource {
        @Override
        public boolean has(String name) {
            return weights.has(name);
        }

        @Override
        public Tensor get(String name, long... shape) {
            return shape.length == 1 ? weights.getFloats(name, shape) : weights.get(name, shape);
        }

        @Override
        public Tensor floats(String name, long... shape) {
            return weights.getFloats(name, shape);
        }
    }
}
