package dev.baleen.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// What clients read, to the byte where they depend on it.
class ChatCompletionsTest {
    private static final String SUM = "What is 2 + 3?";

    private static BaleenServer server;
    private static Client client;

    @BeforeAll
    static void start() {
        server = BaleenServer.start(
                "127.0.0.1",
                0,
                () -> new Script()
                        .says(SUM, "2+3", "=5", "\n", "</think>", "\n\n", "It is ", "5", ".")
                        .says("Smile", "A", "</think>", "Grüße ", "😀", "!")
                        .saysForever("Go on", "hm", "</think>", "and", " on")
                        .says("Only think", "hm", "hm")
                        .open());
        server.awaitModel();
        client = new Client(server);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void answersInOnePiece() throws Exception {
        HttpResponse<String> response = client.ask(Client.question(SUM));
        assertEquals(200, response.statusCode(), response.body());
        assertEquals(
                "application/json",
                response.headers().firstValue("Content-Type").orElseThrow());
        assertTrue(response.headers().firstValue("x-request-id").isPresent());
        JsonNode answer = Client.json(response.body());
        assertEquals("chat.completion", answer.get("object").textValue());
        assertEquals(Script.NAME, answer.get("model").textValue());
        assertTrue(answer.get("id").textValue().matches("chatcmpl-[0-9a-f]{24}"), answer.toString());
        assertTrue(Math.abs(System.currentTimeMillis() / 1000
                        - answer.get("created").longValue())
                < 60);
        assertEquals(1, answer.get("choices").size());
        JsonNode choice = answer.get("choices").get(0);
        assertEquals(0, choice.get("index").intValue());
        assertEquals("stop", choice.get("finish_reason").textValue());
        assertTrue(choice.get("logprobs").isNull());
        assertEquals(Client.json("""
                        {"role": "assistant", "content": "It is 5.", "reasoning_content": "2+3=5", "refusal": null}
                        """), choice.get("message"));
        JsonNode usage = answer.get("usage");
        // Two tokens of thoughts; then the newline, the mark, the blank lines, three of the answer, and the end.
        assertEquals(9, usage.get("completion_tokens").intValue());
        assertEquals(
                usage.get("prompt_tokens").intValue() + 9,
                usage.get("total_tokens").intValue());
        assertEquals(0, usage.get("prompt_tokens_details").get("cached_tokens").intValue());
        assertTrue(
                usage.get("completion_tokens_details").get("reasoning_tokens").intValue() >= 2);
    }

    @Test
    void leavesTheThoughtsOutWhereNoneWereWanted() throws Exception {
        for (String field : List.of(
                "\"thinking\": {\"type\": \"disabled\"}",
                "\"reasoning_effort\": \"none\"",
                "\"chat_template_kwargs\": {\"enable_thinking\": false}",
                "\"chat_template_kwargs\": {\"thinking\": false}")) {
            JsonNode message = message(client.ask(Client.question(SUM, field)));
            assertEquals("It is 5.", message.get("content").textValue(), field);
            assertFalse(message.has("reasoning_content"), field);
        }
    }

    @Test
    void streamsEventsThatEveryClientReads() throws Exception {
        HttpResponse<String> response = client.ask(Client.question(SUM, "\"stream\": true"));
        assertEquals(
                "text/event-stream; charset=utf-8",
                response.headers().firstValue("Content-Type").orElseThrow());
        assertEquals("no-store", response.headers().firstValue("Cache-Control").orElseThrow());
        assertTrue(response.body().matches("(data: [^\n]+\n\n)+"), response.body());
        List<String> events = Client.events(response.body());
        assertEquals("[DONE]", events.getLast());
        List<JsonNode> chunks =
                events.subList(0, events.size() - 1).stream().map(Client::json).toList();
        for (JsonNode chunk : chunks) {
            assertEquals("chat.completion.chunk", chunk.get("object").textValue());
            assertEquals(chunks.getFirst().get("id"), chunk.get("id"));
            assertEquals(chunks.getFirst().get("created"), chunk.get("created"));
            assertEquals(Script.NAME, chunk.get("model").textValue());
            assertFalse(chunk.has("usage"), "nobody asked for usage");
            assertEquals(1, chunk.get("choices").size(), "some clients take the first choice without a look");
        }
        assertEquals(
                Client.json("{\"role\": \"assistant\", \"content\": null, \"reasoning_content\": \"\"}"),
                delta(chunks.getFirst()));
        assertEquals(Client.json("{\"content\": null, \"reasoning_content\": \"2+3\"}"), delta(chunks.get(1)));
        assertEquals("2+3=5", joined(chunks, "reasoning_content"));
        assertEquals("It is 5.", joined(chunks, "content"));
        JsonNode last = chunks.getLast().get("choices").get(0);
        assertEquals(Client.json("{}"), last.get("delta"));
        assertEquals("stop", last.get("finish_reason").textValue());
        assertEquals(
                chunks.size() - 1,
                chunks.stream()
                        .filter(chunk ->
                                chunk.get("choices").get(0).get("finish_reason").isNull())
                        .count());
        List<Integer> answering = chunks.stream()
                .filter(chunk -> !delta(chunk).path("content").asText("").isEmpty())
                .map(chunks::indexOf)
                .toList();
        List<Integer> thinking = chunks.stream()
                .filter(chunk ->
                        !delta(chunk).path("reasoning_content").asText("").isEmpty())
                .map(chunks::indexOf)
                .toList();
        assertTrue(thinking.getLast() < answering.getFirst(), "thoughts come before the answer");
    }

    @Test
    void streamsWithoutThoughtsInTheShapeOfPlainModels() throws Exception {
        List<String> events = Client.events(
                client.ask(Client.question(SUM, "\"stream\": true", "\"thinking\": {\"type\": \"disabled\"}"))
                        .body());
        assertEquals(
                Client.json("{\"role\": \"assistant\", \"content\": \"\"}"), delta(Client.json(events.getFirst())));
        assertFalse(events.toString().contains("reasoning"), events.toString());
    }

    @Test
    void sendsUsageInATrailingChunkWithoutChoices() throws Exception {
        List<String> events = Client.events(
                client.ask(Client.question(SUM, "\"stream\": true", "\"stream_options\": {\"include_usage\": true}"))
                        .body());
        JsonNode usage = Client.json(events.get(events.size() - 2));
        assertEquals(0, usage.get("choices").size());
        assertEquals(9, usage.get("usage").get("completion_tokens").intValue());
        for (String event : events.subList(0, events.size() - 2)) {
            JsonNode chunk = Client.json(event);
            assertTrue(chunk.get("usage").isNull(), event);
            assertEquals(1, chunk.get("choices").size());
        }
    }

    @Test
    void neverCutsACharacterInTwo() throws Exception {
        String stream = client.ask(Client.question("Smile", "\"stream\": true")).body();
        List<JsonNode> chunks = Client.events(stream).stream()
                .filter(event -> event.startsWith("{"))
                .map(Client::json)
                .toList();
        assertEquals("Grüße 😀!", joined(chunks, "content"));
        assertFalse(stream.contains("\uFFFD"));
    }

    @Test
    void keepsTheConnectionForTheNextRequest() throws Exception {
        String ask = Client.question(SUM, "\"stream\": true");
        try (Socket socket = client.openQuestion(ask)) {
            String first = Client.readUntil(socket, "0\r\n\r\n");
            assertTrue(first.endsWith("data: [DONE]\n\n\r\n0\r\n\r\n"), "the body ends right behind [DONE]: " + first);
            socket.getOutputStream().write("GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes());
            assertTrue(Client.readUntil(socket, "{\"status\":\"ok\"}").startsWith("HTTP/1.1 200"));
        }
    }

    @Test
    void cutsAnAnswerAtTheLimitAsked() throws Exception {
        for (String name : List.of("max_tokens", "max_completion_tokens")) {
            JsonNode answer = Client.json(
                    client.ask(Client.question("Go on", "\"" + name + "\": 10")).body());
            assertEquals(
                    "length", answer.get("choices").get(0).get("finish_reason").textValue());
            assertEquals(10, answer.get("usage").get("completion_tokens").intValue());
        }
    }

    @Test
    void takesALimitBeyondTheContextForTheContext() throws Exception {
        for (String limit : List.of("256000", "2147483648", "100000000000000000000000")) {
            HttpResponse<String> response = client.ask(Client.question(SUM, "\"max_tokens\": " + limit));
            assertEquals("It is 5.", message(response).get("content").textValue());
        }
        JsonNode answer = Client.json(
                client.ask(Client.question("Go on", "\"max_tokens\": 256000")).body());
        assertEquals("length", answer.get("choices").get(0).get("finish_reason").textValue());
        assertEquals(
                server.awaitModel().contextTokensMax(),
                answer.get("usage").get("total_tokens").intValue());
    }

    @Test
    void endsAtAStopTextInTheAnswerAndNotInTheThoughts() throws Exception {
        JsonNode message = message(client.ask(Client.question(SUM, "\"stop\": [\"=5\", \"is 5\"]")));
        assertEquals("2+3=5", message.get("reasoning_content").textValue());
        assertEquals("It ", message.get("content").textValue());
    }

    @Test
    void givesLogProbabilities() throws Exception {
        String ask = Client.question(SUM, "\"logprobs\": true", "\"top_logprobs\": 2");
        JsonNode logprobs =
                Client.json(client.ask(ask).body()).get("choices").get(0).get("logprobs");
        JsonNode first = logprobs.get("content").get(0);
        assertEquals(2, first.get("top_logprobs").size());
        assertTrue(first.get("logprob").doubleValue() <= 0);
        assertEquals(first.get("token"), first.get("top_logprobs").get(0).get("token"));
        assertTrue(first.get("bytes").isArray());
        assertTrue(logprobs.get("reasoning_content").size() >= 2);
    }

    @Test
    void answersThoughtsThatNeverEndWithEmptyContent() throws Exception {
        JsonNode message = message(client.ask(Client.question("Only think")));
        assertEquals("", message.get("content").textValue());
        assertEquals("hmhm", message.get("reasoning_content").textValue());
    }

    @Test
    void readsEveryFormOfAMessage() throws Exception {
        String messages = """
                {"messages": [
                  {"role": "system", "content": "Be brief."},
                  {"role": "developer", "content": [{"type": "text", "text": "Be kind."}]},
                  {"role": "user", "content": "Smile", "name": "Ada"},
                  {"role": "assistant", "content": null, "reasoning_content": "hm", "refusal": null},
                  {"role": "assistant", "content": "!", "reasoning": "hm"},
                  {"role": "user", "content": [{"type": "text", "text": "What is "}, {"type": "text", "text": "2 + 3?"}]}
                ], "user": "ada", "store": true, "metadata": {"a": 1}, "a field of next week": [null]}
                """;
        assertEquals("It is 5.", message(client.ask(messages)).get("content").textValue());
        assertEquals(200, client.ask(Client.question("")).statusCode(), "an empty question is one too");
    }

    @Test
    void listsTheModel() throws Exception {
        for (String path : List.of("/v1/models", "/models")) {
            JsonNode list = Client.json(client.get(path).body());
            assertEquals("list", list.get("object").textValue());
            assertEquals(1, list.get("data").size());
            JsonNode model = list.get("data").get(0);
            assertEquals(Script.NAME, model.get("id").textValue());
            assertEquals("model", model.get("object").textValue());
            assertEquals("baleen", model.get("owned_by").textValue());
            assertEquals(
                    model, Client.json(client.get("/v1/models/" + Script.NAME).body()));
        }
    }

    @Test
    void saysThatItIsWell() throws Exception {
        HttpResponse<String> health = client.get("/health");
        assertEquals(200, health.statusCode());
        assertEquals("{\"status\":\"ok\"}", health.body());
        assertEquals(200, client.send("HEAD", "/health").statusCode());
        assertEquals("", client.send("HEAD", "/health").body());
    }

    @Test
    void takesARequestIdFromTheClient() throws Exception {
        HttpResponse<String> response = client.ask(Client.question(SUM), "x-request-id", "my-request_1");
        assertEquals(
                "my-request_1", response.headers().firstValue("x-request-id").orElseThrow());
        response = client.ask(Client.question(SUM), "x-request-id", "not <this>");
        assertFalse(response.headers().firstValue("x-request-id").orElseThrow().contains("<"));
    }

    private static JsonNode message(HttpResponse<String> response) {
        assertEquals(200, response.statusCode(), response.body());
        return Client.json(response.body()).get("choices").get(0).get("message");
    }

    private static JsonNode delta(JsonNode chunk) {
        return chunk.get("choices").get(0).get("delta");
    }

    private static String joined(List<JsonNode> chunks, String field) {
        StringBuilder text = new StringBuilder();
        for (JsonNode chunk : chunks) {
            StreamSupport.stream(chunk.get("choices").spliterator(), false)
                    .forEach(choice ->
                            text.append(choice.get("delta").path(field).asText("")));
        }
        return text.toString();
    }
}
