package dev.baleen.conversion;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.baleen.chat.Tokenizers;
import dev.baleen.checkpoint.Checkpoint;
import dev.baleen.checkpoint.CheckpointException;
import dev.baleen.checkpoint.Gguf;
import dev.baleen.checkpoint.GgufValue;
import dev.baleen.checkpoint.HuggingFaceFolder;
import dev.baleen.checkpoint.Safetensors;
import dev.baleen.checkpoint.TensorEntry;
import dev.baleen.checkpoint.Weights;
import dev.baleen.dtype.DType;
import dev.baleen.kernel.Backends;
import dev.baleen.kernel.ComputePool;
import dev.baleen.model.Architectures;
import dev.baleen.model.Decoding;
import dev.baleen.model.ReferenceModel;
import dev.baleen.tensor.Tensor;
import dev.baleen.tokenizer.Tokenizer;
import dev.baleen.tokenizer.TokenizerException;
import java.io.IOException;
import java.lang.foreign.ValueLayout;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Models of other implementations in the other format, and back.
class ConversionTest {
    /// What the reference models' indexers choose at least.
    private static final int CHOSEN = 8;

    @TempDir
    private Path folder;

    @ParameterizedTest
    @Tag("slow")
    @ValueSource(
            strings = {
                "tiny-qwen2",
                "tiny-llama3",
                "tiny-deepseek1-moe",
                "tiny-deepseek2-v3",
                "tiny-deepseek2-v2lite",
                "tiny-deepseek32",
                "hf/qwen2-bf16",
                "hf/llama3-f16",
                "hf/qwen3-tied-yarn",
                "hf/deepseek-coder-linear",
                "hf/deepseek-v2-lite",
                "hf/deepseek-v2-group-limited",
                "hf/deepseek-v3-sharded-mtp",
                "hf/deepseek-v3-fp8",
                "hf/deepseek-v31-fp8-ue8m0",
                "hf/deepseek-v32",
                "tiny-deepseek4",
                "hf/deepseek-v4",
                "hf/deepseek-v4-fp8-mxfp4"
            })
    void aModelGivesTheSameLogitsInTheOtherFormat(String name) throws IOException {
        ReferenceModel reference = ReferenceModel.read(name);
        // Eight-bit floats times their scales are more than BF16 holds; in F32 nothing is lost.
        Optional<DType> type = name.contains("fp8") ? Optional.of(DType.F32) : Optional.empty();
        Path other = converted(
                reference.path(), new ConversionOptions(type, ConversionOptions.SHARD_BYTES, Optional.empty(), true));
        check(reference, other);
    }

    private static void check(ReferenceModel reference, Path converted) {
        try (ComputePool pool = new ComputePool(2);
                Checkpoint checkpoint = Checkpoint.open(converted);
                Decoding decoding = new Decoding(Architectures.load(checkpoint), Backends.best(pool), 1)) {
            // llama.cpp and transformers choose differently among positions that an indexer scores alike, and Baleen
            // does as the format's own reference; up to as many positions as it chooses there is no choice.
            boolean chooses = reference.name().matches(".*(deepseek-?v?(32|4)).*");
            int[] prompt = chooses ? Arrays.copyOf(reference.prompt(), CHOSEN) : reference.prompt();
            float[][] expected = Arrays.copyOf(reference.logits(), prompt.length);
            ReferenceModel.assertLogits(reference.name(), expected, decoding.documents(prompt));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "hf/qwen2-bf16",
                "hf/llama3-f16",
                "hf/qwen3-tied-yarn",
                "hf/deepseek-coder-linear",
                "hf/deepseek-v2-lite",
                "hf/deepseek-v2-group-limited",
                "hf/deepseek-v3-sharded-mtp",
                "hf/deepseek-v32",
                "hf/deepseek-v4"
            })
    void aFolderComesBackFromGgufByteForByte(String name) throws IOException {
        Path source = ReferenceModel.read(name).path();
        ConversionOptions options = new ConversionOptions(Optional.empty(), 1 << 20, Optional.empty(), true);
        Path back = converted(converted(source, options), options);
        try (HuggingFaceFolder before = HuggingFaceFolder.open(source);
                HuggingFaceFolder after = HuggingFaceFolder.open(back)) {
            assertEqual(before, after);
            JsonNode expected = before.configJson();
            after.configJson().properties().forEach(setting -> {
                JsonNode value = expected.path(setting.getKey());
                if (!value.isMissingNode() && !value.isContainerNode() && !value.isNull()) {
                    assertEquals(value.asText(), setting.getValue().asText(), name + ", " + setting.getKey());
                }
            });
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "tiny-qwen2",
                "tiny-llama3",
                "tiny-deepseek1-moe",
                "tiny-deepseek2-v3",
                "tiny-deepseek2-v2lite",
                "tiny-deepseek32",
                "tiny-deepseek4"
            })
    void aGgufFileComesBackFromAFolderByteForByte(String name) throws IOException {
        Path source = ReferenceModel.read(name).path();
        Path back = converted(converted(source, ConversionOptions.defaults()), ConversionOptions.defaults());
        try (Gguf before = Gguf.open(source);
                Gguf after = Gguf.open(back)) {
            assertEqual(before, after);
            before.metadata().forEach((key, value) -> {
                if (!key.startsWith("general.") || key.equals("general.architecture")) {
                    assertTrue(after.metadata().containsKey(key), name + " lost " + key);
                    assertEquals(text(value), text(after.metadata().get(key)), name + ", " + key);
                }
            });
        }
    }

