package dev.baleen.chat;

import dev.baleen.generation.ByteTokenizer;
import dev.baleen.generation.EngineOptions;
import dev.baleen.generation.Sampling;
import dev.baleen.generation.TinyModel;
import dev.baleen.kernel.ScalarKernels;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/// A chat model of a tiny network that speaks nonsense in ASCII.
final class TinyChat {
    static final int END = 257;
    static final int END_OF_THINKING = 262;

    private TinyChat() {}

    static ChatModel open(int contextLength) {
        ByteTokenizer tokenizer = new ByteTokenizer();
        return ChatModel.of(
                "tiny",
                new TinyModel(tokenizer.vocabularySize(), contextLength, 3),
                tokenizer,
                new DeepSeekR1Template(),
                new GenerationSettings(Sampling.at(1.5), Set.of(END)),
                new ScalarKernels(),
                EngineOptions.defaults().withBatchTokensMax(64));
    }

    /// Options that make the model stop thinking, and answering, after a while.
    static ChatOptions options(ChatModel model, long seed) {
        Map<Integer, Double> biases = new HashMap<>();
        for (int id = 0; id < model.model().vocabularySize(); id++) {
            if (id != '\n' && (id < 32 || id > 126)) {
                biases.put(id, Double.NEGATIVE_INFINITY);
            }
        }
        biases.put(END_OF_THINKING, 5.0);
        return model.options().withSampling(Sampling.at(5).withLogitBias(biases).withSeed(seed));
    }
}
