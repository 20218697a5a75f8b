package dev.baleen.chat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.baleen.chat.ChatEvent.Finished;
import dev.baleen.chat.ChatEvent.Piece;
import dev.baleen.chat.ChatEvent.ToolCallBegun;
import dev.baleen.chat.ChatEvent.ToolCallPiece;
import dev.baleen.chat.Delta.Kind;
import dev.baleen.generation.Completion;
import dev.baleen.generation.FinishReason;
import dev.baleen.generation.GeneratedToken;
import dev.baleen.generation.GenerationRequest;
import dev.baleen.generation.Sampling;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ChatModelTest {
    private static final List<Message> QUESTION = List.of(Message.user("Why?"));

    @Test
    void streamsThoughtsBeforeTheAnswer() throws InterruptedException {
        try (ChatModel model = TinyChat.open(512)) {
            ChatOptions options = TinyChat.options(model, 1).withTokensMax(300);
            String raw = raw(model, options);
            assertTrue(raw.contains("</think>"), raw);

            ChatStream stream = model.stream(QUESTION, options);
            assertTrue(stream.startsThinking());
            StringBuilder reasoning = new StringBuilder();
            StringBuilder content = new StringBuilder();
            List<GeneratedToken> tokens = new ArrayList<>();
            Optional<ChatEvent> event = stream.next();
            Optional<Finished> end = Optional.empty();
            while (event.isPresent()) {
                switch (event.get()) {
                    case Piece piece -> {
                        assertTrue(piece.kind() == Kind.CONTENT || content.isEmpty());
                        (piece.kind() == Kind.CONTENT ? content : reasoning).append(piece.text());
                        tokens.addAll(piece.tokens());
                    }
                    case ToolCallBegun _, ToolCallPiece _ -> throw new AssertionError("a call without tools");
                    case Finished finished -> end = Optional.of(finished);
                }
                event = stream.next();
            }
            OutputParser parser = new OutputParser(OutputRules.of(AnswerStart.THOUGHTS));
            List<Delta> deltas = new ArrayList<>(parser.add(raw));
            deltas.addAll(parser.finish());
            assertEquals(text(deltas, Kind.REASONING), reasoning.toString());
            assertEquals(text(deltas, Kind.CONTENT), content.toString());
            assertEquals(raw.indexOf("</think>"), end.orElseThrow().usage().reasoningTokens());
            assertTrue(end.orElseThrow().usage().thinkingNanos() > 0);
            assertTrue(tokens.stream().noneMatch(token -> token.id() == TinyChat.END_OF_THINKING));
            assertEquals(Message.assistant(content.toString(), reasoning.toString()), stream.message());
        }
    }

    @Test
    void looksForStopTextsInTheAnswerOnly() throws InterruptedException {
        try (ChatModel model = TinyChat.open(512)) {
            ChatOptions options = TinyChat.options(model, 1).withTokensMax(300);
            ChatReply whole = model.complete(QUESTION, options);
            String stop = shared(whole.reasoning(), whole.content());
            ChatReply cut = model.complete(QUESTION, options.withStop(List.of(stop)));
            assertEquals(FinishReason.STOP, cut.reason());
            assertEquals(whole.reasoning(), cut.reasoning());
            assertEquals(whole.content().substring(0, whole.content().indexOf(stop)), cut.content());
        }
    }

    @Test
    void answersAtOnceWithoutThinking() throws InterruptedException {
        try (ChatModel model = TinyChat.open(512)) {
            ChatReply reply = model.complete(
                    QUESTION, TinyChat.options(model, 1).withThinking(false).withTokensMax(20));
            assertEquals("", reply.reasoning());
            assertFalse(reply.content().isEmpty());
            assertEquals(0, reply.usage().reasoningTokens());
            assertEquals(0, reply.usage().thinkingNanos());
            assertEquals(model.countTokens(QUESTION, false), reply.usage().promptTokens());
        }
    }

    @Test
    void fillsTheContextWhereNoLengthIsAskedFor() throws InterruptedException {
        try (ChatModel model = TinyChat.open(128)) {
            ChatOptions options = model.options().withSampling(Sampling.greedy().withLogitBias(Map.of(65, 900.0)));
            ChatReply reply = model.complete(QUESTION, options);
            assertEquals(FinishReason.LENGTH, reply.reason());
            assertEquals(128, reply.usage().promptTokens() + reply.usage().completionTokens());
        }
    }

    @Test
    void refusesAConversationThatFillsTheContext() {
        try (ChatModel model = TinyChat.open(128)) {
            List<Message> longOne = List.of(Message.user("x".repeat(200)));
            assertThrows(IllegalArgumentException.class, () -> model.stream(longOne, model.options()));
        }
    }

    @Test
    void comesBackWithoutAnEventWhenPatienceEnds() throws InterruptedException {
        try (ChatModel model = TinyChat.open(512);
                ChatStream stream = model.stream(QUESTION, TinyChat.options(model, 1))) {
            assertEquals(Optional.empty(), stream.next(Duration.ZERO).filter(Finished.class::isInstance));
        }
    }

    private static String raw(ChatModel model, ChatOptions options) throws InterruptedException {
        int[] prompt = model.prompt(QUESTION, true).encode(model.tokenizer());
        Completion completion = model.engine()
                .submit(GenerationRequest.of(prompt, options.tokensMax().getAsInt(), options.sampling()))
                .await();
        return completion.text();
    }

    private static String text(List<Delta> deltas, Kind kind) {
        StringBuilder text = new StringBuilder();
        for (Delta delta : deltas) {
            if (delta instanceof Delta.Text told && told.kind() == kind) {
                text.append(told.text());
            }
        }
        return text.toString();
    }

    /// A character that both have, not the answer's first.
    private static String shared(String reasoning, String content) {
        return content.substring(1)
                .chars()
                .filter(c -> reasoning.indexOf(c) >= 0)
                .mapToObj(Character::toString)
                .findFirst()
                .orElseThrow();
    }
}
