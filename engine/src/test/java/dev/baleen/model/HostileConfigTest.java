package dev.baleen.model;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.IntNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.baleen.checkpoint.Checkpoint;
import dev.baleen.checkpoint.CheckpointException;
import dev.baleen.checkpoint.Config;
import dev.baleen.checkpoint.Gguf;
import dev.baleen.checkpoint.GgufType;
import dev.baleen.checkpoint.GgufValue;
import dev.baleen.checkpoint.HuggingFaceFolder;
import dev.baleen.dtype.DType;
import dev.baleen.kernel.EagerOps;
import dev.baleen.kernel.ScalarKernels;
import dev.baleen.tensor.Workspace;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Settings that lie: every one of a file's, one after another, set to what no model has. The file is refused with a
/// message, or runs; nothing crashes, hangs or fills memory.
@Tag("slow")
class HostileConfigTest {
    private static final List<JsonNode> VALUES = List.of(
            IntNode.valueOf(0),
            IntNode.valueOf(-1),
            IntNode.valueOf(1),
            IntNode.valueOf(3),
            IntNode.valueOf(1 << 14),
            IntNode.valueOf(Integer.MAX_VALUE),
            DoubleNode.valueOf(-0.5),
            DoubleNode.valueOf(1e300),
            TextNode.valueOf("none"),
            BooleanNode.TRUE,
            NullNode.getInstance(),
            JsonNodeFactory.instance.arrayNode().add(2).add(4),
            JsonNodeFactory.instance.objectNode().put("type", "yarn"));

    @TempDir
    private Path folder;

    private int refused;
    private int ran;

    @Test
    void ofFolders() throws IOException {
        DeepSeekV3Config third = RandomModel.v3();
        ObjectNode v3 = third.toJson();
        v3.putObject("quantization_config")
                .put("quant_method", "fp8")
                .putArray("weight_block_size")
                .add(128)
                .add(128);
        HuggingFaceFolder.write(folder, v3, RandomModel.weights(DeepSeekV3.parameterShapes(third), DType.F32, 1));
        tryAll(v3);
        TransformerConfig plain = RandomModel.plain();
        ObjectNode llama = JsonNodeFactory.instance
                .objectNode()
                .put("model_type", "llama")
                .put("vocab_size", plain.vocabularySize())
                .put("hidden_size", plain.hiddenSize())
                .put("num_hidden_layers", plain.layers())
                .put("num_attention_heads", plain.heads())
                .put("num_key_value_heads", plain.keyValueHeads())
                .put("head_dim", plain.headDim())
                .put("intermediate_size", plain.intermediateSize())
                .put("rms_norm_eps", plain.rmsNormEps())
                .put("rope_theta", 10_000)
                .put("max_position_embeddings", plain.contextLength())
                .put("tie_word_embeddings", true);
        llama.putObject("rope_scaling")
                .put("rope_type", "yarn")
                .put("factor", 4)
                .put("original_max_position_embeddings", 32)
                .put("attention_factor", 1);
        HuggingFaceFolder.write(folder, llama, RandomModel.weights(Transformer.parameterShapes(plain), DType.F32, 1));
        tryAll(llama);
        DeepSeekV3Config sparse = RandomModel.v32();
        HuggingFaceFolder.write(
                folder, sparse.toJson(), RandomModel.weights(DeepSeekV3.parameterShapes(sparse), DType.F32, 1));
        tryAll(sparse.toJson());
        ObjectNode v4 = v4();
        HuggingFaceFolder.write(
                folder,
                v4,
                RandomModel.of(DeepSeekV4Config.ofHuggingFace(Config.of("config.json", v4)), DType.F32, 1)
                        .parameters());
        tryAll(v4);
        assertTrue(refused > 400 && ran > 100, refused + " refused, " + ran + " ran");
    }

