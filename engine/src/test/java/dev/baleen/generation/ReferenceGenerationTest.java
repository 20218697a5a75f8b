package dev.baleen.generation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.baleen.Goldens;
import dev.baleen.checkpoint.Checkpoint;
import dev.baleen.kernel.Backends;
import dev.baleen.kernel.ComputePool;
import dev.baleen.kernel.Kernels;
import dev.baleen.model.Architectures;
import dev.baleen.model.Model;
import java.io.IOException;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The engine goes on as another implementation did, with strangers in every step.
class ReferenceGenerationTest {
    @ParameterizedTest
    @ValueSource(strings = {"tiny-deepseek2-v3", "tiny-deepseek2-v2lite", "tiny-deepseek32", "tiny-deepseek4"})
    void goesOnLikeTheReferenceInTheCompanyOfStrangers(String name) throws IOException, InterruptedException {
        JsonNode expected =
                new ObjectMapper().readTree(Goldens.path(name + ".json").toFile());
        int[] greedy = ints(expected.get("greedy"));
        GenerationRequest request =
                GenerationRequest.of(ints(expected.get("prompt")), greedy.length, Sampling.greedy());
        try (Checkpoint checkpoint = Checkpoint.open(Goldens.path(name + ".gguf"));
                ComputePool pool = new ComputePool(2)) {
            Model model = Architectures.load(checkpoint);
            EngineOptions options =
                    EngineOptions.defaults().withContextTokensMax(256).withBatchTokensMax(20);
            try (Engine engine = new Engine(model, new ByteTokenizer(), Backends.best(pool), options)) {
                List<Generation> strangers = new Random(1)
                        .ints(3, 1, 90)
                        .mapToObj(length -> engine.submit(stranger(length, model.vocabularySize())))
                        .toList();
                assertArrayEquals(greedy, engine.submit(request).await().ids());
                for (Generation stranger : strangers) {
                    stranger.await();
                }
                assertArrayEquals(greedy, engine.submit(request).await().ids(), "alone");
            }
        }
    }

    /// Not only the same tokens: the same log-probabilities to the bit, by the fast kernels on two threads.
    @ParameterizedTest
    @ValueSource(strings = {"tiny-deepseek2-v3.gguf", "tiny-deepseek32.gguf", "tiny-deepseek4.gguf", "hf/deepseek-v4"})
    void computesTheSameBitsInAnyCompanyAndInAnyPieces(String name) throws InterruptedException {
        try (Checkpoint checkpoint = Checkpoint.open(Goldens.path(name));
                ComputePool pool = new ComputePool(2)) {
            Model model = Architectures.load(checkpoint);
            Kernels kernels = Backends.best(pool);
            EngineOptions options = EngineOptions.defaults().withContextTokensMax(256);
            GenerationRequest request = GenerationRequest.of(
                            stranger(100, model.vocabularySize()).prompt(),
                            40,
                            Sampling.at(1).withSeed(7).withTopP(0.9))
                    .withTopLogprobs(3);
            Completion alone;
            try (Engine engine = new Engine(model, new ByteTokenizer(), kernels, options)) {
                alone = engine.submit(request).await();
            }
            MemoryPlan plan = MemoryPlan.of(model, options);
            long fivePages = 5 * plan.pageBytes() + plan.sequences() * plan.sequenceBytes();
            for (EngineOptions others : List.of(
                    options.withBatchTokensMax(8),
                    options.withBatchTokensMax(33),
                    options.withBatchTokensMax(512).withCacheBytesMax(fivePages))) {
                try (Engine engine = new Engine(model, new ByteTokenizer(), kernels, others)) {
                    List<Generation> strangers = new Random(2)
                            .ints(6, 1, 90)
                            .mapToObj(length -> engine.submit(stranger(length, model.vocabularySize())))
                            .toList();
                    assertEquals(alone.tokens(), engine.submit(request).await().tokens(), others.toString());
                    for (Generation stranger : strangers) {
                        stranger.await();
                    }
                    assertEquals(others.cacheBytesMax() > 0, engine.status().preemptions() > 0, "pages given back");
                }
            }
        }
    }

    private static GenerationRequest stranger(int length, int vocabulary) {
        int[] prompt = new Random(length).ints(length, 0, vocabulary).toArray();
        return GenerationRequest.of(prompt, 25, Sampling.at(1));
    }

    private static int[] ints(JsonNode array) {
        return IntStream.range(0, array.size()).map(i -> array.get(i).asInt()).toArray();
    }
}
