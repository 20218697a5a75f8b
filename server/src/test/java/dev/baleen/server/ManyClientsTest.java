package dev.baleen.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.baleen.chat.ChatModel;
import dev.baleen.generation.EngineOptions;
import dev.baleen.generation.EngineStatus;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Clients at once, clients that leave, a server that is not ready, full, or closing.
@Timeout(180)
class ManyClientsTest {
    private static final Duration HEARTBEAT = Duration.ofMillis(50);
    /// So slow that an answer that nobody stops takes longer than a test may.
    private static final Duration PACE = Duration.ofMillis(60);
    private static final String ENDLESS = "Go on";

    @Test
    void givesEachOfManyClientsTheTextThatItGetsAlone() throws Exception {
        try (BaleenServer server = BaleenServer.start("127.0.0.1", 0, RandomChat::open);
                ExecutorService clients = Executors.newVirtualThreadPerTaskExecutor()) {
            server.awaitModel();
            Client client = new Client(server);
            List<String> bodies = new ArrayList<>();
            for (int i = 0; i < 12; i++) {
                bodies.add(Client.question(
                        "Question " + i,
                        "\"temperature\": 0",
                        "\"max_tokens\": " + (20 + 7 * i),
                        "\"stream\": " + (i % 2 == 0)));
            }
            List<String> alone = new ArrayList<>();
            for (String body : bodies) {
                alone.add(textOf(client.ask(body)));
            }
            List<Future<String>> together = bodies.stream()
                    .map(body -> clients.submit(() -> textOf(client.ask(body))))
                    .toList();
            for (int i = 0; i < bodies.size(); i++) {
                assertFalse(alone.get(i).isBlank());
                assertEquals(alone.get(i), together.get(i).get(), bodies.get(i));
            }
            assertIdle(server.awaitModel());
        }
    }

    @Test
    void freesTheSequenceOfAClientThatHangsUp() throws Exception {
        try (BaleenServer server = endless(EngineOptions.defaults())) {
            Client client = new Client(server);
            for (String stream : List.of("true", "false")) {
                Socket socket = client.openQuestion(Client.question(ENDLESS, "\"stream\": " + stream));
                await(() -> server.awaitModel().engine().status().running() == 1);
                if (stream.equals("true")) {
                    Client.readUntil(socket, "\"content\":\"on\"");
                }
                socket.close();
                assertIdle(server.awaitModel());
            }
        }
    }

