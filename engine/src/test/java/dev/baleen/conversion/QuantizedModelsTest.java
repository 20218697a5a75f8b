package dev.baleen.conversion;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.baleen.checkpoint.Checkpoint;
import dev.baleen.checkpoint.Gguf;
import dev.baleen.checkpoint.TensorSource;
import dev.baleen.dtype.DType;
import dev.baleen.kernel.Backends;
import dev.baleen.kernel.ComputePool;
import dev.baleen.model.Architectures;
import dev.baleen.model.Decoding;
import dev.baleen.model.ReferenceModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The reference models, quantized here, run.
class QuantizedModelsTest {
    private static final Quantizer.Listener SILENT = new Quantizer.Listener() {
        @Override
        public void advanced(long sourceBytes) {}

        @Override
        public void written(QuantizedTensor tensor) {}
    };

    @TempDir
    private Path folder;

    /// Models of random weights, as these are, make much of small errors, and those with experts jump from one to
    /// another; so only the best format is held against the model as it was, and only where there are no experts.
    @ParameterizedTest
    @ValueSource(
            strings = {
                "tiny-qwen2",
                "tiny-llama3",
                "hf/qwen2-bf16",
                "hf/llama3-f16",
                "hf/qwen3-tied-yarn",
                "hf/deepseek-coder-linear"
            })
    void eightBitsHardlyMoveTheLogits(String name) throws IOException {
        ReferenceModel reference = ReferenceModel.read(name);
        float[][] actual = logits(quantized(reference.path(), QuantizationMix.Q8_0), reference.prompt());
        double errors = 0;
        double squares = 0;
        int same = 0;
        for (int row = 0; row < actual.length; row++) {
            float[] expected = reference.logits()[row];
            for (int i = 0; i < expected.length; i++) {
                errors += Math.pow(expected[i] - actual[row][i], 2);
                squares += Math.pow(expected[i], 2);
            }
            same += best(expected) == best(actual[row]) ? 1 : 0;
        }
        double error = Math.sqrt(errors / squares);
        // Measured: 0.019 to 0.042, and 23 or 24 of 24.
        assertTrue(error < 0.06, "%s: error %.3f".formatted(name, error));
        assertTrue(same >= actual.length - 2, "%s: %d of %d the same".formatted(name, same, actual.length));
    }

    @Tag("slow")
    @ParameterizedTest
    @ValueSource(
            strings = {
                "tiny-qwen2",
                "tiny-llama3",
                "tiny-deepseek1-moe",
                "tiny-deepseek2-v3",
                "tiny-deepseek2-v2lite",
                "tiny-deepseek32",
                "hf/qwen3-tied-yarn",
                "hf/deepseek-v2-lite",
                "hf/deepseek-v3-sharded-mtp",
                "hf/deepseek-v3-fp8",
                "hf/deepseek-v32"
            })
    void aQuantizedModelRunsAsItsWeightsDecodedDo(String name) throws IOException {
        ReferenceModel reference = ReferenceModel.read(name);
        for (QuantizationMix mix : List.of(QuantizationMix.Q8_0, QuantizationMix.Q4_K_M)) {
            Path quantized = quantized(reference.path(), mix);
            Path decoded = quantized(quantized, QuantizationMix.F32);
            ReferenceModel.assertLogits(
                    name + " in " + mix, logits(decoded, reference.prompt()), logits(quantized, reference.prompt()));
        }
    }

    private static float[][] logits(Path file, int[] prompt) {
        try (ComputePool pool = new ComputePool(2);
                Checkpoint checkpoint = Checkpoint.open(file);
                Decoding decoding = new Decoding(Architectures.load(checkpoint), Backends.best(pool), 1)) {
            return decoding.documents(prompt);
        }
    }

    private static int best(float[] logits) {
        int best = 0;
        for (int i = 1; i < logits.length; i++) {
            best = logits[i] > logits[best] ? i : best;
        }
        return best;
    }

    private Path quantized(Path source, QuantizationMix mix) throws IOException {
        Path file = folder.resolve(mix + ".gguf");
        try (Checkpoint checkpoint = Checkpoint.open(source);
                ComputePool pool = new ComputePool(2)) {
            GgufModel model = GgufModel.of(checkpoint, ConversionOptions.exact());
            List<TensorSource> tensors = model.tensors();
            Map<String, DType> types = MixRules.types(mix, ModelFacts.of(model.metadata()), false, tensors);
            Gguf.write(
                    file,
                    Quantizer.metadata(model.metadata(), mix, Importance.none()),
                    new Quantizer(pool, Importance.none(), SILENT).quantize(tensors, types));
        }
        return file;
    }
}
