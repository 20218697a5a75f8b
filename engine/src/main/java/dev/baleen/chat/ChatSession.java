package dev.baleen.chat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// A conversation with a memory: it keeps questions and answers, not the thoughts, and minds the context's length.
///
/// Used by one thread. The answer joins the history when it was read to its end, cancelled or not; an answer that was
/// left unread is cancelled by the next question, and what was read of it counts. A question that got no answer at
/// all is forgotten.
public final class ChatSession {
    /// What to do when conversation and answer do not fit the context.
    public enum WhenFull {
        /// Forget the oldest questions with their answers; system messages stay.
        TRIM,
        /// Throw.
        REFUSE
    }

    private final ChatModel model;
    private final WhenFull whenFull;
    private final List<Message> history = new ArrayList<>();
    private Optional<ChatStream> open = Optional.empty();

    /// @param system what the model is told before all else; empty for nothing
    public ChatSession(ChatModel model, String system, WhenFull whenFull) {
        this.model = model;
        this.whenFull = whenFull;
        if (!system.isEmpty()) {
            history.add(Message.system(system));
        }
    }

    /// Begins the answer to a question.
    ///
    /// @throws IllegalArgumentException if the question does not fit, by itself or (if asked to refuse) with the
    ///     history
    public ChatStream ask(String question, ChatOptions options) {
        settle();
        history.add(Message.user(question));
        try {
            makeRoom(options);
            ChatStream stream = model.stream(history, options);
            open = Optional.of(stream);
            return stream;
        } catch (RuntimeException e) {
            history.removeLast();
            throw e;
        }
    }

    /// Questions and answers so far, without thoughts.
    public List<Message> messages() {
        if (open.isPresent() && open.get().ended()) {
            settle();
        }
        return List.copyOf(history);
    }

    /// Tokens that the history takes as a prompt.
    public int countTokens() {
        return model.countTokens(messages(), true);
    }

    /// Forgets everything but system messages.
    public void clear() {
        settle();
        history.removeIf(message -> message.role() != Role.SYSTEM);
    }

    /// Closes the last question.
    private void settle() {
        if (open.isEmpty()) {
            return;
        }
        ChatStream stream = open.get();
        stream.cancel();
        open = Optional.empty();
        if (stream.message().content().isEmpty()) {
            history.removeLast();
        } else {
            history.add(stream.message().withoutReasoning());
        }
    }

    /// Sees to it that there is room for the answer: what was asked for, or a quarter of the context.
    private void makeRoom(ChatOptions options) {
        int context = model.contextTokensMax();
        int wanted = options.tokensMax().orElse(Math.max(1, context / 4));
        List<Message> kept = new ArrayList<>(history);
        int tokens = model.countTokens(kept, options.thinking());
        while (tokens + wanted > context) {
            int next = secondQuestion(kept);
            if (next < 0 || whenFull == WhenFull.REFUSE) {
                throw new IllegalArgumentException(
                        "The context holds %,d tokens, but the conversation has %,d and %,d are for the answer; %s"
                                .formatted(
                                        context,
                                        tokens,
                                        wanted,
                                        next < 0 ? "ask a shorter question" : "begin a new conversation"));
            }
            forgetBefore(kept, next);
            tokens = model.countTokens(kept, options.thinking());
        }
        history.clear();
        history.addAll(kept);
    }

    /// Where the second question stands; -1 if there is only one.
    private static int secondQuestion(List<Message> messages) {
        int questions = 0;
        for (int i = 0; i < messages.size(); i++) {
            if (messages.get(i).role() == Role.USER && ++questions == 2) {
                return i;
            }
        }
        return -1;
    }

    private static void forgetBefore(List<Message> messages, int end) {
        List<Message> rest = List.copyOf(messages.subList(end, messages.size()));
        messages.subList(end, messages.size()).clear();
        messages.removeIf(message -> message.role() != Role.SYSTEM);
        messages.addAll(rest);
    }
}
