package dev.baleen.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.baleen.checkpoint.Checkpoint;
import dev.baleen.checkpoint.CheckpointException;
import dev.baleen.checkpoint.Gguf;
import dev.baleen.dtype.DType;
import dev.baleen.kernel.ScalarKernels;
import dev.baleen.model.TransformerConfig.Trait;
import dev.baleen.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// One model as converters of different ages wrote it: the logits stay the same.
class GgufLayoutsTest {
    private static final int[] PROMPT =
            IntStream.range(0, 12).map(i -> i * 7 % 50).toArray();

    @TempDir
    private Path folder;

    private GgufLayout v3 = GgufLayout.of(RandomModel.v3(), 1);
    private float[][] expected = {};

    @BeforeEach
    void run() throws IOException {
        v3 = GgufLayout.of(RandomModel.v3(), 1);
        expected = logits(RandomModel.of(RandomModel.v3(), DType.F32, 1));
        assertClose(expected, load(v3));
    }

    @Test
    void keysAndValuesInOneMatrixAsTheOldestFilesHaveThem() throws IOException {
        assertClose(expected, load(v3.joint()));
    }

    @Test
    void stacksOfMatricesWrittenAsOneMatrix() throws IOException {
        float[][] stacked = load(v3);
        v3.tensors.replaceAll((name, tensor) -> name.contains("attn_k_b") || name.contains("attn_v_b")
                ? tensor.reshape(tensor.axis(0) * tensor.axis(1), tensor.columns())
                : tensor);
        assertArrayEquals(stacked, load(v3));
    }

    @Test
    void expertsWithGateAndUpInOneStack() throws IOException {
        float[][] apart = load(v3);
        fuse(v3.tensors, "ffn_gate_up_exps", "ffn_gate_exps", "ffn_up_exps");
        assertArrayEquals(apart, load(v3));
    }

    @Test
    void modulesThatPredictFurtherCountedOrNotAndThereOrNot() throws IOException {
        int blocks = RandomModel.v3().layers() + 1;
        v3.tensors.keySet().removeIf(name -> name.startsWith("blk.%d.".formatted(blocks - 1)));
        assertClose(expected, load(v3));
        v3.put("block_count", blocks - 1);
        assertClose(expected, load(v3));
        v3.put("nextn_predict_layers", 0);
        assertClose(expected, load(v3));
    }

    @Test
    void theMagnitudeOfYarnAsATenthAndAsItself() throws IOException {
        v3.put("rope.scaling.yarn_log_multiplier", 1.0);
        assertClose(expected, load(v3));
        v3.metadata.remove("deepseek2.rope.scaling.yarn_log_multiplier");
        assertTrue(difference(expected, load(v3)) > 0.1);
    }

    @Test
    void filesWithoutGroupsChooseAmongAllExperts() throws IOException {
        v3.metadata.remove("deepseek2.expert_group_count");
        v3.metadata.remove("deepseek2.expert_group_used_count");
        assertTrue(difference(expected, load(v3)) > 1e-3);
    }

    @Test
    void filesWithoutAGatingFunctionHaveASoftmaxAndStraightQueriesNeedNoRank() throws IOException {
        GgufLayout lite = GgufLayout.of(RandomModel.v2Lite(), 2);
        float[][] logits = logits(RandomModel.of(RandomModel.v2Lite(), DType.F32, 2));
        lite.metadata.remove("deepseek2.expert_gating_func");
        lite.put("attention.q_lora_rank", 1536);
        assertClose(logits, load(lite.joint()));
    }

    @Test
    void queriesKeysAndValuesInOneMatrix() throws IOException {
        TransformerConfig config = RandomModel.mixture(EnumSet.complementOf(EnumSet.of(Trait.QUERY_KEY_NORM)));
        GgufLayout mixture = GgufLayout.of(config, 3);
        float[][] apart = load(mixture);
        assertClose(logits(RandomModel.of(config, DType.F32, 3)), apart);
        fuse(mixture.tensors, "attn_qkv", "attn_q", "attn_k", "attn_v");
        assertArrayEquals(apart, load(mixture));
    }

    @Test
    void tellsWhichTensorIsTooSmall() throws IOException {
        v3.tensors.replaceAll((name, tensor) -> name.contains("ffn_up_exps") ? tensor.slice(0, 5) : tensor);
        v3.put("expert_gating_func", 7);
        String config = assertThrows(CheckpointException.class, () -> load(v3)).getMessage();
        assertTrue(config.contains("\"deepseek2.expert_gating_func\": is 7"), config);
        v3.put("expert_gating_func", 2);
        String told = assertThrows(CheckpointException.class, () -> load(v3)).getMessage();
        assertTrue(told.contains("\"blk.1.ffn_up_exps.weight\"") && told.contains("[5, 9, 24]"), told);
    }

    /// Rows of several tensors below one another, expert by expert where they are stacks.
    private static void fuse(SequencedMap<String, Tensor> tensors, String joint, String... parts) {
        for (String name : List.copyOf(tensors.keySet())) {
            if (name.contains("." + parts[0] + ".")) {
                List<Tensor> whole = IntStream.range(0, parts.length)
                        .mapToObj(i -> tensors.remove(name.replace(parts[0], parts[i])))
                        .toList();
                tensors.put(name.replace(parts[0], joint), fused(whole));
            }
        }
    }

    private static Tensor fused(List<Tensor> parts) {
        Tensor first = parts.getFirst();
        if (first.shape().axes() == 3) {
            List<Tensor> entries = IntStream.range(0, first.axis(0))
                    .mapToObj(i -> fused(parts.stream().map(p -> p.entry(i)).toList()))
                    .toList();
            return fused(entries).reshape(entries.size(), entries.getFirst().rows(), first.columns());
        }
        boolean vector = first.shape().axes() == 1;
        long rows = parts.stream().mapToLong(part -> part.axis(0)).sum();
        Tensor joint = vector
                ? Tensor.allocate(Arena.ofAuto(), DType.F32, rows)
                : Tensor.allocate(Arena.ofAuto(), DType.F32, rows, first.columns());
        long at = 0;
        for (Tensor part : parts) {
            joint.data().asSlice(at, part.data().byteSize()).copyFrom(part.data());
            at += part.data().byteSize();
        }
        return joint;
    }

    private float[][] load(GgufLayout layout) throws IOException {
        Path file = folder.resolve("model.gguf");
        Gguf.write(file, new LinkedHashMap<>(layout.metadata), new LinkedHashMap<>(layout.tensors));
        try (Checkpoint checkpoint = Checkpoint.open(file)) {
            return logits(Architectures.load(checkpoint));
        }
    }

    private static float[][] logits(Model model) {
        try (Decoding decoding = new Decoding(model, new ScalarKernels(), 1)) {
            return decoding.feed(PROMPT);
        }
    }

    private static void assertClose(float[][] expected, float[][] actual) {
        assertEquals(expected.length, actual.length);
        assertTrue(difference(expected, actual) < 1e-4, "off by " + difference(expected, actual));
    }

    private static double difference(float[][] expected, float[][] actual) {
        double largest = 0;
        for (int row = 0; row < expected.length; row++) {
            for (int i = 0; i < expected[row].length; i++) {
                largest = Math.max(largest, Math.abs(expected[row][i] - actual[row][i]));
            }
        }
        return largest;
    }
}
