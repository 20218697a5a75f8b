package dev.baleen.server.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.baleen.chat.ChatEvent;
import dev.baleen.chat.ChatStream;
import dev.baleen.chat.Delta.Kind;
import io.helidon.webserver.http.ServerResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// One request being answered: the model's pieces as they come, or all at once.
record Answer(AnswerJson json, ChatCompletionRequest request, ChatStream stream, Duration heartbeat) {
    private static final System.Logger LOG = System.getLogger(Answer.class.getName());
    private static final byte[] BLANK = {' '};

    /// Server-sent events: thoughts, answer, why it ended, usage if asked for, `[DONE]`.
    void stream(ServerResponse response) throws InterruptedException {
        EventStream events = new EventStream(response);
        events.send(opening());
        while (true) {
            Optional<ChatEvent> event = stream.next(heartbeat);
            if (event.isEmpty()) {
                events.comment("keep-alive");
                continue;
            }
            switch (event.get()) {
                case ChatEvent.Piece piece -> events.send(chunk(piece));
                // No tools are offered here.
                case ChatEvent.ToolCallBegun _, ChatEvent.ToolCallPiece _ -> {}
                case ChatEvent.Finished end -> {
                    Optional<ApiException> failure = failure(end);
                    if (failure.isPresent()) {
                        throw events.fail(failure.get());
                    }
                    close(events, end);
                    return;
                }
            }
        }
    }

    /// The first chunk names the role, once.
    private ObjectNode opening() {
        ObjectNode chunk = decorated(json.chunk());
        ObjectNode delta = AnswerJson.delta(chunk).put("role", "assistant");
        if (stream.startsThinking()) {
            delta.putNull("content").put("reasoning_content", "");
        } else {
            delta.put("content", "");
        }
        return chunk;
    }

    private ObjectNode chunk(ChatEvent.Piece piece) {
        ObjectNode chunk = decorated(json.chunk());
        ObjectNode delta = AnswerJson.delta(chunk);
        switch (piece.kind()) {
            case REASONING -> delta.putNull("content").put("reasoning_content", piece.text());
            case CONTENT -> {
                delta.put("content", piece.text());
                if (stream.startsThinking()) {
                    delta.putNull("reasoning_content");
                }
            }
        }
        if (wantsLogprobs()) {
            logprobs(AnswerJson.choice(chunk), piece.kind(), List.of(piece));
        }
        return chunk;
    }

    /// The usage comes in a chunk of its own: a client that finds it beside the reason may miss the reason.
    private void close(EventStream events, ChatEvent.Finished end) {
        ObjectNode last = decorated(json.chunk());
        AnswerJson.choice(last).put("finish_reason", AnswerJson.finishReason(end.reason()));
        events.send(last);
        if (request.includeUsage()) {
            events.send(json.usageChunk(AnswerJson.usage(end.usage())));
        }
        events.done();
    }

    /// Clients that ask for usage expect the field in every chunk, null until the last.
    private ObjectNode decorated(ObjectNode chunk) {
        if (request.includeUsage()) {
            chunk.putNull("usage");
        }
        return chunk;
    }

    /// One JSON object. Where it takes long, blanks go ahead of it, which JSON allows: they find out whether
    /// anybody still listens, at the price that a later failure comes with status 200.
    void collect(ServerResponse response) throws InterruptedException {
        List<ChatEvent.Piece> pieces = new ArrayList<>();
        Optional<Body> body = Optional.empty();
        long written = System.nanoTime();
        while (true) {
            Optional<ChatEvent> event = stream.next(heartbeat);
            if (event.isPresent() && event.get() instanceof ChatEvent.Finished end) {
                finish(response, body, failure(end), pieces, end);
                return;
            }
            if (event.isPresent() && event.get() instanceof ChatEvent.Piece piece) {
                pieces.add(piece);
            }
            if (System.nanoTime() - written >= heartbeat.toNanos()) {
                body = Optional.of(body.orElseGet(() -> new Body(response, "application/json")));
                body.get().write(BLANK);
                written = System.nanoTime();
            }
        }
    }

    private void finish(
            ServerResponse response,
            Optional<Body> body,
            Optional<ApiException> failure,
            List<ChatEvent.Piece> pieces,
            ChatEvent.Finished end) {
        if (body.isEmpty()) {
            if (failure.isPresent()) {
                throw failure.get();
            }
            Routes.sendJson(response, Json.bytes(whole(pieces, end)));
            return;
        }
        ObjectNode object = failure.map(Errors::body).orElseGet(() -> whole(pieces, end));
        body.get().write(Json.text(object).getBytes(StandardCharsets.UTF_8));
        body.get().end();
    }

    private ObjectNode whole(List<ChatEvent.Piece> pieces, ChatEvent.Finished end) {
        ObjectNode whole =
                json.whole(stream.message(), stream.startsThinking(), end.reason(), AnswerJson.usage(end.usage()));
        if (wantsLogprobs()) {
            for (Kind kind : Kind.values()) {
                logprobs(
                        AnswerJson.choice(whole),
                        kind,
                        pieces.stream().filter(piece -> piece.kind() == kind).toList());
            }
        }
        return whole;
    }

    private boolean wantsLogprobs() {
        return request.options().topLogprobs().isPresent();
    }

    private void logprobs(ObjectNode choice, Kind kind, List<ChatEvent.Piece> pieces) {
        ArrayNode entries = json.logprobs(
                pieces.stream().flatMap(piece -> piece.tokens().stream()).toList());
        ObjectNode logprobs =
                choice.get("logprobs") instanceof ObjectNode present ? present : choice.putObject("logprobs");
        switch (kind) {
            case REASONING -> logprobs.set("reasoning_content", entries);
            case CONTENT -> logprobs.set("content", entries);
        }
    }

    /// Why the answer is none, if it is none.
    private static Optional<ApiException> failure(ChatEvent.Finished end) {
        return switch (end.reason()) {
            case STOP, LENGTH -> Optional.empty();
            case CANCELLED -> Optional.of(ApiException.unavailable("The server is shutting down"));
            case ERROR -> {
                Throwable problem = end.problem().orElseThrow();
                LOG.log(System.Logger.Level.ERROR, "The model failed", problem);
                yield Optional.of(ApiException.internal("The model failed: " + problem.getMessage()));
            }
        };
    }
}
