package dev.baleen.checkpoint;

import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.SPARSE;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.baleen.generation.EngineOptions;
import dev.baleen.generation.MemoryPlan;
import dev.baleen.model.Architectures;
import dev.baleen.model.Model;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A file of DeepSeek-V3's size that is one hole: opening it reads the header and the norms, and nothing else.
class HugeFileTest {
    private static final int LAYERS = 61;
    private static final int DENSE = 3;
    private static final long WIDTH = 7_168;
    private static final long HEADS = 128;
    private static final long EXPERTS = 256;
    private static final long INNER = 2_048;
    private static final int F32 = 0;
    private static final int Q8_0 = 8;

    @TempDir
    private Path folder;

    private final SequencedMap<String, long[]> tensors = new LinkedHashMap<>();

    @Test
    void openingReadsNoMoreOfALargeModelThanOfASmallOne() throws IOException {
        Path maps = Path.of("/proc/self/smaps");
        Assumptions.assumeTrue(Files.isReadable(maps), "skipped: only Linux says how much of a mapping was read");
        Path file = write();
        assertTrue(Files.size(file) > 600L << 30, Files.size(file) + " bytes");
        try (Checkpoint checkpoint = Checkpoint.open(file)) {
            Model model = Architectures.load(checkpoint);
            MemoryPlan plan = MemoryPlan.of(model, EngineOptions.defaults().withCacheBytesMax(64 << 20));
            assertEquals(LAYERS, model.cacheLayout().streams().size());
            assertTrue(plan.expectation().isPresent(), plan.toString());
            long touched = touchedBytes(Files.readAllLines(maps), file);
            assertTrue(touched > 0 && touched < 64 << 20, touched + " bytes of the file were read");
        }
    }

    /// Resident pages of every mapping of the file, which a fault brings in some dozens at a time.
    private static long touchedBytes(List<String> maps, Path file) {
        long bytes = 0;
        boolean ours = false;
        for (String line : maps) {
            if (line.matches("[0-9a-f]+-[0-9a-f]+ .*")) {
                ours = line.endsWith(file.toString());
            } else if (ours && line.startsWith("Rss:")) {
                bytes += Long.parseLong(line.replaceAll("\\D", "")) << 10;
            }
        }
        return bytes;
    }

    private Path write() throws IOException {
        Path file = folder.resolve("huge.gguf");
        list();
        GgufEncoder header = TestFiles.gguf(tensors.size(), metadata().size());
        metadata()
                .forEach((key, value) ->
                        header.text(key).uint32(value.type().id()).payload(value));
        long offset = 0;
        for (Map.Entry<String, long[]> tensor : tensors.entrySet()) {
            long[] lengths = tensor.getValue();
            header.text(tensor.getKey()).uint32(lengths.length);
            long elements = 1;
            for (int i = lengths.length - 1; i >= 0; i--) {
                header.uint64(lengths[i]);
                elements *= lengths[i];
            }
            boolean single = tensor.getKey().contains("norm") || tensor.getKey().contains("bias");
            header.uint32(single ? F32 : Q8_0).uint64(offset);
            offset += Math.ceilDiv(single ? elements * 4 : elements / 32 * 34, 32L) * 32;
        }
        byte[] start = header.padTo(32).toBytes();
        try (FileChannel channel = FileChannel.open(file, WRITE, CREATE_NEW, SPARSE)) {
            channel.write(ByteBuffer.wrap(start));
            channel.write(ByteBuffer.wrap(new byte[1]), start.length + offset - 1);
        }
        return file;
    }

    private void list() {
        add("token_embd.weight", 512, WIDTH);
        for (int i = 0; i < LAYERS; i++) {
            String block = "blk." + i + ".";
            add(block + "attn_norm.weight", WIDTH);
            add(block + "attn_q_a.weight", 1_536, WIDTH);
            add(block + "attn_q_a_norm.weight", 1_536);
            add(block + "attn_q_b.weight", HEADS * 192, 1_536);
            add(block + "attn_kv_a_mqa.weight", 576, WIDTH);
            add(block + "attn_kv_a_norm.weight", 512);
            add(block + "attn_k_b.weight", HEADS, 512, 128);
            add(block + "attn_v_b.weight", HEADS, 128, 512);
            add(block + "attn_output.weight", WIDTH, HEADS * 128);
            add(block + "ffn_norm.weight", WIDTH);
            if (i < DENSE) {
                addFeedForward(block, "", 18_432);
            } else {
                add(block + "ffn_gate_inp.weight", EXPERTS, WIDTH);
                add(block + "exp_probs_b.bias", EXPERTS);
                add(block + "ffn_gate_exps.weight", EXPERTS, INNER, WIDTH);
                add(block + "ffn_up_exps.weight", EXPERTS, INNER, WIDTH);
                add(block + "ffn_down_exps.weight", EXPERTS, WIDTH, INNER);
                addFeedForward(block, "_shexp", INNER);
            }
        }
        add("output_norm.weight", WIDTH);
        add("output.weight", 512, WIDTH);
    }

    private void addFeedForward(String block, String kind, long inner) {
        add(block + "ffn_gate" + kind + ".weight", inner, WIDTH);
        add(block + "ffn_up" + kind + ".weight", inner, WIDTH);
        add(block + "ffn_down" + kind + ".weight", WIDTH, inner);
    }

    private void add(String name, long... lengths) {
        tensors.put(name, lengths);
    }

    private static SequencedMap<String, GgufValue> metadata() {
        SequencedMap<String, GgufValue> metadata = new LinkedHashMap<>();
        metadata.put("general.architecture", new GgufValue.Text("deepseek2"));
        Map<String, Long> numbers = new LinkedHashMap<>();
        numbers.put("context_length", 163_840L);
        numbers.put("embedding_length", WIDTH);
        numbers.put("block_count", (long) LAYERS);
        numbers.put("feed_forward_length", 18_432L);
        numbers.put("attention.head_count", HEADS);
        numbers.put("attention.head_count_kv", 1L);
        numbers.put("leading_dense_block_count", (long) DENSE);
        numbers.put("attention.q_lora_rank", 1_536L);
        numbers.put("attention.kv_lora_rank", 512L);
        numbers.put("attention.key_length_mla", 192L);
        numbers.put("attention.value_length_mla", 128L);
        numbers.put("rope.dimension_count", 64L);
        numbers.put("expert_feed_forward_length", INNER);
        numbers.put("expert_count", EXPERTS);
        numbers.put("expert_used_count", 8L);
        numbers.put("expert_shared_count", 1L);
        numbers.put("expert_gating_func", 2L);
        numbers.put("expert_group_count", 8L);
        numbers.put("expert_group_used_count", 4L);
        numbers.forEach((key, value) -> metadata.put("deepseek2." + key, new GgufValue.Whole(GgufType.UINT32, value)));
        metadata.put("deepseek2.expert_weights_scale", new GgufValue.Real(GgufType.FLOAT32, 2.5));
        metadata.put("deepseek2.expert_weights_norm", new GgufValue.Flag(true));
        metadata.put("deepseek2.rope.freq_base", new GgufValue.Real(GgufType.FLOAT32, 10_000));
        metadata.put("deepseek2.attention.layer_norm_rms_epsilon", new GgufValue.Real(GgufType.FLOAT32, 1e-6));
        return metadata;
    }
}
