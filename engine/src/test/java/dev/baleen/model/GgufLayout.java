package dev.baleen.model;

import dev.baleen.checkpoint.GgufType;
import dev.baleen.checkpoint.GgufValue;
import dev.baleen.dtype.DType;
import dev.baleen.kernel.GateRule.Scoring;
import dev.baleen.tensor.Tensor;
import java.lang.foreign.Arena;
import java.util.LinkedHashMap;
import java.util.SequencedMap;

/// A random model as a GGUF file has it, for tests: metadata and tensors that can be changed before they are written.
final class GgufLayout {
    final SequencedMap<String, GgufValue> metadata = new LinkedHashMap<>();
    final SequencedMap<String, Tensor> tensors = new LinkedHashMap<>();
    private final String architecture;

    private GgufLayout(String architecture) {
        this.architecture = architecture;
        metadata.put("general.architecture", new GgufValue.Text(architecture));
    }

    void put(String key, int value) {
        metadata.put(architecture + "." + key, new GgufValue.Whole(GgufType.UINT32, value));
    }

    void put(String key, double value) {
        metadata.put(architecture + "." + key, new GgufValue.Real(GgufType.FLOAT32, value));
    }

    /// DeepSeek-V2 or V3 as today's converter writes it: keys and values apart, the keys transposed.
    static GgufLayout of(DeepSeekV3Config config, long seed) {
        GgufLayout layout = new GgufLayout("deepseek2");
        layout.put("block_count", config.layers() + config.predictionLayers());
        layout.put("nextn_predict_layers", config.predictionLayers());
        layout.put("context_length", config.contextLength());
        layout.put("embedding_length", config.hiddenSize());
        layout.put("feed_forward_length", config.intermediateSize());
        layout.put("attention.head_count", config.heads());
        layout.put("attention.head_count_kv", 1);
        layout.put("attention.layer_norm_rms_epsilon", config.rmsNormEps());
        if (config.qLoraRank() > 0) {
            layout.put("attention.q_lora_rank", config.qLoraRank());
        }
        layout.put("attention.kv_lora_rank", config.kvLoraRank());
        layout.put("attention.key_length", config.kvLoraRank() + config.qkRopeHeadDim());
        layout.put("attention.value_length", config.kvLoraRank());
        layout.put("attention.key_length_mla", config.qkHeadDim());
        layout.put("attention.value_length_mla", config.vHeadDim());
        layout.put("leading_dense_block_count", config.firstDenseLayers());
        layout.put("expert_feed_forward_length", config.moeIntermediateSize());
        layout.put("expert_count", config.routedExperts());
        layout.put("expert_used_count", config.gate().chosen());
        layout.put("expert_shared_count", config.sharedExperts());
        layout.put("expert_group_count", config.gate().groups());
        layout.put("expert_group_used_count", config.gate().groupsKept());
        layout.put("expert_gating_func", config.gate().scoring() == Scoring.SIGMOID ? 2 : 1);
        layout.put("expert_weights_scale", config.gate().scale());
        layout.metadata.put(
                "deepseek2.expert_weights_norm",
                new GgufValue.Flag(config.gate().normalise()));
        layout.put("rope.dimension_count", config.qkRopeHeadDim());
        layout.put("rope.freq_base", config.ropeTheta());
        config.yarn().ifPresent(yarn -> {
            layout.metadata.put("deepseek2.rope.scaling.type", new GgufValue.Text("yarn"));
            layout.put("rope.scaling.factor", yarn.factor());
            layout.put("rope.scaling.original_context_length", (int) yarn.originalContext());
            layout.put("rope.scaling.yarn_log_multiplier", 0.1 * yarn.mscaleAllDim());
        });
        layout.addAll(RandomModel.weights(DeepSeekV3.parameterShapes(config), DType.F32, seed));
        for (String name : layout.tensors.keySet().toArray(String[]::new)) {
            if (name.endsWith("attn_kv_b.weight")) {
                layout.split(name, config);
            }
        }
        return layout;
    }

