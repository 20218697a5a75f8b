package dev.baleen.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.baleen.checkpoint.Checkpoint;
import dev.baleen.checkpoint.Config;
import dev.baleen.checkpoint.HuggingFaceFolder;
import dev.baleen.dtype.DType;
import dev.baleen.kernel.RotaryEmbedding;
import dev.baleen.kernel.RotaryEmbedding.Pairing;
import dev.baleen.kernel.ScalarKernels;
import dev.baleen.model.CacheLayout.Paged;
import dev.baleen.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.SequencedMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeepSeekV4Test {
    @TempDir
    private Path folder;

    @Test
    void isTheSameUnderTheNamesAndSettingsOfTransformers() throws IOException {
        ReferenceModel reference = ReferenceModel.read("hf/deepseek-v4");
        int[] prompt = Arrays.copyOf(reference.prompt(), 140);
        try (Checkpoint own = Checkpoint.open(reference.path())) {
            Model model = Architectures.load(own);
            HuggingFaceFolder.write(folder, newer(reference.path()), renamed(model.parameters()));
            try (Checkpoint other = Checkpoint.open(folder);
                    Decoding expected = new Decoding(model, new ScalarKernels(), 1);
                    Decoding actual = new Decoding(Architectures.load(other), new ScalarKernels(), 1)) {
                assertArrayEquals(expected.feed(prompt), actual.feed(prompt));
            }
        }
    }

    @Test
    void theNewerFormHasTheBaseOfCompressedLayersInTheirSection() throws IOException {
        ObjectNode json = newer(ReferenceModel.read("hf/deepseek-v4").path());
        ((ObjectNode) json.get("rope_parameters").get("compress")).put("rope_theta", 40_000);
        DeepSeekV4Config config = DeepSeekV4Config.ofHuggingFace(Config.of("config.json", json));
        RotaryEmbedding expected = RotaryEmbedding.plain(config.ropeDim(), 40_000, Pairing.INTERLEAVED)
                .yarn(40_000, 16, 64, 32, 1, 1);
        assertArrayEquals(expected.frequencies(), config.compressedRotary().frequencies(), 1e-15);
    }

    /// The settings as `transformers` writes them: layers by type, and both rotary embeddings in one section.
    private static ObjectNode newer(Path folder) throws IOException {
        ObjectNode json = (ObjectNode)
                new ObjectMapper().readTree(folder.resolve("config.json").toFile());
        ArrayNode types = json.putArray("layer_types");
        json.get("compress_ratios")
                .forEach(ratio -> types.add(
                        switch (ratio.asInt()) {
                            case 0 -> "sliding_attention";
                            case 4 -> "compressed_sparse_attention";
                            default -> "heavily_compressed_attention";
                        }));
        json.putObject("compress_rates").put("compressed_sparse_attention", 4).put("heavily_compressed_attention", 128);
        ArrayNode mlps = json.putArray("mlp_layer_types");
        for (int i = 0; i < types.size(); i++) {
            mlps.add(i < json.get("num_hash_layers").asInt() ? "hash_moe" : "moe");
        }
        ObjectNode rope = json.putObject("rope_parameters");
        rope.putObject("main").put("rope_type", "default").put("rope_theta", 10_000.0);
        rope.putObject("compress")
                .put("rope_type", "yarn")
                .put("rope_theta", 160_000.0)
                .put("attention_factor", 1.0)
                .put("factor", 16)
                .put("original_max_position_embeddings", 64)
                .put("beta_fast", 32)
                .put("beta_slow", 1);
        json.put("partial_rotary_factor", 0.5);
        for (String old : new String[] {
            "compress_ratios", "num_hash_layers", "rope_scaling", "qk_rope_head_dim", "compress_rope_theta"
        }) {
            json.remove(old);
        }
        return json;
    }

    private static SequencedMap<String, Tensor> renamed(SequencedMap<String, Tensor> weights) {
        SequencedMap<String, Tensor> renamed = new LinkedHashMap<>();
        weights.forEach((name, tensor) -> {
            if (!name.contains(".experts.")) {
                renamed.put(TransformersV4Weights.name(name), tensor);
            }
        });
        for (int layer = 0; layer < 5; layer++) {
            Tensor[] both = new Tensor[16];
            Tensor[] down = new Tensor[8];
            for (int e = 0; e < 8; e++) {
                String expert = "layers.%d.ffn.experts.%d.".formatted(layer, e);
                both[2 * e] = weights.get(expert + "w1.weight");
                both[2 * e + 1] = weights.get(expert + "w3.weight");
                down[e] = weights.get(expert + "w2.weight");
            }
            String stack = "model.layers.%d.mlp.experts.".formatted(layer);
            renamed.put(stack + "gate_up_proj", stacked(both).reshape(8, 64, 64));
            renamed.put(stack + "down_proj", stacked(down).reshape(8, 64, 32));
        }
        return renamed;
    }

    private static Tensor stacked(Tensor[] tensors) {
        Tensor all = Tensor.allocate(
                Arena.ofAuto(), DType.F32, (long) tensors.length * tensors[0].rows(), tensors[0].columns());
        long at = 0;
        for (Tensor tensor : tensors) {
            MemorySegment.copy(tensor.data(), 0, all.data(), at, tensor.data().byteSize());
            at += tensor.data().byteSize();
        }
        return all;
    }

    /// Of the published sizes, 21 layers have entries of 4 positions with 512 + 128 numbers, and 20 entries of 128
    /// with 512 numbers, of which a page of 64 has room for one.
    @Test
    void aTokenOfThePublishedModelTakes7040BytesOfPages() {
        StreamList streams = new StreamList();
        for (int layer = 0; layer < 21; layer++) {
            streams.add(new Paged(512, 4));
            streams.add(new Paged(128, 4));
        }
        for (int layer = 0; layer < 20; layer++) {
            streams.add(new Paged(512, 128));
        }
        long page = 21 * 16 * (512 + 128) * 2 + 20 * 512 * 2;
        assertEquals(page, streams.layout().bytesPerPage(DType.BF16));
        assertEquals(7_040, streams.layout().bytesPerToken(DType.BF16));
    }
}