    @Test
    void fourBitFloatsAreRegroupedAndComeBackBitByBit() throws IOException {
        Path source = ReferenceModel.read("hf/deepseek-v4-fp8-mxfp4").path();
        Path gguf = converted(source, ConversionOptions.defaults());
        Path back = converted(gguf, ConversionOptions.defaults());
        int experts = 0;
        try (HuggingFaceFolder before = HuggingFaceFolder.open(source);
                Gguf between = Gguf.open(gguf);
                HuggingFaceFolder after = HuggingFaceFolder.open(back)) {
            assertEquals(
                    Optional.of(DType.MXFP4),
                    between.entries().get("blk.1.ffn_up_exps.weight").type());
            Weights expected = Weights.of(before);
            float[] numbers =
                    between.tensors().get("blk.1.ffn_up_exps.weight").entry(2).toFloats();
            assertArrayEquals(
                    expected.whole("layers.1.ffn.experts.2.w3.weight")
                            .orElseThrow()
                            .toFloats(),
                    numbers,
                    Float.MIN_VALUE, // so that 0.0 may be -0.0
                    "decoded");
            for (TensorEntry entry : before.entries().values()) {
                if (entry.name().contains(".experts.") && !entry.name().contains("shared")) {
                    TensorEntry same = after.entries().get(entry.name());
                    assertEquals(entry.typeName(), same.typeName(), entry.name());
                    assertEquals(-1, entry.data().mismatch(same.data()), entry.name());
                    experts++;
                }
            }
        }
        assertEquals(3 * 6 * 3 * 2, experts);
    }

    @Test
    void templatesAndSamplingGoAlong() throws IOException {
        Path source = converted(ReferenceModel.read("tiny-qwen2").path(), ConversionOptions.defaults());
        Files.writeString(source.resolve("generation_config.json"), """
                {"eos_token_id": [511, 7], "temperature": 0.6, "top_p": 0.95, "top_k": 20, "do_sample": true}""");
        Path settings = source.resolve("tokenizer_config.json");
        ObjectNode json = (ObjectNode) new ObjectMapper().readTree(settings.toFile());
        json.putArray("chat_template").addObject().put("name", "default").put("template", "{{ a }}");
        json.withArray("chat_template").addObject().put("name", "tool_use").put("template", "{{ b }}");
        Files.write(settings, new ObjectMapper().writeValueAsBytes(json));
        Path file = converted(source, ConversionOptions.defaults());
        try (Gguf gguf = Gguf.open(file)) {
            assertEquals("{{ a }}", gguf.string("tokenizer.chat_template"));
            assertEquals("{{ b }}", gguf.string("tokenizer.chat_template.tool_use"));
            assertEquals(List.of("tool_use"), gguf.strings("tokenizer.chat_templates"));
            assertEquals(511, gguf.integer("tokenizer.ggml.eos_token_id"));
            assertEquals(7, gguf.integer("tokenizer.ggml.eot_token_id"));
            assertEquals(20, gguf.integer("general.sampling.top_k"));
            assertEquals(0.6f, (float) gguf.number("general.sampling.temp"));
        }
        Path back = folder.resolve("back");
        try (Checkpoint gguf = Checkpoint.open(file)) {
            Conversion.of(gguf, back, ConversionOptions.defaults()).write((bytes, tensor) -> {});
        }
        try (HuggingFaceFolder again = HuggingFaceFolder.open(back)) {
            assertEquals(
                    json.get("chat_template"),
                    again.tokenizerConfig().orElseThrow().get("chat_template"));
            assertEquals(List.of(511, 7), again.generationConfig().integers("eos_token_id"));
            assertEquals(0.6, again.generationConfig().number("temperature"));
        }
        Files.writeString(back.resolve("chat_template.jinja"), "{{ c }}");
        Files.delete(file);
        try (Gguf gguf = Gguf.open(converted(back, ConversionOptions.defaults()))) {
            assertEquals("{{ c }}", gguf.string("tokenizer.chat_template"));
        }
    }

