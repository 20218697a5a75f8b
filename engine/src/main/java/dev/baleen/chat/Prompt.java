package dev.baleen.chat;

import dev.baleen.chat.Prompt.Part.Mark;
import dev.baleen.chat.Prompt.Part.Ordinary;
import dev.baleen.tokenizer.ControlTokens;
import dev.baleen.tokenizer.Tokenizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/// A rendered conversation, in which the layout's marks and everybody's text are told apart: text that spells a mark,
/// whoever wrote it, never becomes one.
///
/// @param parts in order; no two [Ordinary] parts are neighbours, since text is cut into tokens as a whole
/// @param start where the answer begins
public record Prompt(List<Part> parts, AnswerStart start) {
    /// A piece of a prompt.
    public sealed interface Part {
        /// A control token by its name, such as `<｜User｜>` or `<think>`.
        record Mark(String token) implements Part {}

        /// Text in which nothing is a control token.
        record Ordinary(String text) implements Part {}
    }

    public Prompt {
        parts = List.copyOf(parts);
    }

    /// @param startsThinking whether the answer begins inside the thoughts
    public Prompt(List<Part> parts, boolean startsThinking) {
        this(parts, startsThinking ? AnswerStart.THOUGHTS : AnswerStart.EITHER);
    }

    /// Whether the answer begins inside the thoughts.
    public boolean startsThinking() {
        return start.isThinking();
    }

    /// The ids that the model reads. A vocabulary without one of the marks gets it spelt out as ordinary text.
    public int[] encode(Tokenizer tokenizer) {
        IntStream.Builder ids = IntStream.builder();
        for (Part part : parts) {
            switch (part) {
                case Ordinary(String text) ->
                    IntStream.of(tokenizer.encodeOrdinary(text)).forEach(ids::add);
                case Mark(String token) -> {
                    OptionalInt id = id(tokenizer, token);
                    if (id.isPresent()) {
                        ids.add(id.getAsInt());
                    } else {
                        IntStream.of(tokenizer.encodeOrdinary(token)).forEach(ids::add);
                    }
                }
            }
        }
        return ids.build().toArray();
    }

    /// Marks and text in one string: for people and comparisons, not for encoding.
    public String text() {
        StringBuilder text = new StringBuilder();
        for (Part part : parts) {
            text.append(
                    switch (part) {
                        case Mark(String token) -> token;
                        case Ordinary(String ordinary) -> ordinary;
                    });
        }
        return text.toString();
    }

    private static OptionalInt id(Tokenizer tokenizer, String token) {
        OptionalInt id = tokenizer.id(token);
        return id.isEmpty() && token.equals(ControlTokens.BEGIN) ? tokenizer.beginId() : id;
    }

    /// Puts a prompt together.
    static final class Builder {
        private final List<Part> parts = new ArrayList<>();
        private final StringBuilder text = new StringBuilder();

        Builder mark(String token) {
            endText();
            parts.add(new Mark(token));
            return this;
        }

        Builder text(String more) {
            text.append(more);
            return this;
        }

        /// Text that the layout itself fixes: in it, `marks` are control tokens.
        Builder layout(String fixed, List<String> marks) {
            int from = 0;
            for (int at = 0; at < fixed.length(); ) {
                Optional<String> mark = markAt(fixed, at, marks);
                if (mark.isEmpty()) {
                    at++;
                    continue;
                }
                text(fixed.substring(from, at)).mark(mark.get());
                at += mark.get().length();
                from = at;
            }
            return text(fixed.substring(from));
        }

        Builder append(List<Part> more) {
            for (Part part : more) {
                switch (part) {
                    case Mark(String token) -> mark(token);
                    case Ordinary(String ordinary) -> text(ordinary);
                }
            }
            return this;
        }

        private static Optional<String> markAt(String text, int at, List<String> marks) {
            return marks.stream().filter(mark -> text.startsWith(mark, at)).findFirst();
        }

        Prompt build(boolean startsThinking) {
            return build(startsThinking ? AnswerStart.THOUGHTS : AnswerStart.EITHER);
        }

        Prompt build(AnswerStart start) {
            endText();
            return new Prompt(parts, start);
        }

        private void endText() {
            if (!text.isEmpty()) {
                parts.add(new Ordinary(text.toString()));
                text.setLength(0);
            }
        }
    }
}
