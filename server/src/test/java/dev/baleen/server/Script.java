package dev.baleen.server;

import dev.baleen.chat.ChatModel;
import dev.baleen.chat.ChatTemplate;
import dev.baleen.chat.DeepSeekR1Template;
import dev.baleen.chat.GenerationSettings;
import dev.baleen.chat.Message;
import dev.baleen.chat.Prompt;
import dev.baleen.generation.EngineOptions;
import dev.baleen.generation.Sampling;
import dev.baleen.kernel.ScalarKernels;
import dev.baleen.tokenizer.ControlTokens;
import dev.baleen.tokenizer.GgufVocabulary;
import dev.baleen.tokenizer.Tokenizer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;

/// What a [ScriptedModel] is to say to which question, token by token. It asks a question it does not know back.
///
///     new Script().says("What is 2 + 3?", "2+3", "=5", "</think>", "5").open()
final class Script {
    static final String NAME = "scripted";
    private static final int BYTES = 256;
    private static final int TEXT = 1;
    private static final int CONTROL = 3;

    private final Map<String, List<String>> answers = new LinkedHashMap<>();
    private final Set<String> endless = new HashSet<>();
    private Duration pace = Duration.ZERO;

    Script() {
        says("", "Well", "…", ControlTokens.END_OF_THINKING, "What", " do", " you", " mean", "?");
    }

    /// An answer with thoughts; without thinking it begins behind the `</think>`.
    Script says(String question, String... tokens) {
        answers.put(question, List.of(tokens));
        return this;
    }

    /// The same, but its last token comes again and again.
    Script saysForever(String question, String... tokens) {
        endless.add(question);
        return says(question, tokens);
    }

    /// How long a step takes at least.
    Script pace(Duration value) {
        pace = value;
        return this;
    }

    ChatModel open() {
        return open(EngineOptions.defaults());
    }

    ChatModel open(EngineOptions options) {
        List<String> tokens = new ArrayList<>();
        List<Integer> types = new ArrayList<>();
        for (int b = 0; b < BYTES; b++) {
            tokens.add(String.valueOf(spelled(b)));
            types.add(TEXT);
        }
        for (String control : List.of(
                ControlTokens.BEGIN,
                ControlTokens.END,
                ControlTokens.USER,
                ControlTokens.ASSISTANT,
                ControlTokens.THINK)) {
            tokens.add(control);
            types.add(CONTROL);
        }
        Map<Integer, Integer> successors = new LinkedHashMap<>();
        for (Map.Entry<String, List<String>> answer : answers.entrySet()) {
            int thinkingCue = add(tokens, types, cue(answer.getKey(), true), CONTROL);
            int plainCue = add(tokens, types, cue(answer.getKey(), false), CONTROL);
            int last = thinkingCue;
            for (String text : answer.getValue()) {
                int token = add(tokens, types, spelled(text), TEXT);
                successors.put(last, token);
                last = token;
                if (text.equals(ControlTokens.END_OF_THINKING)) {
                    successors.put(plainCue, token + 1);
                }
            }
            successors.put(last, endless.contains(answer.getKey()) ? last : end(tokens));
        }
        int[] next = new int[tokens.size()];
        successors.forEach((token, successor) -> next[token] = successor);
        Tokenizer tokenizer = new GgufVocabulary(
                        "gpt2",
                        "gpt-2",
                        tokens,
                        types,
                        List.of(),
                        OptionalInt.of(tokens.indexOf(ControlTokens.BEGIN)),
                        OptionalInt.of(end(tokens)),
                        OptionalInt.empty(),
                        false)
                .tokenizer();
        return ChatModel.of(
                NAME,
                new ScriptedModel(next, pace),
                tokenizer,
                template(),
                new GenerationSettings(Sampling.greedy(), Set.of(end(tokens))),
                new ScalarKernels(),
                options);
    }

    /// DeepSeek's layout, and behind it a mark that says which answer is to come.
    private ChatTemplate template() {
        return request -> {
            boolean thinking = request.thinking();
            Prompt prompt = new DeepSeekR1Template().render(request);
            List<Prompt.Part> parts = new ArrayList<>(prompt.parts());
            Message last = request.messages().getLast();
            parts.add(new Prompt.Part.Mark(cue(answers.containsKey(last.content()) ? last.content() : "", thinking)));
            return new Prompt(parts, thinking);
        };
    }

    private static String cue(String question, boolean thinking) {
        return (thinking ? "<think about:" : "<answer:") + question + ">";
    }

    private static int add(List<String> tokens, List<Integer> types, String token, int type) {
        tokens.add(token);
        types.add(type);
        return tokens.size() - 1;
    }

    private static int end(List<String> tokens) {
        return tokens.indexOf(ControlTokens.END);
    }

    private static String spelled(String text) {
        StringBuilder spelled = new StringBuilder();
        for (byte value : text.getBytes(StandardCharsets.UTF_8)) {
            spelled.append(spelled(value & 0xFF));
        }
        return spelled.toString();
    }

    /// A byte as vocabularies write it: printable Latin-1 stands for itself, the rest for what lies from U+0100 on.
    private static char spelled(int value) {
        int others = 0;
        for (int b = 0; b < value; b++) {
            others += printable(b) ? 0 : 1;
        }
        return (char) (printable(value) ? value : BYTES + others);
    }

    private static boolean printable(int b) {
        return (b >= '!' && b <= '~') || (b >= 0xA1 && b <= 0xAC) || b >= 0xAE;
    }
}