    /// A mixture of experts with grouped-query attention.
    static GgufLayout of(TransformerConfig config, long seed) {
        GgufLayout layout = new GgufLayout(config.architecture());
        layout.put("block_count", config.layers());
        layout.put("context_length", config.contextLength());
        layout.put("embedding_length", config.hiddenSize());
        layout.put("feed_forward_length", config.intermediateSize());
        layout.put("attention.head_count", config.heads());
        layout.put("attention.head_count_kv", config.keyValueHeads());
        layout.put("attention.key_length", config.headDim());
        layout.put("attention.layer_norm_rms_epsilon", config.rmsNormEps());
        layout.put("rope.dimension_count", config.rotary().columns());
        config.experts().ifPresent(experts -> {
            layout.put("leading_dense_block_count", experts.firstDenseLayers());
            layout.put("expert_feed_forward_length", experts.intermediateSize());
            layout.put("expert_count", experts.routed());
            layout.put("expert_used_count", experts.gate().chosen());
            layout.put("expert_shared_count", experts.shared());
        });
        layout.addAll(RandomModel.weights(Transformer.parameterShapes(config), DType.F32, seed));
        return layout;
    }

    /// Keys and values of all heads in one matrix, and their widths under the keys that now mean the latent's.
    GgufLayout joint() {
        for (String name : tensors.keySet().toArray(String[]::new)) {
            if (name.endsWith("attn_k_b.weight")) {
                Tensor keys = tensors.remove(name);
                Tensor values = tensors.remove(name.replace("k_b", "v_b"));
                tensors.put(name.replace("k_b", "kv_b"), joined(keys, values));
                put("attention.head_count_kv", keys.axis(0));
            }
        }
        metadata.put("deepseek2.attention.key_length", metadata.remove("deepseek2.attention.key_length_mla"));
        metadata.put("deepseek2.attention.value_length", metadata.remove("deepseek2.attention.value_length_mla"));
        return this;
    }

    private void addAll(SequencedMap<String, Tensor> weights) {
        weights.forEach((name, tensor) -> {
            GgufNames stored = GgufNames.of(name);
            if (stored.entry().isEmpty()) {
                tensors.put(stored.name(), tensor);
            } else if (stored.entry().getAsInt() == 0) {
                tensors.put(stored.name(), stack(weights, name, tensor));
            }
        });
    }

    private static Tensor stack(SequencedMap<String, Tensor> weights, String first, Tensor entry) {
        int count = 0;
        while (weights.containsKey(first.replace("experts.0.", "experts.%d.".formatted(count)))) {
            count++;
        }
        Tensor stack = Tensor.allocate(Arena.ofAuto(), DType.F32, count, entry.rows(), entry.columns());
        for (int i = 0; i < count; i++) {
            Tensor each = weights.get(first.replace("experts.0.", "experts.%d.".formatted(i)));
            stack.slice(i, i + 1).data().copyFrom(each.data());
        }
        return stack;
    }

    private void split(String name, DeepSeekV3Config config) {
        Tensor joint = tensors.remove(name);
        int width = config.qkNopeHeadDim() + config.vHeadDim();
        int latent = config.kvLoraRank();
        Tensor keys = Tensor.allocate(Arena.ofAuto(), DType.F32, config.heads(), latent, config.qkNopeHeadDim());
        Tensor values = Tensor.allocate(Arena.ofAuto(), DType.F32, config.heads(), config.vHeadDim(), latent);
        for (int h = 0; h < config.heads(); h++) {
            for (int c = 0; c < latent; c++) {
                for (int n = 0; n < width; n++) {
                    double value = joint.get(((long) h * width + n) * latent + c);
                    if (n < config.qkNopeHeadDim()) {
                        keys.set(((long) h * latent + c) * config.qkNopeHeadDim() + n, value);
                    } else {
                        int v = n - config.qkNopeHeadDim();
                        values.set(((long) h * config.vHeadDim() + v) * latent + c, value);
                    }
                }
            }
        }
        tensors.put(name.replace("kv_b", "k_b"), keys);
        tensors.put(name.replace("kv_b", "v_b"), values);
    }

    private static Tensor joined(Tensor keys, Tensor values) {
        int latent = keys.axis(1);
        int width = keys.axis(2) + values.axis(1);
        Tensor joint = Tensor.allocate(Arena.ofAuto(), DType.F32, (long) keys.axis(0) * width, latent);
        for (int h = 0; h < keys.axis(0); h++) {
            for (int n = 0; n < width; n++) {
                for (int c = 0; c < latent; c++) {
                    double value = n < keys.axis(2)
                            ? keys.get(((long) h * latent + c) * keys.axis(2) + n)
                            : values.get(((long) h * values.axis(1) + n - keys.axis(2)) * latent + c);
                    joint.set(((long) h * width + n) * latent + c, value);
                }
            }
        }
        return joint;
    }
}
