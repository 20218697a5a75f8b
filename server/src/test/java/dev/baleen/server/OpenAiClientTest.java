package dev.baleen.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.JsonValue;
import com.openai.core.http.StreamResponse;
import com.openai.errors.BadRequestException;
import com.openai.errors.InternalServerException;
import com.openai.errors.NotFoundException;
import com.openai.errors.OpenAIException;
import com.openai.errors.OpenAIServiceException;
import com.openai.errors.RateLimitException;
import com.openai.helpers.ChatCompletionAccumulator;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.chat.completions.ChatCompletionMessage;
import com.openai.models.chat.completions.ChatCompletionStreamOptions;
import com.openai.models.models.Model;
import dev.baleen.generation.EngineOptions;
import java.net.Socket;
import java.time.Duration;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// OpenAI's own Java client, as it is.
@Timeout(180)
class OpenAiClientTest {
    private static final String SUM = "What is 2 + 3?";
    private static final String MORE = "And one more?";
    private static final String ENDLESS = "Go on";

    private BaleenServer server;
    private OpenAIClient client;

    @BeforeEach
    void start() {
        server = BaleenServer.start(
                "127.0.0.1",
                0,
                () -> new Script()
                        .says(SUM, "2+3", "=5", "</think>", "It is ", "5", ".")
                        .says(MORE, "5+1", "=6", "</think>", "Then ", "6", ".")
                        .saysForever(ENDLESS, "hm", "</think>", "on")
                        .pace(Duration.ofMillis(1))
                        .open(EngineOptions.defaults().withSequencesMax(1).withQueueMax(1)));
        server.awaitModel();
        client = client(server);
    }

    @AfterEach
    void stop() {
        client.close();
        server.close();
    }

    @Test
    void talks() {
        ChatCompletion first = client.chat()
                .completions()
                .create(question().addUserMessage(SUM).build());
        ChatCompletionMessage answer = first.choices().getFirst().message();
        assertEquals("It is 5.", answer.content().orElseThrow());
        assertEquals("2+3=5", thoughts(answer));
        assertEquals(
                ChatCompletion.Choice.FinishReason.STOP,
                first.choices().getFirst().finishReason());
        assertEquals(7, first.usage().orElseThrow().completionTokens());
        assertEquals(
                2,
                first.usage()
                        .orElseThrow()
                        .completionTokensDetails()
                        .orElseThrow()
                        .reasoningTokens()
                        .orElseThrow());
        ChatCompletion second = client.chat()
                .completions()
                .create(question()
                        .addUserMessage(SUM)
                        .addMessage(answer)
                        .addUserMessage(MORE)
                        .build());
        assertEquals("Then 6.", second.choices().getFirst().message().content().orElseThrow());
        assertTrue(second.usage().orElseThrow().promptTokens()
                > first.usage().orElseThrow().promptTokens());
    }

    @Test
    void talksWhileTheAnswerComes() {
        ChatCompletion first = streamed(question().addUserMessage(SUM).build());
        ChatCompletionMessage answer = first.choices().getFirst().message();
        assertEquals("It is 5.", answer.content().orElseThrow());
        ChatCompletion second = streamed(question()
                .addUserMessage(SUM)
                .addMessage(answer)
                .addUserMessage(MORE)
                .build());
        assertEquals("Then 6.", second.choices().getFirst().message().content().orElseThrow());
        assertEquals(
                ChatCompletion.Choice.FinishReason.STOP,
                second.choices().getFirst().finishReason());
    }

    @Test
    void countsTokensOfAStream() {
        ChatCompletion counted = streamed(question()
                .addUserMessage(SUM)
                .streamOptions(
                        ChatCompletionStreamOptions.builder().includeUsage(true).build())
                .build());
        assertEquals(
                "It is 5.", counted.choices().getFirst().message().content().orElseThrow());
        assertEquals(7, counted.usage().orElseThrow().completionTokens());
    }

    @Test
    void readsThoughtsWhileTheyCome() {
        try (StreamResponse<ChatCompletionChunk> stream = client.chat()
                .completions()
                .createStreaming(question().addUserMessage(SUM).build())) {
            String thoughts = stream.stream()
                    .flatMap(chunk -> chunk.choices().stream())
                    .map(choice -> thoughts(choice.delta()))
                    .collect(Collectors.joining());
            assertEquals("2+3=5", thoughts);
        }
    }

