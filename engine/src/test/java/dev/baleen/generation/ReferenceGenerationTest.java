package dev.baleen.generation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.baleen.Goldens;
import dev.baleen.checkpoint.Checkpoint;
import dev.baleen.kernel.ScalarKernels;
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
    @ValueSource(strings = {"tiny-deepseek2-v3", "tiny-deepseek2-v2lite"})
    void goesOnLikeTheReferenceInTheCompanyOfStrangers(String name) throws IOException, InterruptedException {
        JsonNode expected =
                new ObjectMapper().readTree(Goldens.path(name + ".json").toFile());
        int[] greedy = ints(expected.get("greedy"));
        GenerationRequest request =
                GenerationRequest.of(ints(expected.get("prompt")), greedy.length, Sampling.greedy());
        try (Checkpoint checkpoint = Checkpoint.open(Goldens.path(name + ".gguf"))) {
            Model model = Architectures.load(checkpoint);
            EngineOptions options =
                    EngineOptions.defaults().withContextTokensMax(256).withBatchTokensMax(20);
            try (Engine engine = new Engine(model, new ByteTokenizer(), new ScalarKernels(), options)) {
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

    private static GenerationRequest stranger(int length, int vocabulary) {
        int[] prompt = new Random(length).ints(length, 0, vocabulary).toArray();
        return GenerationRequest.of(prompt, 25, Sampling.at(1));
    }

    private static int[] ints(JsonNode array) {
        return IntStream.range(0, array.size()).map(i -> array.get(i).asInt()).toArray();
    }
}
