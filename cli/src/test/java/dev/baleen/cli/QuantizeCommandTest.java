package dev.baleen.cli;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.baleen.checkpoint.Gguf;
import dev.baleen.checkpoint.GgufType;
import dev.baleen.checkpoint.GgufValue;
import dev.baleen.dtype.DType;
import dev.baleen.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Random;
import java.util.SequencedMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `./baleen quantize`, from the command line to the file.
class QuantizeCommandTest {
    @TempDir
    private Path folder;

    private Path model;
    private Path out;

    @BeforeEach
    void writeModel() throws IOException {
        model = folder.resolve("model.gguf");
        out = folder.resolve("out.gguf");
        SequencedMap<String, GgufValue> metadata = new LinkedHashMap<>();
        metadata.put("general.architecture", new GgufValue.Text("llama"));
        metadata.put("llama.block_count", new GgufValue.Whole(GgufType.UINT32, 1));
        metadata.put("tokenizer.ggml.tokens", GgufValue.Many.texts(List.of("a", "ü")));
        SequencedMap<String, Tensor> tensors = new LinkedHashMap<>();
        tensors.put("token_embd.weight", random(DType.F16, 7, 256));
        tensors.put("output_norm.weight", random(DType.F32, 256));
        tensors.put("output.weight", random(DType.BF16, 7, 256));
        tensors.put("blk.0.attn_q.weight", random(DType.F16, 5, 256));
        tensors.put("blk.0.attn_k.weight", random(DType.F16, 5, 64));
        tensors.put("blk.0.ffn_down_exps.weight", random(DType.F32, 2, 3, 256));
        tensors.put("blk.0.odd.weight", random(DType.F32, 4, 33));
        Gguf.write(model, metadata, tensors);
    }

    @Test
    void writesTheMixAndTellsTheErrorOfEachTensor() throws IOException {
        String told = Cli.run("quantize", model, out, "--type", "Q4_K_M").succeeded();
        assertTrue(told.contains("token_embd.weight"), told);
        assertTrue(
                told.matches("(?s).*blk\\.0\\.attn_q\\.weight +\\[5, 256\\] +F16 → Q4_K  error [678]\\.\\d{3} %\n.*"),
                told);
        assertTrue(told.matches("(?s).*output_norm\\.weight +\\[256\\] +F32\n.*"), told);
        assertTrue(told.matches("(?s).*bits a number; error of all that were encoded \\d\\.\\d{3} %\n.*"), told);
        try (Gguf source = Gguf.open(model);
                Gguf quantized = Gguf.open(out)) {
            assertEquals(15, quantized.integer("general.file_type"));
            assertEquals(2, quantized.integer("general.quantization_version"));
            assertEquals(List.of("a", "ü"), quantized.strings("tokenizer.ggml.tokens"));
            assertEquals(
                    List.of("Q4_K", "F32", "Q6_K", "Q4_K", "Q5_0", "Q6_K", "F16"),
                    quantized.entries().values().stream()
                            .map(entry -> entry.typeName())
                            .toList());
            assertEquals(
                    List.copyOf(source.entries().keySet()),
                    List.copyOf(quantized.entries().keySet()));
            assertArrayEquals(
                    bytes(source.tensor("output_norm.weight").orElseThrow()),
                    bytes(quantized.tensor("output_norm.weight").orElseThrow()));
            source.entries().forEach((name, entry) -> {
                assertEquals(entry.shape(), quantized.entries().get(name).shape());
                float[] before = source.tensor(name).orElseThrow().toFloats();
                float[] after = quantized.tensor(name).orElseThrow().toFloats();
                for (int i = 0; i < before.length; i++) {
                    assertEquals(before[i], after[i], 0.02, name);
                }
            });
        }
    }

    @Test
    void namesAreTakenAsPeopleWriteThem() throws IOException {
        Cli.run("quantize", model, out, "--type", "q5_k").succeeded();
        try (Gguf quantized = Gguf.open(out)) {
            assertEquals(17, quantized.integer("general.file_type"));
        }
        String told = Cli.run("quantize", model, out, "--type", "Q9").failed(2);
        assertTrue(told.contains("'Q9' is none of [F32, F16, BF16, Q8_0"), told);
    }

    @Test
    void pureMeansOneType() throws IOException {
        Cli.run("quantize", model, out, "--type", "Q4_0", "--pure").succeeded();
        try (Gguf quantized = Gguf.open(out)) {
            assertEquals("Q4_0", quantized.entries().get("output.weight").typeName());
        }
    }

    @Test
    void toTheSameTypeEveryByteIsKept() throws IOException {
        Cli.run("quantize", model, out, "--type", "Q8_0").succeeded();
        Path again = folder.resolve("again.gguf");
        String told = Cli.run("quantize", out, again, "--type", "Q8_0").succeeded();
        assertEquals(-1, Files.mismatch(out, again));
        assertTrue(told.contains("error of all that were encoded none"), told);
    }