    @Test
    void freesAHundredOfThem() throws Exception {
        try (BaleenServer server = endless(EngineOptions.defaults().withQueueMax(200))) {
            Client client = new Client(server);
            List<Socket> sockets = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                sockets.add(client.openQuestion(Client.question(ENDLESS, "\"stream\": " + (i % 2 == 0))));
            }
            await(() -> status(server).running() + status(server).waiting() == 100);
            for (Socket socket : sockets) {
                socket.close();
            }
            assertIdle(server.awaitModel());
        }
    }

    @Test
    void tellsWhoWaitsThatItLives() throws Exception {
        EngineOptions one = EngineOptions.defaults().withSequencesMax(1).withQueueMax(2);
        try (BaleenServer server = endless(one)) {
            Client client = new Client(server);
            try (Socket first = client.openQuestion(Client.question(ENDLESS, "\"stream\": true"))) {
                Client.readUntil(first, "\"content\"");
                await(() -> status(server).running() == 1);
                try (Socket streamed = client.openQuestion(Client.question("Hello", "\"stream\": true"));
                        Socket whole = client.openQuestion(Client.question("Hello"))) {
                    await(() -> status(server).waiting() == 2);
                    Client.readUntil(streamed, ": keep-alive\n\n");
                    Client.readUntil(streamed, ": keep-alive\n\n");
                    assertTrue(Client.readUntil(whole, "1\r\n \r\n1\r\n \r\n").startsWith("HTTP/1.1 200"));
                    refusesOneMore(client);
                    Client.hangUp(first);
                    Client.readUntil(streamed, "data: [DONE]\n\n");
                    assertTrue(Client.readUntil(whole, "0\r\n\r\n").contains("\"content\":\"What do you mean?\""));
                }
            }
        }
    }

    private static void refusesOneMore(Client client) throws IOException, InterruptedException {
        HttpResponse<String> refused = client.ask(Client.question("Hello"));
        assertEquals(429, refused.statusCode());
        int seconds =
                Integer.parseInt(refused.headers().firstValue("Retry-After").orElseThrow());
        assertTrue(seconds >= 1 && seconds <= 60);
        JsonNode error = Client.json(refused.body()).get("error");
        assertEquals("rate_limit_error", error.get("type").textValue());
        assertEquals("queue_full", error.get("code").textValue());
    }

    @Test
    void asksForPatienceWhileTheModelLoads() throws Exception {
        CountDownLatch loaded = new CountDownLatch(1);
        try (BaleenServer server = BaleenServer.start("127.0.0.1", 0, () -> {
            loaded.await();
            return new Script().open();
        })) {
            Client client = new Client(server);
            for (HttpResponse<String> response : List.of(
                    client.get("/health"),
                    client.get("/v1/models"),
                    client.get("/v1/models/any"),
                    client.ask(Client.question("Hello")))) {
                assertEquals(503, response.statusCode());
                assertEquals("5", response.headers().firstValue("Retry-After").orElseThrow());
                JsonNode error = Client.json(response.body()).get("error");
                assertEquals("unavailable_error", error.get("type").textValue());
                assertEquals("The model is loading", error.get("message").textValue());
            }
            assertEquals(200, client.get("/").statusCode(), "the page is there already");
            loaded.countDown();
            server.awaitModel();
            assertEquals(200, client.get("/health").statusCode());
        }
    }

    @Test
    void saysWhyThereIsNoModel() throws Exception {
        try (BaleenServer server = BaleenServer.start("127.0.0.1", 0, () -> {
            throw new IllegalArgumentException("no such folder");
        })) {
            CompletionException problem = assertThrows(CompletionException.class, server::awaitModel);
            assertEquals("no such folder", problem.getCause().getMessage());
            HttpResponse<String> health = new Client(server).get("/health");
            assertEquals(503, health.statusCode());
            assertTrue(health.body().contains("no such folder"), health.body());
        }
    }

    @Test
    void closesWhileTheModelLoads() {
        BaleenServer server = BaleenServer.start("127.0.0.1", 0, () -> {
            new CountDownLatch(1).await();
            return new Script().open();
        });
        server.close();
    }

    @Test
    void refusesAPortThatIsTaken() {
        try (BaleenServer server = BaleenServer.start("127.0.0.1", 0, () -> new Script().open())) {
            IllegalStateException problem = assertThrows(
                    IllegalStateException.class,
                    () -> BaleenServer.start("127.0.0.1", server.port(), () -> new Script().open()));
            assertTrue(problem.getMessage().contains(Integer.toString(server.port())), problem.getMessage());
        }
    }

    @Test
    void cutsAnswersThatRunWhenItCloses() throws Exception {
        BaleenServer server = endless(EngineOptions.defaults());
        Client client = new Client(server);
        try (Socket streamed = client.openQuestion(Client.question(ENDLESS, "\"stream\": true"));
                Socket whole = client.openQuestion(Client.question(ENDLESS))) {
            Client.readUntil(streamed, "\"content\":\"on\"");
            Client.readUntil(whole, "1\r\n \r\n");
            server.close();
            String end = Client.readAll(streamed);
            assertTrue(
                    end.contains("event: error\ndata: {\"error\":{\"message\":\"The server is shutting down\""), end);
            assertFalse(end.contains("[DONE]"), "half an answer must not look like a whole one");
            assertFalse(end.contains("\"finish_reason\":\"stop\""));
            assertFalse(end.endsWith("0\r\n\r\n"), "nor must its body");
            end = Client.readAll(whole);
            assertTrue(end.contains("\"error\":{\"message\":\"The server is shutting down\""), end);
        }
    }

    private static BaleenServer endless(EngineOptions options) {
        BaleenServer server = BaleenServer.start(
                "127.0.0.1",
                0,
                HEARTBEAT,
                () -> new Script()
                        .saysForever(ENDLESS, "hm", "</think>", "on")
                        .pace(PACE)
                        .open(options));
        server.awaitModel();
        return server;
    }

    private static EngineStatus status(BaleenServer server) {
        return server.awaitModel().engine().status();
    }

    private static void assertIdle(ChatModel model) {
        await(() -> {
            EngineStatus status = model.engine().status();
            return status.running() == 0 && status.waiting() == 0 && status.pagesFree() == status.pages();
        });
    }

    /// Looks until it is so; the test's own time limit ends it otherwise.
    private static void await(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            LockSupport.parkNanos(1_000_000);
            if (Thread.interrupted()) {
                throw new AssertionError("It did not come to be");
            }
        }
    }

    /// Thoughts and answer, streamed or not.
    private static String textOf(HttpResponse<String> response) {
        assertEquals(200, response.statusCode(), response.body());
        if (response.body().startsWith("data:")) {
            StringBuilder reasoning = new StringBuilder();
            StringBuilder content = new StringBuilder();
            for (String event : Client.events(response.body())) {
                if (event.startsWith("{")) {
                    JsonNode delta = Client.json(event).get("choices").get(0).get("delta");
                    reasoning.append(delta.path("reasoning_content").asText("").replace("null", ""));
                    content.append(delta.path("content").asText("").replace("null", ""));
                }
            }
            return reasoning + "|" + content;
        }
        JsonNode message = Client.json(response.body()).get("choices").get(0).get("message");
        return message.get("reasoning_content").textValue() + "|"
                + message.get("content").textValue();
    }
}
