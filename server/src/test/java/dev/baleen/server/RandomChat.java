package dev.baleen.server;

import dev.baleen.chat.ChatModel;
import dev.baleen.chat.DeepSeekR1Template;
import dev.baleen.chat.GenerationSettings;
import dev.baleen.dtype.DType;
import dev.baleen.generation.EngineOptions;
import dev.baleen.kernel.GateRule;
import dev.baleen.kernel.GateRule.GroupScore;
import dev.baleen.kernel.GateRule.Scoring;
import dev.baleen.kernel.ScalarKernels;
import dev.baleen.model.DeepSeekV3;
import dev.baleen.model.DeepSeekV3Config;
import dev.baleen.model.WeightSource;
import dev.baleen.tensor.Shape;
import dev.baleen.tensor.Tensor;
import dev.baleen.tokenizer.Tokenizer;
import dev.baleen.tokenizer.TokenizerTrainer;
import java.lang.foreign.Arena;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.LongStream;

/// A tiny DeepSeek-V3 with random weights. What it writes means nothing, and depends on all that it was asked.
final class RandomChat {
    private static final long SEED = 7;

    private RandomChat() {}

    static ChatModel open() {
        Tokenizer tokenizer = TokenizerTrainer.ofSize(300).train(List.of("What is it? It is what it is."));
        GateRule gate = new GateRule(Scoring.SIGMOID, 2, 2, 1, GroupScore.SUM_OF_BEST_TWO, true, 2.5);
        DeepSeekV3Config config = new DeepSeekV3Config(
                "deepseek_v3",
                tokenizer.vocabularySize(),
                16,
                2,
                1,
                2,
                12,
                8,
                6,
                4,
                5,
                24,
                8,
                4,
                1,
                gate,
                1e-6,
                10_000,
                Optional.empty(),
                512,
                0,
                false,
                Optional.empty());
        return ChatModel.of(
                "random",
                DeepSeekV3.of(config, weights(config)),
                tokenizer,
                new DeepSeekR1Template(),
                GenerationSettings.defaults(tokenizer),
                new ScalarKernels(),
                EngineOptions.defaults());
    }

    private static WeightSource weights(DeepSeekV3Config config) {
        Random random = new Random(SEED);
        Map<String, Tensor> weights = new HashMap<>();
        DeepSeekV3.parameterShapes(config).forEach((name, shape) -> weights.put(name, weight(random, name, shape)));
        return new WeightSource() {
            @Override
            public boolean has(String name) {
                return weights.containsKey(name);
            }

            @Override
            public Tensor get(String name, long... shape) {
                return weights.get(name);
            }
        };
    }

    private static Tensor weight(Random random, String name, Shape shape) {
        long[] lengths =
                LongStream.range(0, shape.axes()).map(i -> shape.axis((int) i)).toArray();
        Tensor weight = Tensor.allocate(Arena.ofAuto(), DType.F32, lengths);
        double mean = name.endsWith("norm.weight") ? 1 : 0;
        for (long i = 0; i < weight.elements(); i++) {
            weight.set(i, mean + random.nextGaussian());
        }
        return weight;
    }
}