    @Test
    void heedsAnImportanceMatrixAndSaysWhatItDoesNotKnow() throws IOException {
        Path importance = folder.resolve("importance.txt");
        Files.writeString(importance, "blk.0.attn_q.weight" + " 1 100".repeat(128) + "\nblk.9.attn_q.weight 1\n");
        String told = Cli.run("quantize", model, out, "--type", "Q4_K_M", "--imatrix", importance)
                .succeeded();
        assertTrue(told.contains("knows 1 tensors that this model does not have, such as blk.9.attn_q.weight"), told);
        Path plain = folder.resolve("plain.gguf");
        Cli.run("quantize", model, plain, "--type", "Q4_K_M").succeeded();
        try (Gguf heeding = Gguf.open(out);
                Gguf heedless = Gguf.open(plain)) {
            assertEquals("importance.txt", heeding.string("quantize.imatrix.file"));
            assertFalse(heedless.metadata().containsKey("quantize.imatrix.file"));
            assertEquals(List.of("blk.0.attn_q.weight"), differing(heeding, heedless));
        }
        Files.writeString(importance, "blk.0.attn_q.weight 1 2 3\n");
        String refused = Cli.run("quantize", model, out, "--type", "Q4_K_M", "--imatrix", importance, "--force")
                .failed(1);
        assertTrue(refused.contains("3 numbers for tensor \"blk.0.attn_q.weight\" of shape [5, 256]"), refused);
    }

    @Test
    void aDryRunWritesNothing() {
        String told =
                Cli.run("quantize", model, out, "--type", "Q4_K_M", "--dry-run").succeeded();
        assertTrue(told.contains("F16 → Q4_K"), told);
        assertTrue(told.contains("of tensors would take"), told);
        assertFalse(Files.exists(out));
    }

    @Test
    void aFolderInHuggingFaceLayoutIsQuantizedAsGguf() throws IOException {
        Path folderModel = Cli.golden("hf/deepseek-v3-fp8");
        String told = Cli.run("quantize", folderModel, out, "--type", "Q8_0").succeeded();
        assertTrue(told.contains("F32 → Q8_0  error 0.5"), told);
        try (Gguf quantized = Gguf.open(out)) {
            assertEquals(7, quantized.integer("general.file_type"));
            assertEquals("deepseek2", quantized.architecture());
            assertEquals(
                    "Q8_0", quantized.entries().get("blk.0.ffn_down.weight").typeName());
        }
    }

    @Test
    void expertsThatWereTrainedInFourBitsStayAsTheyAre() throws IOException {
        Cli.run("quantize", Cli.golden("hf/deepseek-v4-fp8-mxfp4"), out, "--type", "Q4_K_M")
                .succeeded();
        try (Gguf quantized = Gguf.open(out)) {
            assertEquals(
                    "MXFP4", quantized.entries().get("blk.0.ffn_up_exps.weight").typeName());
        }
    }

    @Test
    void refusesToQuantizeTwiceUnlessAllowed() {
        Cli.run("quantize", model, out, "--type", "Q8_0").succeeded();
        Path again = folder.resolve("again.gguf");
        String told = Cli.run("quantize", out, again, "--type", "Q4_0").failed(2);
        assertTrue(told.contains("quantized already, such as token_embd.weight, which is Q8_0"), told);
        Cli.run("quantize", out, again, "--type", "Q4_0", "--allow-requantize").succeeded();
    }

    @Test
    void refusesToWriteOverWhatIsThere() throws IOException {
        byte[] before = Files.readAllBytes(model);
        assertTrue(Cli.run("quantize", model, model, "--type", "Q8_0", "--force")
                .failed(2)
                .contains("OUT is the model itself"));
        Files.writeString(out, "something");
        assertTrue(Cli.run("quantize", model, out, "--type", "Q8_0").failed(2).contains("exists"));
        assertEquals("something", Files.readString(out));
        assertArrayEquals(before, Files.readAllBytes(model));
        Cli.run("quantize", model, out, "--type", "Q8_0", "--force").succeeded();
    }

    @Test
    void aTensorThatCannotBeEncodedIsNamedAndNothingIsLeft() throws IOException {
        SequencedMap<String, Tensor> tensors = new LinkedHashMap<>();
        Tensor bad = random(DType.F32, 4, 32);
        bad.set(2 * 32 + 3, Double.NaN);
        tensors.put("blk.0.attn_q.weight", bad);
        Gguf.write(model, new LinkedHashMap<>(), tensors);
        String told = Cli.run("quantize", model, out, "--type", "Q8_0").failed(1);
        assertTrue(told.contains("Tensor \"blk.0.attn_q.weight\", row 2 of shape [4, 32], to Q8_0"), told);
        try (Stream<Path> left = Files.list(folder)) {
            assertEquals(List.of(model), left.toList());
        }
    }

    private static List<String> differing(Gguf one, Gguf other) {
        return one.tensors().keySet().stream()
                .filter(name -> !Arrays.equals(
                        bytes(one.tensor(name).orElseThrow()),
                        bytes(other.tensor(name).orElseThrow())))
                .toList();
    }

    private static byte[] bytes(Tensor tensor) {
        return tensor.data().toArray(ValueLayout.JAVA_BYTE);
    }

    private static Tensor random(DType type, long... lengths) {
        Random random = new Random(lengths[0]);
        Tensor tensor = Tensor.allocate(Arena.ofAuto(), type, lengths);
        float[] values = new float[(int) tensor.elements()];
        for (int i = 0; i < values.length; i++) {
            values[i] = (float) (random.nextGaussian() * 0.02);
        }
        tensor.setFloats(values);
        return tensor;
    }
}