    @Test
    void mayBeAskedForNoThoughts() {
        ChatCompletion answer = client.chat()
                .completions()
                .create(question()
                        .addUserMessage(SUM)
                        .putAdditionalBodyProperty("thinking", JsonValue.from(Map.of("type", "disabled")))
                        .build());
        ChatCompletionMessage message = answer.choices().getFirst().message();
        assertEquals("It is 5.", message.content().orElseThrow());
        assertEquals("", thoughts(message));
    }

    @Test
    void listsModels() {
        List<Model> models = client.models().list().data();
        assertEquals(List.of(Script.NAME), models.stream().map(Model::id).toList());
        assertEquals("baleen", client.models().retrieve(Script.NAME).ownedBy());
        assertThrows(NotFoundException.class, () -> client.models().retrieve("other"));
    }

    @Test
    void understandsWhatIsWrong() {
        ChatCompletionCreateParams wrong =
                question().addUserMessage(SUM).temperature(7).build();
        OpenAIServiceException problem = assertThrows(
                BadRequestException.class, () -> client.chat().completions().create(wrong));
        assertEquals("temperature", problem.param().orElseThrow());
        assertEquals("invalid_value", problem.code().orElseThrow());
        assertEquals("invalid_request_error", problem.type().orElseThrow());
        problem = assertThrows(
                BadRequestException.class,
                () -> client.chat()
                        .completions()
                        .createStreaming(
                                question().addUserMessage("word ".repeat(2000)).build()));
        assertEquals("context_length_exceeded", problem.code().orElseThrow());
    }

    @Test
    void understandsThatTheServerIsBusy() throws Exception {
        Client others = new Client(server);
        try (Socket running = others.openQuestion(Client.question(ENDLESS, "\"stream\": true"))) {
            Client.readUntil(running, "\"content\":\"on\"");
            try (Socket waiting = others.openQuestion(Client.question(SUM, "\"stream\": true"))) {
                Client.readUntil(waiting, "\"role\"");
                OpenAIServiceException problem = assertThrows(
                        RateLimitException.class,
                        () -> client.chat()
                                .completions()
                                .create(question().addUserMessage(SUM).build()));
                assertEquals("queue_full", problem.code().orElseThrow());
            }
        }
    }

    @Test
    void understandsThatTheModelLoads() {
        CountDownLatch never = new CountDownLatch(1);
        try (BaleenServer loading = BaleenServer.start("127.0.0.1", 0, () -> {
            never.await();
            return new Script().open();
        })) {
            OpenAIClient early = client(loading);
            OpenAIServiceException problem = assertThrows(
                    InternalServerException.class, () -> early.models().list());
            assertEquals(503, problem.statusCode());
            assertEquals("model_not_ready", problem.code().orElseThrow());
            early.close();
        }
    }

    @Test
    void noticesThatAnAnswerWasCut() {
        OpenAIException problem = assertThrows(OpenAIException.class, () -> {
            try (StreamResponse<ChatCompletionChunk> stream = client.chat()
                    .completions()
                    .createStreaming(question().addUserMessage(ENDLESS).build())) {
                Iterator<ChatCompletionChunk> chunks = stream.stream().iterator();
                chunks.next();
                server.close();
                chunks.forEachRemaining(chunk -> {});
            }
        });
        assertTrue(problem.getMessage().contains("shutting down"), problem.toString());
    }

    @SuppressWarnings("deprecation") // Only its Kotlin neighbours are.
    private static String thoughts(ChatCompletionMessage message) {
        return thoughts(message._additionalProperties());
    }

    @SuppressWarnings("deprecation")
    private static String thoughts(ChatCompletionChunk.Choice.Delta delta) {
        return thoughts(delta._additionalProperties());
    }

    /// DeepSeek's field, which OpenAI's client hands through as it does all that it does not know.
    private static String thoughts(Map<String, JsonValue> properties) {
        return Optional.ofNullable(properties.get("reasoning_content"))
                .map(value -> value.convert(String.class))
                .orElse("");
    }

    private ChatCompletion streamed(ChatCompletionCreateParams request) {
        ChatCompletionAccumulator whole = ChatCompletionAccumulator.create();
        try (StreamResponse<ChatCompletionChunk> stream =
                client.chat().completions().createStreaming(request)) {
            stream.stream().forEach(whole::accumulate);
        }
        return whole.chatCompletion();
    }

    private static OpenAIClient client(BaleenServer server) {
        return OpenAIOkHttpClient.builder()
                .baseUrl("http://127.0.0.1:" + server.port() + "/v1")
                .apiKey("any")
                .maxRetries(0)
                .build();
    }

    private static ChatCompletionCreateParams.Builder question() {
        return ChatCompletionCreateParams.builder().model(Script.NAME);
    }
}
