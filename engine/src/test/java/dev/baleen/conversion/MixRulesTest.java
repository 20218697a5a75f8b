package dev.baleen.conversion;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.baleen.checkpoint.GgufType;
import dev.baleen.checkpoint.GgufValue;
import dev.baleen.checkpoint.StoredType;
import dev.baleen.checkpoint.TensorSource;
import dev.baleen.dtype.DType;
import dev.baleen.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Models of published shapes get the types that `llama-quantize --dry-run` (llama.cpp v0.5.0) gives them: how many
/// tensors of each, and some by name.
class MixRulesTest {
    private static final ModelFacts QWEN_05B = new ModelFacts("qwen2", 24, 0, 7);
    private static final ModelFacts QWEN_15B = new ModelFacts("qwen2", 28, 0, 6);
    private static final ModelFacts QWEN_72B = new ModelFacts("qwen2", 80, 0, 8);
    private static final ModelFacts LLAMA_70B = new ModelFacts("llama", 80, 0, 8);
    private static final ModelFacts V2_LITE = new ModelFacts("deepseek2", 27, 64, 1);
    private static final ModelFacts EIGHT_EXPERTS = new ModelFacts("deepseek2", 27, 8, 1);
    private static final ModelFacts V3 = new ModelFacts("deepseek2", 61, 256, 1);

    static Stream<Arguments> publishedShapes() {
        List<TensorSource> qwen05 = dense(24, 896, 128, 4864, false);
        List<TensorSource> qwen15 = dense(28, 1536, 256, 8960, true);
        List<TensorSource> qwen72 = dense(80, 8192, 1024, 29568, true);
        List<TensorSource> llama70 = dense(80, 8192, 1024, 28672, true);
        List<TensorSource> lite = latent(27, 2048, 16, 0, 10944, 1, 64, 1408, 2816, false);
        List<TensorSource> liteJoint = latent(27, 2048, 16, 0, 10944, 1, 64, 1408, 2816, true);
        List<TensorSource> eight = latent(27, 2048, 16, 0, 10944, 1, 8, 1408, 2816, true);
        List<TensorSource> v3 = latent(61, 7168, 128, 1536, 18432, 3, 256, 2048, 2048, false);
        return Stream.of(
                expect(qwen15, QWEN_15B, QuantizationMix.Q4_K_M, "{F32=57, Q4_K=169, Q6_K=29}"),
                expect(qwen15, QWEN_15B, QuantizationMix.Q8_0, "{F32=57, Q8_0=198}"),
                expect(qwen15, QWEN_15B, QuantizationMix.Q4_0, "{F32=57, Q4_0=197, Q6_K=1}"),
                expect(qwen15, QWEN_15B, QuantizationMix.Q4_K_S, "{F32=57, Q4_K=190, Q5_K=7, Q6_K=1}"),
                expect(qwen15, QWEN_15B, QuantizationMix.Q3_K_M, "{F32=57, Q3_K=113, Q4_K=81, Q5_K=3, Q6_K=1}"),
                expect(qwen15, QWEN_15B, QuantizationMix.Q2_K, "{F32=57, Q2_K=113, Q3_K=56, Q4_K=28, Q6_K=1}"),
                expect(qwen15, QWEN_15B, QuantizationMix.BF16, "{BF16=198, F32=57}"),
                expect(qwen05, QWEN_05B, QuantizationMix.Q4_K_M, "{F32=49, Q4_K=12, Q5_0=132, Q6_K=12, Q8_0=13}"),
                expect(qwen05, QWEN_05B, QuantizationMix.Q5_K_M, "{F32=49, Q5_1=132, Q5_K=12, Q6_K=12, Q8_0=13}"),
                expect(qwen05, QWEN_05B, QuantizationMix.Q4_0, "{F32=49, Q4_0=168, Q8_0=1}"),
                expect(
                        qwen72,
                        QWEN_72B,
                        QuantizationMix.Q4_K_M,
                        "{F32=161, Q4_K=401, Q5_0=40, Q5_K=40, Q6_K=41, Q8_0=40}"),
                expect(llama70, LLAMA_70B, QuantizationMix.Q4_K_M, "{F32=161, Q4_K=441, Q5_K=40, Q6_K=81}"),
                expect(llama70, LLAMA_70B, QuantizationMix.Q3_K_L, "{F32=161, Q3_K=321, Q5_K=240, Q6_K=1}"),
                expect(lite, V2_LITE, QuantizationMix.Q4_K_M, "{F32=108, Q4_K=229, Q5_0=41, Q6_K=13, Q8_0=13}"),
                expect(lite, V2_LITE, QuantizationMix.Q6_K, "{F32=108, Q6_K=242, Q8_0=54}"),
                expect(lite, V2_LITE, QuantizationMix.Q5_0, "{F32=108, Q5_0=295, Q6_K=1}"),
                expect(liteJoint, V2_LITE, QuantizationMix.Q4_K_M, "{F32=108, Q4_K=216, Q5_0=14, Q6_K=26, Q8_0=13}"),
                expect(
                        liteJoint,
                        V2_LITE,
                        QuantizationMix.Q4_K_S,
                        "{F32=108, Q4_K=235, Q5_0=24, Q5_1=3, Q5_K=6, Q6_K=1}"),
                expect(
                        eight,
                        EIGHT_EXPERTS,
                        QuantizationMix.Q4_K_M,
                        "{F32=108, Q4_K=175, Q5_0=14, Q5_K=27, Q6_K=13, Q8_0=40}"),
                expect(v3, V3, QuantizationMix.Q4_K_M, "{F32=361, Q4_K=606, Q5_0=61, Q6_K=58}"),
                expect(v3, V3, QuantizationMix.Q5_K_M, "{F32=361, Q5_1=61, Q5_K=606, Q6_K=58}"),
                expect(v3, V3, QuantizationMix.Q8_0, "{F32=361, Q8_0=725}"));
    }

