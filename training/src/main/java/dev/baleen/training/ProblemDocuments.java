package dev.baleen.training;

import dev.baleen.chat.ChatTemplate;
import dev.baleen.chat.DeepSeekR1Template;
import dev.baleen.chat.Message;
import dev.baleen.task.Conversation;
import dev.baleen.task.Mixture;
import dev.baleen.task.Problem;
import dev.baleen.tokenizer.ControlTokens;
import dev.baleen.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/// Problems as the tokens that a model reads and writes.
///
///     <｜begin▁of▁sentence｜><｜User｜>{question}<｜Assistant｜><think>\n{trace}\n</think>\n\n{answer}<｜end▁of▁sentence｜>
///
/// The part up to `<think>\n` comes from the very template that serves the model, so what it is asked later is cut into
/// the tokens that it learnt from.
public final class ProblemDocuments {
    private final Tokenizer tokenizer;
    private final ChatTemplate template = new DeepSeekR1Template();
    private final int tokensMax;
    private final int assistant;
    private final int endOfThinking;
    private final int end;

    /// @param tokensMax no document may be longer: the model's context
    public ProblemDocuments(Tokenizer tokenizer, int tokensMax) {
        this.tokenizer = tokenizer;
        this.tokensMax = tokensMax;
        assistant = id(ControlTokens.ASSISTANT);
        endOfThinking = id(ControlTokens.END_OF_THINKING);
        end = id(ControlTokens.END);
    }

    /// The prompt for a problem, up to and with `<think>\n`.
    public int[] prompt(Problem problem) {
        return prompt(new Conversation(List.of(), problem));
    }

    /// The prompt and its model solution.
    ///
    /// @throws IllegalArgumentException if it does not fit the context
    public Document document(Conversation conversation) {
        int[] prompt = prompt(conversation);
        Problem problem = conversation.problem();
        IntStream.Builder tokens = IntStream.builder();
        IntStream.of(prompt).forEach(tokens::add);
        IntStream.of(tokenizer.encodeOrdinary(problem.trace() + "\n")).forEach(tokens::add);
        tokens.add(endOfThinking);
        IntStream.of(tokenizer.encodeOrdinary("\n\n" + problem.answer())).forEach(tokens::add);
        tokens.add(end);
        int[] all = tokens.build().toArray();
        if (all.length > tokensMax) {
            throw new IllegalArgumentException(
                    "A document of %d tokens does not fit a context of %d, and documents are never cut: raise the context, or leave out the task %s (problem %s)"
                            .formatted(all.length, tokensMax, problem.task(), problem.key()));
        }
        return new Document(all, answerFrom(prompt));
    }

    /// A stream of steps, each of `documents` documents: step s learns from conversations s · documents and
    /// following.
    public StepSource steps(Mixture mixture, int documents, Packer packer) {
        return step -> {
            List<Document> made = new ArrayList<>(documents);
            for (long index = step * documents; index < (step + 1) * documents; index++) {
                made.add(document(mixture.conversation(index)));
            }
            return packer.pack(made);
        };
    }

    private int[] prompt(Conversation conversation) {
        List<Message> messages = new ArrayList<>();
        for (Problem before : conversation.earlier()) {
            messages.add(Message.user(before.question()));
            messages.add(Message.assistant(before.answer()));
        }
        messages.add(Message.user(conversation.problem().question()));
        return template.render(messages, true).encode(tokenizer);
    }

    /// The token after the last mark of the assistant's turn.
    private int answerFrom(int[] prompt) {
        for (int i = prompt.length - 1; i >= 0; i--) {
            if (prompt[i] == assistant) {
                return i + 1;
            }
        }
        throw new IllegalStateException("The prompt has no assistant's turn: " + Arrays.toString(prompt));
    }

    private int id(String token) {
        return tokenizer
                .id(token)
                .orElseThrow(() -> new IllegalArgumentException(
                        "The tokenizer lacks %s: train it with TokenizerTrainer.ofSize".formatted(token)));
    }
}
