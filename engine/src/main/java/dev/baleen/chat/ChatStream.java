package dev.baleen.chat;

import dev.baleen.chat.ChatEvent.Finished;
import dev.baleen.chat.ChatEvent.Piece;
import dev.baleen.chat.ChatEvent.ToolCallBegun;
import dev.baleen.chat.ChatEvent.ToolCallPiece;
import dev.baleen.generation.FinishReason;
import dev.baleen.generation.GeneratedToken;
import dev.baleen.generation.Generation;
import dev.baleen.generation.GenerationEvent;
import dev.baleen.tokenizer.Tokenizer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ThreadLocalRandom;

/// An answer while it comes: made by [ChatModel#stream], read by one thread, which may be a virtual one.
///
/// Interrupting the reader, [#cancel()] and [#close()] all end it within one step of the engine.
public final class ChatStream implements AutoCloseable {
    private final Generation generation;
    private final OutputParser parser;
    private final Tokenizer tokenizer;
    private final OutputRules rules;
    private final Queue<ChatEvent> ready = new ArrayDeque<>();
    private final StringBuilder reasoning = new StringBuilder();
    private final StringBuilder content = new StringBuilder();
    private final List<Call> calls = new ArrayList<>();
    private boolean ended;
    private long firstTokenNanos;
    private long thinkingNanos;

    /// A call as far as it was read.
    private record Call(String id, String name, StringBuilder arguments) {}

    /// @param tokenizer of the model, which tells control tokens from text that spells them
    ChatStream(Generation generation, OutputRules rules, Tokenizer tokenizer) {
        this.generation = generation;
        this.rules = rules;
        this.tokenizer = tokenizer;
        parser = new OutputParser(rules);
    }

    /// Whether the answer begins with thoughts, so that a reader can say so before the first token.
    public boolean startsThinking() {
        return rules.start().isThinking();
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
                case Piece _, ToolCallBegun _, ToolCallPiece _ -> {}
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
        return Message.assistant(
                content.toString(),
                reasoning.toString(),
                calls.stream()
                        .map(call -> new ToolCall(
                                call.id(), call.name(), call.arguments().toString()))
                        .toList());
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
        boolean thought = parser.isThinking();
        int from = 0;
        int firstToken = 0;
        for (int i = 0; i < text.tokens().size(); i++) {
            String token = tokenizer.token(text.tokens().get(i).id());
            int end = text.ends().get(i);
            int begin = end - token.length();
            if (rules.controls().contains(token) && begin >= from && text.text().startsWith(token, begin)) {
                add(text.text().substring(from, begin), false, text.tokens().subList(firstToken, i));
                add(token, true, text.tokens().subList(i, i + 1));
                from = end;
                firstToken = i + 1;
            }
        }
        add(
                text.text().substring(from),
                false,
                text.tokens().subList(firstToken, text.tokens().size()));
        if (thought && !parser.isThinking()) {
            thinkingNanos = System.nanoTime() - firstTokenNanos;
        }
        if (parser.stop().isPresent()) {
            generation.cancel();
        }
    }

    private void add(String text, boolean isControl, List<GeneratedToken> tokens) {
        if ((!text.isEmpty() || !tokens.isEmpty()) && parser.stop().isEmpty()) {
            give(parser.add(text, isControl, tokens));
        }
    }

    private void read(GenerationEvent.Finished end) {
        if (parser.isThinking() && firstTokenNanos != 0) {
            thinkingNanos = System.nanoTime() - firstTokenNanos;
        }
        give(parser.finish());
        ended = true;
        // A stop text that the parser found ends the answer as one that the engine found would.
        FinishReason reason =
                parser.stop().isPresent() && end.reason() != FinishReason.ERROR ? FinishReason.STOP : end.reason();
        ready.add(new Finished(
                reason, new ChatUsage(end.usage(), parser.reasoningTokens(), thinkingNanos), end.problem()));
    }

    private void give(List<Delta> deltas) {
        for (Delta delta : deltas) {
            switch (delta) {
                case Delta.Text(Delta.Kind kind, String text, var tokens) -> {
                    switch (kind) {
                        case REASONING -> reasoning.append(text);
                        case CONTENT -> content.append(text);
                    }
                    ready.add(new Piece(kind, text, tokens));
                }
                case Delta.CallBegin(int index, String name, boolean thought) -> {
                    boolean emptyThought = startsThinking() && !thought;
                    String id = ToolCallIds.id(index, emptyThought, ThreadLocalRandom.current());
                    calls.add(new Call(id, name, new StringBuilder()));
                    ready.add(new ToolCallBegun(index, id, name));
                }
                case Delta.CallArguments(int index, String text) -> {
                    calls.get(index).arguments().append(text);
                    ready.add(new ToolCallPiece(index, text));
                }
            }
        }
    }
}