    @ParameterizedTest(name = "{2} of {1}")
    @MethodSource("publishedShapes")
    void tensorsOfAPublishedShapeGetTheTypesOfPublishedFiles(
            List<TensorSource> tensors, ModelFacts model, QuantizationMix mix, String counts) {
        Map<String, DType> types = MixRules.types(mix, model, false, tensors);
        assertEquals(counts, counts(tensors, types).toString());
    }

    @Test
    void theFirstAndLastEighthAndEveryThirdLayerBetweenGetMoreBits() {
        List<TensorSource> tensors = dense(28, 1536, 256, 8960, true);
        Map<String, DType> types = MixRules.types(QuantizationMix.Q4_K_M, QWEN_15B, false, tensors);
        for (int layer = 0; layer < 28; layer++) {
            boolean more =
                    List.of(0, 1, 2, 5, 8, 11, 14, 17, 20, 23, 24, 25, 26, 27).contains(layer);
            DType expected = more ? DType.Q6_K : DType.Q4_K;
            assertEquals(expected, types.get("blk." + layer + ".ffn_down.weight"), "layer " + layer);
            assertEquals(expected, types.get("blk." + layer + ".attn_v.weight"), "layer " + layer);
            assertEquals(DType.Q4_K, types.get("blk." + layer + ".attn_output.weight"));
        }
    }

    @Test
    void withImportanceTheFirstWaysBackGetAMinimum() {
        List<TensorSource> tensors = dense(28, 1536, 256, 8960, true);
        Map<String, DType> types = MixRules.types(QuantizationMix.Q4_0, QWEN_15B, true, tensors);
        assertEquals(
                "{F32=57, Q4_0=194, Q4_1=3, Q6_K=1}", counts(tensors, types).toString());
        assertEquals(DType.Q4_1, types.get("blk.2.ffn_down.weight"));
        assertEquals(DType.Q4_0, types.get("blk.3.ffn_down.weight"));
    }

    @Test
    void pureMeansOneTypeWhereRowsAllowIt() {
        List<TensorSource> tensors = latent(27, 2048, 16, 0, 10944, 1, 64, 1408, 2816, false);
        Map<String, DType> types = MixRules.pureTypes(DType.Q4_K, tensors);
        assertEquals(
                "{F32=108, Q4_K=242, Q5_0=54}", counts(tensors, types).toString(), "as llama-quantize --pure does it");
    }

    @Test
    void whatIsNoMatrixOfWeightsStaysAsItIs() {
        List<TensorSource> tensors = List.of(
                source("blk.0.attn_norm.weight", DType.F32, 256),
                source("blk.0.attn_q.bias", DType.F16, 256),
                source("blk.0.ffn_gate_inp.weight", DType.F32, 8, 256),
                source("blk.0.attn_rows.scale", DType.F32, 8, 256),
                source("one_row.weight", DType.F32, 1, 1, 256),
                new TensorSource("blk.0.ffn_gate_tid2eid.weight", StoredType.I32, Shape.of(512, 6), sink -> {}),
                new TensorSource("blk.0.table.weight", StoredType.I64, Shape.of(512, 256), sink -> {}));
        assertEquals(Map.of(), MixRules.types(QuantizationMix.Q4_K_M, V3, false, tensors));
    }

    @Test
    void aTensorOfTheTypeAlreadyIsLeftAlone() {
        List<TensorSource> tensors =
                List.of(source("a.weight", DType.Q4_K, 8, 256), source("b.weight", DType.F16, 8, 256));
        assertEquals(Map.of("b.weight", DType.Q4_K), MixRules.types(QuantizationMix.Q4_K_M, V3, false, tensors));
        assertEquals(List.of(), Quantizer.quantizedAlready(tensors, Map.of("b.weight", DType.Q4_K)));
        assertEquals(List.of(tensors.getFirst()), Quantizer.quantizedAlready(tensors, Map.of("a.weight", DType.Q8_0)));
    }

