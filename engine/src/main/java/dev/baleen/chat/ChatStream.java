package dev.baleen.chat;

import dev.baleen.chat.ChatEvent.Finished;
import dev.baleen.chat.ChatEvent.Piece;
import dev.baleen.chat.Delta.Kind;
import dev.baleen.generation.GeneratedToken;
import dev.baleen.generation.Generation;
import dev.baleen.generation.GenerationEvent;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;

/// An answer while it comes: made by [ChatModel#stream], read by one thread, which may be a virtual one.
///
/// Interrupting the reader, [#cancel()] and [#close()] all end it within one step of the engine.
public final class ChatStream implements AutoCloseable {
    private final Generation generation;
    private final OutputParser parser;
    private final boolean startsThinking;
    private final Queue<ChatEvent> ready = new ArrayDeque<>();
    private final StringBuilder reasoning = new StringBuilder();
    private final StringBuilder content = new StringBuilder();

    /// Tokens whose text is held back.
    private final List<GeneratedToken> waiting = new ArrayList<>();
    private boolean ended;
    private int reasoningTokens;
    private long firstTokenNanos;
    private long thinkingNanos;

    ChatStream(Generation generation, boolean startsThinking) {
        this.generation = generation;
        this.startsThinking = startsThinking;
        parser = new OutputParser(startsThinking);
    }

    /// Whether the answer begins with thoughts, so that a reader can say so before the first token.
    public boolean startsThinking() {
        return startsThinking;
    }

    /// Waits for the next event; empty after [Finished].
    ///
    /// @throws InterruptedException if the reader is interrupted, which cancels the answer
    public Optional<ChatEvent> next() throws InterruptedException {
        while (ready.isEmpty() && !ended) {
            generation.next().ifPresent(this::read);
        }
        return Optional.ofNullable(ready.poll());
    }

    /// As [#next()], but empty too if nothing came for so long. For whoever has to do something meanwhile.
    public Optional<ChatEvent> next(Duration patience) throws InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        while (ready.isEmpty() && !ended) {
            Optional<GenerationEvent> event = generation.next(Duration.ofNanos(deadline - System.nanoTime()));
            if (event.isEmpty()) {
                return Optional.empty();
            }
            read(event.get());
        }
        return Optional.ofNullable(ready.poll());
    }

    /// Whether [Finished] has come; pieces before it may still be unread.
    public boolean ended() {
        return ended;
    }

    /// Waits for the end, and gives the whole answer, what was read before included.
    ///
    /// @throws IllegalStateException if the generation failed
    public ChatReply await() throws InterruptedException {
        while (true) {
            switch (next().orElseThrow(() -> new IllegalStateException("The answer was read to its end already"))) {
                case Piece _ -> {}
                case Finished end -> {
                    if (end.problem().isPresent()) {
                        throw Generation.failure(end.problem().get());
                    }
                    return new ChatReply(message(), end.reason(), end.usage());
                }
            }
        }
    }

    /// What was read so far.
    public Message message() {
        return Message.assistant(content.toString(), reasoning.toString());
    }

    /// Ends the answer; events that it still gives may be read.
    public void cancel() {
        generation.cancel();
    }

    /// As [#cancel()].
    @Override
    public void close() {
        cancel();
    }

    private void read(GenerationEvent event) {
        switch (event) {
            case GenerationEvent.Text text -> read(text);
            case GenerationEvent.Finished end -> read(end);
        }
    }

    private void read(GenerationEvent.Text text) {
        if (firstTokenNanos == 0) {
            firstTokenNanos = System.nanoTime();
        }
        Kind before = parser.kind();
        List<Delta> deltas = parser.add(text.text());
        Kind after = parser.kind();
        if (before == Kind.REASONING && after == Kind.CONTENT) {
            thinkingNanos = System.nanoTime() - firstTokenNanos;
        }
        if (after == Kind.REASONING) {
            reasoningTokens += text.tokens().size();
        }
        waiting.addAll(text.tokens());
        give(deltas);
        if (!parser.isHolding()) {
            waiting.clear(); // Their text was a mark, or the layout's newlines.
        }
    }

    private void read(GenerationEvent.Finished end) {
        if (parser.kind() == Kind.REASONING && firstTokenNanos != 0) {
            thinkingNanos = System.nanoTime() - firstTokenNanos;
        }
        give(parser.finish());
        ended = true;
        ready.add(
                new Finished(end.reason(), new ChatUsage(end.usage(), reasoningTokens, thinkingNanos), end.problem()));
    }

    private void give(List<Delta> deltas) {
        for (int i = 0; i < deltas.size(); i++) {
            Delta delta = deltas.get(i);
            switch (delta.kind()) {
                case REASONING -> reasoning.append(delta.text());
                case CONTENT -> content.append(delta.text());
            }
            boolean last = i == deltas.size() - 1;
            ready.add(new Piece(delta.kind(), delta.text(), last ? waiting : List.of()));
            if (last) {
                waiting.clear();
            }
        }
    }
}