    @Test
    void theTokenizersGiveTheSameIds() throws IOException {
        Path source = ReferenceModel.read("tiny-deepseek2-v3").path();
        Path other = converted(source, ConversionOptions.defaults());
        Tokenizer gguf = Tokenizers.of(source);
        Tokenizer json = Tokenizers.of(other);
        for (int seed = 0; seed < 500; seed++) {
            SplittableRandom random = new SplittableRandom(seed);
            StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(40); i > 0; i--) {
                text.appendCodePoint(random.nextInt(4) == 0 ? random.nextInt(0x3100) : random.nextInt(128));
            }
            assertArrayEquals(gguf.encode(text.toString()), json.encode(text.toString()), "seed " + seed);
        }
    }

    @Test
    void whatCannotBeConvertedIsRefusedWithEveryReason() throws IOException {
        Path source = converted(ReferenceModel.read("tiny-qwen2").path(), ConversionOptions.defaults());
        Path config = source.resolve("config.json");
        String settings = Files.readString(config);
        Files.writeString(config, settings.replace("\"qwen2\"", "\"gpt_neox\""));
        assertTrue(refused(source).contains("'gpt_neox'"));
        Files.writeString(
                config,
                settings.replace("\"hidden_size\" : 64", "\"hidden_size\" : \"wide\", \"num_key_value_heads\" : 1.5")
                        .replace("\"num_key_value_heads\" : 2,", ""));
        String both = refused(source);
        assertTrue(both.contains("hidden_size") && both.contains("num_key_value_heads"), both);
        Files.writeString(config, settings);
        Safetensors.write(
                source.resolve("model.safetensors"),
                Map.of(
                        "model.vision.weight",
                        Tensor.ofFloats(new float[4], 4),
                        "lm_head.what",
                        Tensor.ofFloats(new float[4], 4)),
                Map.of());
        String names = refused(source);
        assertTrue(names.contains("model.vision.weight") && names.contains("lm_head.what"), names);
    }

    private String refused(Path source) {
        Path target = folder.resolve("refused.gguf");
        try (Checkpoint checkpoint = Checkpoint.open(source)) {
            String message = assertThrows(
                            CheckpointException.class,
                            () -> Conversion.of(checkpoint, target, ConversionOptions.defaults()))
                    .getMessage();
            assertFalse(Files.exists(target));
            return message;
        }
    }

    @Test
    void aConversionThatFailsLeavesNothing() throws IOException {
        Path target = folder.resolve("out");
        try (Checkpoint checkpoint =
                Checkpoint.open(ReferenceModel.read("tiny-qwen2").path())) {
            Conversion conversion = Conversion.of(checkpoint, target, ConversionOptions.defaults());
            assertThrows(
                    IOException.class,
                    () -> conversion.write((bytes, tensor) -> {
                        throw new IOException("the disk is full");
                    }));
            try (Stream<Path> left = Files.list(folder)) {
                assertEquals(List.of(), left.toList());
            }
            conversion.write((bytes, tensor) -> {});
            assertThrows(FileAlreadyExistsException.class, () -> conversion.write((bytes, tensor) -> {}));
        }
    }

    @Test
    void aTokenizerThatCannotBeReadIsToldBeforeAnyWeightIsWritten() throws IOException {
        Path source = folder.resolve("strange.gguf");
        try (Gguf gguf = Gguf.open(ReferenceModel.read("tiny-qwen2").path())) {
            SequencedMap<String, GgufValue> metadata = new LinkedHashMap<>(gguf.metadata());
            metadata.put("tokenizer.ggml.model", new GgufValue.Text("t5"));
            Gguf.write(source, metadata, gguf.sources());
        }
        Path target = folder.resolve("out");
        try (Checkpoint checkpoint = Checkpoint.open(source)) {
            Conversion conversion = Conversion.of(checkpoint, target, ConversionOptions.defaults());
            String told = assertThrows(
                            TokenizerException.class,
                            () -> conversion.write((bytes, tensor) -> fail(tensor + " was written")))
                    .getMessage();
            assertTrue(told.contains("t5"), told);
            assertFalse(Files.exists(target));
        }
    }

    private static String text(GgufValue value) {
        return value instanceof GgufValue.Many many ? many.values().toString() : value.toString();
    }

    private static void assertEqual(Checkpoint before, Checkpoint after) {
        assertFalse(before.entries().isEmpty());
        for (Map.Entry<String, TensorEntry> tensor : before.entries().entrySet()) {
            TensorEntry expected = tensor.getValue();
            TensorEntry actual = after.entries().get(tensor.getKey());
            assertTrue(actual != null, tensor.getKey() + " is lost");
            assertEquals(expected.typeName(), actual.typeName(), tensor.getKey());
            assertEquals(expected.shape(), actual.shape(), tensor.getKey());
            assertArrayEquals(
                    expected.data().toArray(ValueLayout.JAVA_BYTE),
                    actual.data().toArray(ValueLayout.JAVA_BYTE),
                    tensor.getKey());
        }
        assertEquals(before.entries().keySet().size(), after.entries().keySet().size());
    }

    private Path converted(Path source, ConversionOptions options) throws IOException {
        try (Checkpoint checkpoint = Checkpoint.open(source)) {
            Path target = folder.resolve(checkpoint instanceof Gguf ? "folder" : "model.gguf");
            Conversion conversion = Conversion.of(checkpoint, target, options);
            long[] written = {0};
            conversion.write((bytes, tensor) -> written[0] += bytes);
            assertEquals(conversion.bytes(), written[0]);
            return target;
        }
    }
}