    @Test
    void factsComeFromTheMetadata() {
        Map<String, GgufValue> metadata = Map.of(
                "general.architecture", new GgufValue.Text("llama"),
                "llama.block_count", new GgufValue.Whole(GgufType.UINT32, 80),
                "llama.attention.head_count", new GgufValue.Whole(GgufType.UINT32, 64),
                "llama.attention.head_count_kv", new GgufValue.Whole(GgufType.UINT32, 8));
        assertEquals(LLAMA_70B, ModelFacts.of(metadata));
        assertEquals(new ModelFacts("", 0, 0, 1), ModelFacts.of(Map.of()));
    }

    private static Arguments expect(List<TensorSource> tensors, ModelFacts model, QuantizationMix mix, String counts) {
        return Arguments.of(tensors, model, mix, counts);
    }

    private static Map<DType, Integer> counts(List<TensorSource> tensors, Map<String, DType> types) {
        Map<DType, Integer> counts = new TreeMap<>(java.util.Comparator.comparing(DType::name));
        for (TensorSource tensor : tensors) {
            DType type = types.getOrDefault(tensor.name(), tensor.type().type().orElseThrow());
            counts.merge(type, 1, Integer::sum);
        }
        return counts;
    }

    /// Llama and Qwen, without biases.
    private static List<TensorSource> dense(int layers, int width, int keys, int inner, boolean head) {
        List<TensorSource> tensors = embedding(width, head);
        for (int layer = 0; layer < layers; layer++) {
            String block = "blk." + layer + ".";
            tensors.add(source(block + "attn_norm.weight", DType.F32, width));
            tensors.add(source(block + "attn_q.weight", DType.F16, width, width));
            tensors.add(source(block + "attn_k.weight", DType.F16, keys, width));
            tensors.add(source(block + "attn_v.weight", DType.F16, keys, width));
            tensors.add(source(block + "attn_output.weight", DType.F16, width, width));
            tensors.add(source(block + "ffn_norm.weight", DType.F32, width));
            network(tensors, block + "ffn_", width, inner, "");
        }
        return tensors;
    }

    /// DeepSeek-V2 and V3; `attn_kv_b` is one matrix or two.
    private static List<TensorSource> latent(
            int layers,
            int width,
            int heads,
            int queryRank,
            int inner,
            int denseLayers,
            int experts,
            int expertInner,
            int sharedInner,
            boolean joint) {
        List<TensorSource> tensors = embedding(width, true);
        for (int layer = 0; layer < layers; layer++) {
            String block = "blk." + layer + ".";
            tensors.add(source(block + "attn_norm.weight", DType.F32, width));
            tensors.add(source(block + "attn_kv_a_mqa.weight", DType.F16, 576, width));
            tensors.add(source(block + "attn_kv_a_norm.weight", DType.F32, 512));
            tensors.add(source(block + "attn_output.weight", DType.F16, width, heads * 128));
            tensors.add(source(block + "ffn_norm.weight", DType.F32, width));
            if (queryRank > 0) {
                tensors.add(source(block + "attn_q_a.weight", DType.F16, queryRank, width));
                tensors.add(source(block + "attn_q_a_norm.weight", DType.F32, queryRank));
                tensors.add(source(block + "attn_q_b.weight", DType.F16, heads * 192, queryRank));
            } else {
                tensors.add(source(block + "attn_q.weight", DType.F16, heads * 192, width));
            }
            if (joint) {
                tensors.add(source(block + "attn_kv_b.weight", DType.F16, heads * 256, 512));
            } else {
                tensors.add(source(block + "attn_k_b.weight", DType.F16, heads, 512, 128));
                tensors.add(source(block + "attn_v_b.weight", DType.F16, heads, 128, 512));
            }
            if (layer < denseLayers) {
                network(tensors, block + "ffn_", width, inner, "");
                continue;
            }
            tensors.add(source(block + "ffn_gate_inp.weight", DType.F32, experts, width));
            if (queryRank > 0) {
                tensors.add(source(block + "exp_probs_b.bias", DType.F32, experts));
            }
            tensors.add(source(block + "ffn_gate_exps.weight", DType.F16, experts, expertInner, width));
            tensors.add(source(block + "ffn_up_exps.weight", DType.F16, experts, expertInner, width));
            tensors.add(source(block + "ffn_down_exps.weight", DType.F16, experts, width, expertInner));
            network(tensors, block + "ffn_", width, sharedInner, "_shexp");
        }
        return tensors;
    }

    private static List<TensorSource> embedding(int width, boolean head) {
        List<TensorSource> tensors = new ArrayList<>();
        tensors.add(source("token_embd.weight", DType.F16, 512, width));
        tensors.add(source("output_norm.weight", DType.F32, width));
        if (head) {
            tensors.add(source("output.weight", DType.F16, 512, width));
        }
        return tensors;
    }

    private static void network(List<TensorSource> tensors, String prefix, int width, int inner, String suffix) {
        tensors.add(source(prefix + "gate" + suffix + ".weight", DType.F16, inner, width));
        tensors.add(source(prefix + "up" + suffix + ".weight", DType.F16, inner, width));
        tensors.add(source(prefix + "down" + suffix + ".weight", DType.F16, width, inner));
    }

    private static TensorSource source(String name, DType type, long... lengths) {
        return new TensorSource(name, type, Shape.of(lengths), sink -> {});
    }
}
