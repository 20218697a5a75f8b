package dev.baleen.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.baleen.checkpoint.Checkpoint;
import dev.baleen.dtype.DType;
import dev.baleen.kernel.Backends;
import dev.baleen.kernel.ComputePool;
import dev.baleen.kernel.Kernels;
import dev.baleen.kernel.ScalarKernels;
import dev.baleen.tensor.Tensor;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Models that other implementations ran: the same logits, the same greedy tokens, however the work is cut.
class ReferenceModelsTest {
    private static final int GREEDY = 32;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "tiny-qwen2",
                "tiny-llama3",
                "tiny-deepseek1-moe",
                "hf/qwen2-bf16",
                "hf/llama3-f16",
                "hf/qwen3-tied-yarn",
                "hf/deepseek-coder-linear",
                "tiny-deepseek2-v3",
                "tiny-deepseek2-v2lite",
                "hf/deepseek-v3-sharded-mtp",
                "hf/deepseek-v3-fp8",
                "hf/deepseek-v31-fp8-ue8m0",
                "hf/deepseek-v2-lite",
                "hf/deepseek-v2-group-limited",
                "tiny-deepseek32",
                "hf/deepseek-v32",
                "tiny-deepseek4",
                "hf/deepseek-v4",
                "hf/deepseek-v4-fp8-mxfp4"
            })
    void agreesInOneBatchAndTokenByTokenAndAmongStrangers(String name) {
        ReferenceModel reference = ReferenceModel.read(name);
        try (ComputePool pool = new ComputePool(2);
                Checkpoint checkpoint = Checkpoint.open(reference.path())) {
            Model model = Architectures.load(checkpoint);
            for (Kernels kernels : List.of(new ScalarKernels(), Backends.best(pool))) {
                check(reference, model, kernels);
            }
        }
    }

    private static void check(ReferenceModel reference, Model model, Kernels kernels) {
        int[] prompt = reference.prompt();
        String by = " by " + kernels.description();
        float[][] whole;
        try (Decoding decoding = new Decoding(model, kernels, 1).comparedWith(prompt.length)) {
            reference.assertLogits("without a cache" + by, decoding.documents(prompt));
            whole = decoding.feed(prompt);
            reference.assertLogits("in one batch" + by, whole);
            float[] last = whole[prompt.length - 1];
            reference.assertGreedy("in one batch" + by, decoding.comparedWith(0).greedy(last, GREEDY));
        }
        try (Decoding decoding = new Decoding(model, kernels, 1).comparedWith(prompt.length)) {
            float[][] steps = new float[prompt.length][];
            for (int i = 0; i < prompt.length; i++) {
                steps[i] = decoding.feed(new int[] {prompt[i]})[0];
            }
            reference.assertLogits("token by token" + by, steps);
            assertArrayEquals(whole, steps, reference.name() + " token by token differs in bits" + by);
        }
        try (Decoding decoding = new Decoding(model, kernels, 3).comparedWith(prompt.length)) {
            int[] stranger = Arrays.copyOfRange(prompt, 3, prompt.length);
            decoding.feed(new int[0], stranger);
            int half = prompt.length / 2;
            float[][] first = decoding.feed(Arrays.copyOf(prompt, half), new int[] {7, 8, 9}, stranger);
            float[][] second = decoding.feed(Arrays.copyOfRange(prompt, half, prompt.length), new int[] {11});
            float[][] among = new float[prompt.length][];
            System.arraycopy(first, 0, among, 0, half);
            System.arraycopy(second, 0, among, half, prompt.length - half);
            assertArrayEquals(whole, among, reference.name() + " among strangers differs in bits" + by);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"hf/qwen2-bf16", "hf/llama3-f16", "hf/deepseek-v3-fp8", "hf/deepseek-v31-fp8-ue8m0"})
    void agreesWithItsWeightsDecodedAsATrainerHasThem(String name) {
        ReferenceModel reference = ReferenceModel.read(name);
        try (ComputePool pool = new ComputePool(2);
                Checkpoint checkpoint = Checkpoint.open(reference.path())) {
            Model stored = Architectures.load(checkpoint);
            Map<String, Tensor> decoded = new HashMap<>();
            stored.parameters().forEach((weight, tensor) -> {
                long[] lengths = new long[tensor.shape().axes()];
                Arrays.setAll(lengths, tensor.shape()::axis);
                decoded.put(weight, Tensor.ofFloats(tensor.toFloats(), lengths));
            });
            Model model = stored.with(RandomModel.source(decoded));
            try (Decoding decoding = new Decoding(model, Backends.best(pool), 1)) {
                reference.assertLogits("decoded", decoding.documents(reference.prompt()));
            }
        }
    }

    @Test
    void predictsTwoTokensAheadAsTheReferenceDoes() {
        ReferenceModel reference = ReferenceModel.read("hf/deepseek-v3-sharded-mtp");
        int rows = reference.prompt().length - 1;
        float[][] expected = ReferenceModel.matrix(reference.path().resolve("expected.mtp.logits.f32"), rows);
        try (ComputePool pool = new ComputePool(2);
                Checkpoint checkpoint = Checkpoint.open(reference.path())) {
            Model model = Architectures.load(checkpoint);
            try (Decoding decoding = new Decoding(model, Backends.best(pool), 1)) {
                List<float[][]> predictions = decoding.predictions(reference.prompt());
                assertEquals(2, predictions.size());
                reference.assertLogits("one token ahead", predictions.get(0));
                ReferenceModel.assertLogits("two tokens ahead", expected, Arrays.copyOf(predictions.get(1), rows));
            }
        }
    }

    @Test
    void aTokenOfTheFullModelTakes70272BytesOfCache() {
        CacheLayout layout = new CacheLayout(61, 512 + 64);
        assertEquals(70_272, layout.bytesPerToken(DType.BF16));
    }
}
