package dev.baleen.chat;

import dev.baleen.chat.Delta.Kind;
import dev.baleen.tokenizer.ControlTokens;
import java.util.ArrayList;
import java.util.List;

/// Tells thoughts from answer while the text comes, however it is cut into pieces: the same text gives the same
/// thoughts and the same answer.
///
/// - Thoughts last until `</think>`. Newlines at their beginning and before the mark are the layout's and dropped; so
///   are those at the beginning of the answer.
/// - An answer that was not to begin with thoughts does so all the same if its first text is `<think>`.
/// - In the answer, a `</think>` that closes nothing is dropped wherever it stands. Anything else is text, a second
///   `<think>` too.
/// - Text that ends inside the thoughts has no answer. What was held back because it might have become a mark comes
///   out as it is.
///
/// Not thread-safe: one for each answer.
public final class OutputParser {
    private static final String OPEN = ControlTokens.THINK;
    private static final String CLOSE = ControlTokens.END_OF_THINKING;

    /// Where in the answer we are.
    private enum State {
        /// Nothing came but newlines; thoughts may begin.
        BEGINNING,
        /// In the thoughts, nothing came but newlines.
        THOUGHTS_BEGINNING,
        THOUGHTS,
        /// After the thoughts, nothing came but newlines.
        ANSWER_BEGINNING,
        ANSWER
    }

    private State state;
    /// Text that may still become a mark, or be dropped before one.
    private final StringBuilder held = new StringBuilder();
    private final List<Delta> deltas = new ArrayList<>();

    /// @param startsThinking whether the prompt opened the thoughts ([Prompt#startsThinking()])
    public OutputParser(boolean startsThinking) {
        state = startsThinking ? State.THOUGHTS_BEGINNING : State.BEGINNING;
    }

    /// What the text that came last belongs to.
    public Kind kind() {
        return switch (state) {
            case THOUGHTS_BEGINNING, THOUGHTS -> Kind.REASONING;
            case BEGINNING, ANSWER_BEGINNING, ANSWER -> Kind.CONTENT;
        };
    }

    /// Whether text is held back that may come out later.
    boolean isHolding() {
        return !held.isEmpty();
    }

    /// What can be shown after `text`: at most one piece of thoughts, then one of the answer; none of them empty.
    public List<Delta> add(String text) {
        held.append(text);
        while (advance()) {}
        return takeDeltas();
    }

    /// Ends the text and gives what was held back.
    public List<Delta> finish() {
        switch (state) {
            case BEGINNING, THOUGHTS_BEGINNING, ANSWER_BEGINNING -> dropNewlines();
            case THOUGHTS, ANSWER -> {}
        }
        emit(held.length());
        return takeDeltas();
    }

    /// Makes one move; whether another may follow.
    private boolean advance() {
        return switch (state) {
            case BEGINNING -> {
                dropNewlines();
                if (startsWith(OPEN)) {
                    held.delete(0, OPEN.length());
                    yield become(State.THOUGHTS_BEGINNING);
                }
                yield !mayBecome(OPEN) && !mayBecome(CLOSE) && become(State.ANSWER);
            }
            case THOUGHTS_BEGINNING -> {
                dropNewlines();
                yield !held.isEmpty() && become(State.THOUGHTS);
            }
            case THOUGHTS -> {
                int mark = held.indexOf(CLOSE);
                if (mark < 0) {
                    emit(withoutNewlines(withoutPrefix(CLOSE)));
                    yield false;
                }
                emit(withoutNewlines(mark));
                held.delete(0, held.indexOf(CLOSE) + CLOSE.length());
                yield become(State.ANSWER_BEGINNING);
            }
            case ANSWER_BEGINNING -> {
                dropNewlines();
                yield !held.isEmpty() && become(State.ANSWER);
            }
            case ANSWER -> {
                int mark = held.indexOf(CLOSE);
                if (mark < 0) {
                    emit(withoutPrefix(CLOSE));
                    yield false;
                }
                emit(mark);
                held.delete(0, CLOSE.length());
                yield true;
            }
        };
    }

    private boolean become(State next) {
        state = next;
        return true;
    }

    private void dropNewlines() {
        int count = 0;
        while (count < held.length() && held.charAt(count) == '\n') {
            count++;
        }
        held.delete(0, count);
    }

    private boolean startsWith(String mark) {
        return held.length() >= mark.length()
                && held.substring(0, mark.length()).equals(mark);
    }

    /// Whether all that is held is the beginning of `mark`, or nothing.
    private boolean mayBecome(String mark) {
        return held.length() < mark.length() && mark.startsWith(held.toString());
    }

    /// Length of what is held without an end that may become `mark`.
    private int withoutPrefix(String mark) {
        for (int length = Math.min(mark.length() - 1, held.length()); length > 0; length--) {
            if (mark.startsWith(held.substring(held.length() - length))) {
                return held.length() - length;
            }
        }
        return held.length();
    }

    private int withoutNewlines(int length) {
        while (length > 0 && held.charAt(length - 1) == '\n') {
            length--;
        }
        return length;
    }

    private void emit(int length) {
        if (length == 0) {
            return;
        }
        String text = held.substring(0, length);
        held.delete(0, length);
        if (!deltas.isEmpty() && deltas.getLast().kind() == kind()) {
            text = deltas.removeLast().text() + text;
        }
        deltas.add(new Delta(kind(), text));
    }

    private List<Delta> takeDeltas() {
        List<Delta> taken = List.copyOf(deltas);
        deltas.clear();
        return taken;
    }
}
