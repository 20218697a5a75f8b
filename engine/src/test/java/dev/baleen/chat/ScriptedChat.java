package dev.baleen.chat;

import dev.baleen.dtype.DType;
import dev.baleen.generation.EngineOptions;
import dev.baleen.generation.Sampling;
import dev.baleen.kernel.Ops;
import dev.baleen.kernel.ScalarKernels;
import dev.baleen.model.Batch;
import dev.baleen.model.CacheLayout;
import dev.baleen.model.KvCache;
import dev.baleen.model.Model;
import dev.baleen.model.WeightSource;
import dev.baleen.tensor.Tensor;
import dev.baleen.tokenizer.ControlTokens;
import dev.baleen.tokenizer.GgufVocabulary;
import dev.baleen.tokenizer.Tokenizer;
import java.lang.foreign.Arena;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.OptionalInt;
import java.util.SequencedMap;
import java.util.Set;

/// A chat model whose every token has one successor: after the `<think>` or `</think>` that a prompt ends with it
/// says the tokens that it was given.
final class ScriptedChat {
    private static final int BYTES = 256;
    private static final int TEXT = 1;
    private static final int CONTROL = 3;
    private static final float SURE = 20;

    private ScriptedChat() {}

    /// @param answer token by token; a control token is one by its name
    static ChatModel open(ChatTemplate template, String... answer) {
        List<String> tokens = new ArrayList<>();
        List<Integer> types = new ArrayList<>();
        for (int b = 0; b < BYTES; b++) {
            tokens.add(spelled(b));
            types.add(TEXT);
        }
        for (String control : List.of(
                ControlTokens.BEGIN,
                ControlTokens.END,
                ControlTokens.USER,
                ControlTokens.ASSISTANT,
                ControlTokens.THINK,
                ControlTokens.END_OF_THINKING,
                Dsml.MARK)) {
            tokens.add(control);
            types.add(CONTROL);
        }
        int think = tokens.indexOf(ControlTokens.THINK);
        int end = tokens.indexOf(ControlTokens.END);
        int first = tokens.size();
        for (String text : answer) {
            boolean control = tokens.contains(text) && text.length() > 1;
            StringBuilder token = new StringBuilder();
            for (byte each : text.getBytes(StandardCharsets.UTF_8)) {
                token.append(spelled(each & 0xFF));
            }
            tokens.add(control ? text : token.toString());
            types.add(control ? CONTROL : TEXT);
        }
        int[] successors = new int[tokens.size()];
        successors[think] = first;
        successors[tokens.indexOf(ControlTokens.END_OF_THINKING)] = first;
        for (int token = first; token < tokens.size(); token++) {
            successors[token] = token + 1 < tokens.size() ? token + 1 : end;
        }
        Tokenizer tokenizer = new GgufVocabulary(
                        "gpt2",
                        "gpt-2",
                        tokens,
                        types,
                        List.of(),
                        OptionalInt.of(tokens.indexOf(ControlTokens.BEGIN)),
                        OptionalInt.of(end),
                        OptionalInt.empty(),
                        false)
                .tokenizer();
        return ChatModel.of(
                "scripted",
                new Successors(successors),
                tokenizer,
                template,
                new GenerationSettings(Sampling.greedy(), Set.of(end)),
                new ScalarKernels(),
                EngineOptions.defaults());
    }

    /// A byte in GPT-2's alphabet.
    private static String spelled(int b) {
        boolean printable = b >= '!' && b <= '~' || b >= 0xA1 && b <= 0xAC || b >= 0xAE;
        if (printable) {
            return Character.toString(b);
        }
        int others = 0;
        for (int before = 0; before < b; before++) {
            boolean itself = before >= '!' && before <= '~' || before >= 0xA1 && before <= 0xAC || before >= 0xAE;
            others += itself ? 0 : 1;
        }
        return Character.toString(BYTES + others);
    }

    private record Successors(Tensor logits) implements Model {
        Successors(int[] successors) {
            this(Tensor.allocate(Arena.ofAuto(), DType.F32, successors.length, successors.length));
            for (int token = 0; token < successors.length; token++) {
                logits.set((long) token * successors.length + successors[token], SURE);
            }
        }

        @Override
        public String architecture() {
            return "scripted";
        }

        @Override
        public int vocabularySize() {
            return logits.rows();
        }

        @Override
        public int contextLength() {
            return 8192;
        }

        @Override
        public CacheLayout cacheLayout() {
            return new CacheLayout(1, 1);
        }

        @Override
        public Tensor forward(Ops ops, Batch batch, KvCache cache) {
            Tensor all = ops.embedding(logits, batch.tokens());
            return batch.wantsAllRows() ? all : ops.gatherRows(all, batch.outputs());
        }

        @Override
        public SequencedMap<String, Tensor> parameters() {
            SequencedMap<String, Tensor> parameters = new LinkedHashMap<>();
            parameters.put("successors", logits);
            return parameters;
        }

        @Override
        public Model with(WeightSource weights) {
            return this;
        }
    }
}
