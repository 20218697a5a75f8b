package dev.baleen.server.api;

import dev.baleen.chat.ChatModel;
import dev.baleen.chat.ChatStream;
import dev.baleen.chat.PromptTooLongException;
import dev.baleen.generation.QueueFullException;
import io.helidon.webserver.http.HttpRules;
import io.helidon.webserver.http.HttpService;
import io.helidon.webserver.http.ServerRequest;
import io.helidon.webserver.http.ServerResponse;
import java.time.Duration;
import java.util.function.Supplier;

/// `POST /v1/chat/completions`, and the same without `/v1`, as DeepSeek's base address has it.
///
/// Runs on the request's own virtual thread, which waits for the engine and writes. A client that hung up shows itself
/// when we write: between tokens at once, while nothing comes by the comment or blank that is sent at each heartbeat.
/// Then the stream is closed, and the engine frees its sequence before its next step.
public final class ChatCompletions implements HttpService {
    private final Supplier<ChatModel> model;
    private final Duration heartbeat;

    /// @param model throws an [ApiException] while there is none
    /// @param heartbeat how long nothing is sent at most; within two of them a hang-up is found
    public ChatCompletions(Supplier<ChatModel> model, Duration heartbeat) {
        this.model = model;
        this.heartbeat = heartbeat;
    }

    @Override
    public void routing(HttpRules rules) {
        Routes.post(rules, "/v1/chat/completions", this::answer);
        Routes.post(rules, "/chat/completions", this::answer);
    }

    private void answer(ServerRequest request, ServerResponse response) {
        ChatModel chat = model.get();
        ChatCompletionRequest parsed =
                ChatCompletionRequest.parse(Json.readObject(request.content().inputStream()), chat);
        try (ChatStream stream = submit(chat, parsed)) {
            Answer answer = new Answer(AnswerJson.begin(chat), parsed, stream, heartbeat);
            if (parsed.stream()) {
                answer.stream(response);
            } else {
                answer.collect(response);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw Body.cut(e); // A thread that is interrupted cannot write.
        }
    }

    private static ChatStream submit(ChatModel chat, ChatCompletionRequest parsed) {
        try {
            return chat.stream(parsed.messages(), parsed.options());
        } catch (QueueFullException e) {
            throw ApiException.busy(e.getMessage());
        } catch (PromptTooLongException e) {
            throw ApiException.tooLong(e.getMessage());
        } catch (IllegalStateException e) {
            throw ApiException.unavailable(e.getMessage());
        }
    }
}
