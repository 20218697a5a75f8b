package dev.baleen.server.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.baleen.chat.ChatEvent;
import dev.baleen.chat.ChatModel;
import dev.baleen.chat.ChatOptions;
import dev.baleen.chat.ChatStream;
import dev.baleen.chat.Delta.Kind;
import dev.baleen.generation.QueueFullException;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/// `POST /v1/chat/completions`, and the same without `/v1`, as DeepSeek's base address has it.
///
/// Runs on the request's own virtual thread, which waits for the engine and writes. A client that hung up shows itself
/// when we write: between tokens at once, while nothing comes by the comment or blank that is sent every other second.
/// Then the stream is closed, and the engine frees its sequence before its next step.
public final class ChatCompletions implements HttpService {
    private static final Duration HEARTBEAT = Duration.ofSeconds(2);

    private final Supplier<ChatModel> model;

    /// @param model throws an [ApiException] while there is none
    public ChatCompletions(Supplier<ChatModel> model) {
        this.model = model;
    }

    @Override
    public void routing(HttpRules rules) {
        rules.post("/v1/chat/completions", this::answer);
        rules.post("/chat/completions", this::answer);
    }

    private void answer(ServerRequest request, ServerResponse response) {
        ChatModel chat = model.get();
        ChatCompletionRequest parsed = ChatCompletionRequest.parse(
                Json.readObject(request.content().inputStream()), chat.options());
        try (ChatStream stream = submit(chat, parsed)) {
            Answer answer = new Answer(chat, AnswerJson.begin(chat.name()), parsed, stream);
            if (parsed.stream()) {
                answer.stream(response);
            } else {
                answer.collect(response);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw ApiException.unavailable("The server is shutting down");
        }
    }

    private static ChatStream submit(ChatModel chat, ChatCompletionRequest parsed) {
        try {
            return chat.stream(parsed.messages(), parsed.options());
        } catch (QueueFullException e) {
            throw ApiException.busy(e.getMessage());
        } catch (IllegalArgumentException e) {
            throw ApiException.tooLong(e.getMessage());
        }
    }

    /// One request being answered.
    private record Answer(ChatModel chat, AnswerJson json, ChatCompletionRequest request, ChatStream stream) {
        /// Server-sent events: thoughts, answer, why it ended, usage if asked for, `[DONE]`.
        void stream(ServerResponse response) throws InterruptedException {
            try (EventStream events = new EventStream(response)) {
                boolean thinking = stream.startsThinking();
                events.send(opening(thinking));
                while (true) {
                    Optional<ChatEvent> event = stream.next(HEARTBEAT);
                    if (event.isEmpty()) {
                        events.comment("keep-alive");
                        continue;
                    }
                    switch (event.get()) {
                        case ChatEvent.Piece piece -> events.send(chunk(piece, thinking));
                        case ChatEvent.Finished end -> {
                            if (end.problem().isPresent()) {
                                events.error(failure(end));
                            } else {
                                close(events, end);
                            }
                            return;
                        }
                    }
                }
            }
        }

        /// The first chunk names the role, once.
        private ObjectNode opening(boolean thinking) {
            ObjectNode chunk = decorated(json.chunk());
            ObjectNode delta = AnswerJson.delta(chunk).put("role", "assistant");
            if (thinking) {
                delta.putNull("content").put("reasoning_content", "");
            } else {
                delta.put("content", "");
            }
            return chunk;
        }

        private ObjectNode chunk(ChatEvent.Piece piece, boolean thinking) {
            ObjectNode chunk = decorated(json.chunk());
            ObjectNode delta = AnswerJson.delta(chunk);
            switch (piece.kind()) {
                case REASONING -> delta.putNull("content").put("reasoning_content", piece.text());
                case CONTENT -> {
                    delta.put("content", piece.text());
                    if (thinking) {
                        delta.putNull("reasoning_content");
                    }
                }
            }
            if (wantsLogprobs()) {
                logprobs(AnswerJson.choice(chunk), piece.kind(), AnswerJson.logprobs(piece.tokens(), chat.tokenizer()));
            }
            return chunk;
        }

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

        /// One JSON object. Where it takes long, blanks go ahead of it, which JSON allows: they find out whether anybody
        /// still listens, at the price that a later failure comes with status 200.
        void collect(ServerResponse response) throws InterruptedException {
            List<ChatEvent.Piece> pieces = new ArrayList<>();
            Optional<OutputStream> body = Optional.empty();
            while (true) {
                Optional<ChatEvent> event = stream.next(HEARTBEAT);
                if (event.isEmpty()) {
                    body = Optional.of(body.orElseGet(() -> begin(response)));
                    write(body.get(), new byte[] {' '});
                    continue;
                }
                switch (event.get()) {
                    case ChatEvent.Piece piece -> pieces.add(piece);
                    case ChatEvent.Finished end -> {
                        if (end.problem().isPresent() && body.isEmpty()) {
                            throw failure(end);
                        }
                        ObjectNode whole = end.problem().isPresent() ? Errors.body(failure(end)) : whole(pieces, end);
                        finish(response, body, Json.bytes(whole));
                        return;
                    }
                }
            }
        }

        private ObjectNode whole(List<ChatEvent.Piece> pieces, ChatEvent.Finished end) {
            ObjectNode whole = json.whole(
                    stream.message(), stream.startsThinking(), end.reason(), AnswerJson.usage(end.usage()));
            if (wantsLogprobs()) {
                for (Kind kind : Kind.values()) {
                    ArrayNode entries = AnswerJson.logprobs(
                            pieces.stream()
                                    .filter(piece -> piece.kind() == kind)
                                    .flatMap(piece -> piece.tokens().stream())
                                    .toList(),
                            chat.tokenizer());
                    logprobs(AnswerJson.choice(whole), kind, entries);
                }
            }
            return whole;
        }

        private boolean wantsLogprobs() {
            return request.options().topLogprobs().isPresent();
        }

        private static void logprobs(ObjectNode choice, Kind kind, ArrayNode entries) {
            ObjectNode logprobs = choice.withObject("logprobs");
            switch (kind) {
                case REASONING -> logprobs.set("reasoning_content", entries);
                case CONTENT -> logprobs.set("content", entries);
            }
        }

        private static OutputStream begin(ServerResponse response) {
            response.header("Content-Type", "application/json");
            return response.outputStream();
        }

        private static void write(OutputStream body, byte[] bytes) {
            try {
                body.write(bytes);
                body.flush();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private static void finish(ServerResponse response, Optional<OutputStream> body, byte[] json) {
            if (body.isEmpty()) {
                response.header("Content-Type", "application/json");
                response.send(json);
                return;
            }
            write(body.get(), json);
            try {
                body.get().close();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        private static ApiException failure(ChatEvent.Finished end) {
            return ApiException.internal(
                    "The model failed: " + end.problem().map(Throwable::getMessage).orElse("no reason is known"));
        }
    }
}