    private static ObjectNode v4() {
        ObjectNode json = JsonNodeFactory.instance
                .objectNode()
                .put("model_type", "deepseek_v4")
                .put("vocab_size", 50)
                .put("hidden_size", 12)
                .put("num_hidden_layers", 3)
                .put("num_attention_heads", 4)
                .put("head_dim", 10)
                .put("qk_rope_head_dim", 4)
                .put("q_lora_rank", 6)
                .put("o_groups", 2)
                .put("o_lora_rank", 3)
                .put("sliding_window", 5)
                .put("index_n_heads", 2)
                .put("index_head_dim", 6)
                .put("index_topk", 2)
                .put("hc_mult", 2)
                .put("hc_sinkhorn_iters", 3)
                .put("hc_eps", 1e-6)
                .put("moe_intermediate_size", 7)
                .put("n_routed_experts", 5)
                .put("n_shared_experts", 1)
                .put("num_experts_per_tok", 2)
                .put("scoring_func", "sqrtsoftplus")
                .put("norm_topk_prob", true)
                .put("routed_scaling_factor", 1.5)
                .put("num_hash_layers", 1)
                .put("swiglu_limit", 10)
                .put("rms_norm_eps", 1e-6)
                .put("rope_theta", 10_000)
                .put("compress_rope_theta", 160_000)
                .put("max_position_embeddings", 512)
                .put("num_nextn_predict_layers", 1)
                .put("tie_word_embeddings", false);
        json.putArray("compress_ratios").add(0).add(4).add(2).add(0);
        json.putObject("rope_scaling")
                .put("type", "yarn")
                .put("factor", 16)
                .put("original_max_position_embeddings", 64)
                .put("beta_fast", 32)
                .put("beta_slow", 1);
        return json;
    }

    private void tryAll(ObjectNode config) throws IOException {
        for (String key : names(config)) {
            for (JsonNode value : VALUES) {
                ObjectNode changed = config.deepCopy();
                changed.set(key, value);
                tryFolder(changed, key, value);
                if (config.get(key) instanceof ObjectNode section) {
                    for (String inner : names(section)) {
                        changed = config.deepCopy();
                        ((ObjectNode) changed.get(key)).set(inner, value);
                        tryFolder(changed, key + "." + inner, value);
                    }
                }
            }
        }
    }

    private static List<String> names(ObjectNode object) {
        List<String> names = new ArrayList<>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }

    private void tryFolder(ObjectNode config, String key, JsonNode value) throws IOException {
        HuggingFaceFolder.writeJson(folder.resolve("config.json"), config);
        tryLoading(folder, key + " = " + value);
    }

    @Test
    void ofGgufFiles() throws IOException {
        tryAll(GgufLayout.of(RandomModel.v3(), 1));
        tryAll(GgufLayout.of(RandomModel.mixture(EnumSet.noneOf(TransformerConfig.Trait.class)), 1));
        assertTrue(refused > 100 && ran > 50, refused + " refused, " + ran + " ran");
    }

    private void tryAll(GgufLayout layout) throws IOException {
        List<GgufValue> values = List.of(
                new GgufValue.Whole(GgufType.UINT32, 0),
                new GgufValue.Whole(GgufType.UINT32, 1),
                new GgufValue.Whole(GgufType.UINT32, 3),
                new GgufValue.Whole(GgufType.UINT32, 1 << 14),
                new GgufValue.Whole(GgufType.UINT32, Integer.MAX_VALUE),
                new GgufValue.Whole(GgufType.UINT32, 4_000_000_000L),
                new GgufValue.Whole(GgufType.INT64, -1),
                new GgufValue.Real(GgufType.FLOAT32, Float.NaN),
                new GgufValue.Real(GgufType.FLOAT64, 1e300),
                new GgufValue.Text("linear"),
                new GgufValue.Flag(true),
                GgufValue.Many.wholes(GgufType.INT32, 1, 2));
        Path file = folder.resolve("model.gguf");
        for (String key : List.copyOf(layout.metadata.keySet())) {
            for (GgufValue value : values) {
                LinkedHashMap<String, GgufValue> metadata = new LinkedHashMap<>(layout.metadata);
                metadata.put(key, value);
                Gguf.write(file, metadata, layout.tensors);
                tryLoading(file, key + " = " + value);
            }
        }
    }

    private void tryLoading(Path path, String where) {
        try (Checkpoint checkpoint = Checkpoint.open(path)) {
            Model model = Architectures.load(checkpoint);
            try (Workspace workspace = new Workspace(1 << 20)) {
                EagerOps ops = new EagerOps(new ScalarKernels(), workspace);
                model.forward(ops, Batch.documents(List.of(new int[] {1, 2, 3})), KvCache.none());
            }
            ran++;
        } catch (CheckpointException e) {
            refused++;
        } catch (RuntimeException | Error e) {
            fail(where, e);
        }
    }
}
