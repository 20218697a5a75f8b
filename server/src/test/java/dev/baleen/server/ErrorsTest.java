package dev.baleen.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// What can be wrong with a request, and how the server says it.
class ErrorsTest {
    private static BaleenServer server;
    private static Client client;

    @BeforeAll
    static void start() {
        server = BaleenServer.start("127.0.0.1", 0, () -> new Script().open());
        server.awaitModel();
        client = new Client(server);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            temperature             | "temperature": "hot"
            temperature             | "temperature": 2.1
            temperature             | "temperature": -1
            temperature             | "temperature": 1e400
            temperature             | "temperature": [1]
            top_p                   | "top_p": 1.5
            top_k                   | "top_k": 1.5
            top_k                   | "top_k": -1
            min_p                   | "min_p": true
            presence_penalty        | "presence_penalty": 3
            frequency_penalty       | "frequency_penalty": {}
            repetition_penalty      | "repetition_penalty": 0
            seed                    | "seed": 1.5
            seed                    | "seed": 100000000000000000000
            max_tokens              | "max_tokens": 0
            max_tokens              | "max_tokens": -5
            max_tokens              | "max_tokens": 1.5
            max_tokens              | "max_tokens": "many"
            max_completion_tokens   | "max_completion_tokens": false
            n                       | "n": 2
            n                       | "n": 0
            stop                    | "stop": 5
            stop                    | "stop": ["a", 5]
            stop                    | "stop": [""]
            stop                    | "stop": ["1","2","3","4","5","6","7","8","9","10","11","12","13","14","15","16","17"]
            logprobs                | "logprobs": 1
            top_logprobs            | "logprobs": true, "top_logprobs": 21
            top_logprobs            | "top_logprobs": 2
            logit_bias              | "logit_bias": [1]
            logit_bias              | "logit_bias": {"word": 1}
            logit_bias              | "logit_bias": {"99999999": 1}
            logit_bias              | "logit_bias": {"-1": 1}
            logit_bias.5            | "logit_bias": {"5": "much"}
            logit_bias.5            | "logit_bias": {"5": 101}
            stream                  | "stream": "yes"
            stream_options          | "stream_options": true
            stream_options.include_usage | "stream_options": {"include_usage": 1}
            thinking                | "thinking": true
            thinking.type           | "thinking": {"type": "deep"}
            reasoning_effort        | "reasoning_effort": 5
            chat_template_kwargs    | "chat_template_kwargs": []
            chat_template_kwargs.enable_thinking | "chat_template_kwargs": {"enable_thinking": "no"}
            tools                   | "tools": [{"type": "function"}]
            response_format         | "response_format": "json"
            response_format.type    | "response_format": {"type": "json_object"}
            """)
    void namesTheFieldThatIsWrong(String parameter, String field) throws Exception {
        assertInvalid(parameter, client.ask(Client.question("Hello", field)));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            messages                    | {}
            messages                    | {"messages": null}
            messages                    | {"messages": []}
            messages                    | {"messages": "Hello"}
            messages                    | {"messages": {"role": "user"}}
            messages[0]                 | {"messages": ["Hello"]}
            messages[0]                 | {"messages": [null]}
            messages[0].role            | {"messages": [{"content": "Hello"}]}
            messages[0].role            | {"messages": [{"role": 5, "content": "Hello"}]}
            messages[0].role            | {"messages": [{"role": "nobody", "content": "Hello"}]}
            messages[0].content         | {"messages": [{"role": "user"}]}
            messages[0].content         | {"messages": [{"role": "user", "content": null}]}
            messages[0].content         | {"messages": [{"role": "user", "content": 5}]}
            messages[0].content[0]      | {"messages": [{"role": "user", "content": [5]}]}
            messages[0].content[0]      | {"messages": [{"role": "user", "content": [{"type": "image_url"}]}]}
            messages[0].content[1]      | {"messages": [{"role": "user", "content": [{"type": "text", "text": ""}, {"type": "text"}]}]}
            messages[1].reasoning_content | {"messages": [{"role": "user", "content": ""}, {"role": "assistant", "reasoning_content": 5}]}
            """)
    void namesTheMessageThatIsWrong(String parameter, String body) throws Exception {
        assertInvalid(parameter, client.ask(body));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "null",
                "5",
                "[]",
                "\"text\"",
                "{",
                "{\"messages\": [}",
                "{} {}",
                "{'messages': []}",
                "\u0000"
            })
    void refusesWhatIsNoJsonObject(String body) throws Exception {
        JsonNode error = error(400, client.ask(body));
        assertEquals("invalid_request_error", error.get("type").textValue());
        assertEquals("invalid_json", error.get("code").textValue());
        assertTrue(error.get("param").isNull());
    }

    @Test
    void refusesBytesThatAreNoText() throws Exception {
        error(400, client.ask(new byte[] {'{', '"', (byte) 0xC3, '"', ':', '1', '}'}));
        error(400, client.ask(new byte[] {(byte) 0xFF, (byte) 0xFE, 0, 0, 1, 2, 3}));
    }

    @Test
    void saysHowLongTheContextIs() throws Exception {
        JsonNode error = error(400, client.ask(Client.question("word ".repeat(2000))));
        assertEquals("context_length_exceeded", error.get("code").textValue());
        assertEquals("messages", error.get("param").textValue());
        assertTrue(
                error.get("message").textValue().contains("maximum context length is 4,096 tokens"), error.toString());
        error(400, client.ask(Client.question("word ".repeat(2000), "\"stream\": true")));
    }

    @Test
    void refusesTooManyMessages() throws Exception {
        String message = "{\"role\": \"user\", \"content\": \"\"}";
        String body = "{\"messages\": [" + (message + ",").repeat(4096) + message + "]}";
        JsonNode error = error(400, client.ask(body));
        assertTrue(error.get("message").textValue().contains("4096"), error.toString());
    }

    @Test
    void refusesABodyThatIsTooLarge() throws Exception {
        JsonNode error = error(413, client.ask(Client.question("a".repeat(17 << 20))));
        assertEquals("request_too_large", error.get("code").textValue());
    }

    @Test
    void doesNotEvenReadABodyThatIsMuchTooLarge() throws Exception {
        try (Socket socket = client.open(
                "POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nContent-Length: 99999999999\r\n\r\n")) {
            assertError(413, "request_too_large", Client.readAll(socket));
        }
    }

    @Test
    void answersUnknownPathsInJson() throws Exception {
        for (String path :
                List.of("/v1/embeddings", "/nothing", "/app/../secret", "/app/%2e%2e/x", "/lib/", "/v1", "/v1/")) {
            JsonNode error = error(404, client.get(path));
            assertEquals("not_found", error.get("code").textValue());
        }
        assertEquals(
                "model_not_found",
                error(404, client.get("/v1/models/other")).get("code").textValue());
    }

    @ParameterizedTest
    @CsvSource({
        "GET,    /v1/chat/completions, POST",
        "PUT,    /chat/completions,    POST",
        "DELETE, /v1/models,           'GET, HEAD'",
        "POST,   /health,              'GET, HEAD'",
        "PATCH,  /,                    'GET, HEAD'"
    })
    void namesTheMethodThatIsRight(String method, String path, String allowed) throws Exception {
        HttpResponse<String> response = client.send(method, path);
        error(405, response);
        assertEquals(allowed, response.headers().firstValue("Allow").orElseThrow());
    }

    @Test
    void letsNoPageOfAnotherSiteIn() throws Exception {
        for (String origin :
                List.of("https://example.com", "null", "http://localhost:1", "http://127.0.0.1.example.com", "x:y")) {
            JsonNode error = error(403, client.ask(Client.question("Hello"), "Origin", origin));
            assertEquals("forbidden_origin", error.get("code").textValue());
        }
        HttpResponse<String> preflight =
                client.send("OPTIONS", "/v1/chat/completions", "Origin", "https://example.com");
        error(403, preflight);
        assertTrue(preflight.headers().map().keySet().stream().noneMatch(name -> name.startsWith("access-control")));
        String own = "http://127.0.0.1:" + server.port();
        assertEquals(200, client.ask(Client.question("Hello"), "Origin", own).statusCode());
    }

    @Test
    void answersToItsOwnNamesOnly() throws IOException {
        for (String host :
                List.of("example.com", "example.com:2253", "localhost.example.com", "127.0.0.1.nip.io", "[::2]")) {
            assertError(
                    403,
                    "forbidden_origin",
                    raw("GET /health HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n"));
        }
        for (String host : List.of("localhost", "LocalHost:80", "127.0.0.1:2253", "[::1]:2253", "baleen.localhost")) {
            String answer = raw("GET /health HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n\r\n");
            assertTrue(answer.startsWith("HTTP/1.1 200"), host + ": " + answer);
        }
    }

    @Test
    void answersBytesThatAreNoHttpInJson() throws IOException {
        for (String request : List.of(
                "GET /health HTTP/1.1\r\nConnection: close\r\n\r\n",
                "GET /health HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n\r\n",
                "GET /health HTTP/1.1\r\nHost: localhost:port\r\n\r\n",
                "GET /he<>alth HTTP/1.1\r\nHost: localhost\r\n\r\n",
                "GET /health HTTP/1.1\r\nHost: localhost\r\nbad header\r\n\r\n",
                "GET /health HTTP/1.1\r\nHost: localhost\r\nX: " + "x".repeat(20_000) + "\r\n\r\n",
                "POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nContent-Length: -5\r\n\r\n",
                "POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                "POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n",
                "POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\nContent-Encoding: br\r\n\r\n{}")) {
            String answer = raw(request);
            assertTrue(answer.startsWith("HTTP/1.1 4"), request.lines().findFirst() + ": " + answer);
            JsonNode error =
                    Client.json(answer.substring(answer.indexOf("\r\n\r\n"))).get("error");
            assertTrue(error.get("message").isTextual() && error.get("type").isTextual(), answer);
        }
        assertEquals(200, send("/health"), "the server is as well as before");
    }

    @Test
    void repeatsLittleOfWhatItWasSent() throws Exception {
        String answer = client.ask(Client.question("Hello", "\"temperature\": \"" + "x".repeat(5000) + "\""))
                .body();
        assertTrue(answer.length() < 400, answer);
        answer = client.ask("{\"messages\": [{\"role\": \"" + "x".repeat(5000) + "\", \"content\": \"\"}]}")
                .body();
        assertTrue(answer.length() < 400, answer);
    }

    private int send(String path) throws IOException {
        try {
            return client.get(path).statusCode();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static String raw(String request) throws IOException {
        try (Socket socket = client.open(request)) {
            socket.shutdownOutput();
            return Client.readAll(socket);
        }
    }

    private static void assertInvalid(String parameter, HttpResponse<String> response) {
        JsonNode error = error(400, response);
        assertEquals("invalid_request_error", error.get("type").textValue(), error.toString());
        assertEquals("invalid_value", error.get("code").textValue(), error.toString());
        assertEquals(parameter, error.get("param").textValue(), error.toString());
    }

    private static void assertError(int status, String code, String answer) {
        assertTrue(answer.startsWith("HTTP/1.1 " + status), answer);
        assertEquals(
                code,
                Client.json(answer.substring(answer.indexOf("\r\n\r\n")))
                        .get("error")
                        .get("code")
                        .textValue());
    }

    private static JsonNode error(int status, HttpResponse<String> response) {
        assertEquals(status, response.statusCode(), response.body());
        assertEquals(
                "application/json",
                response.headers().firstValue("Content-Type").orElseThrow());
        JsonNode error = Client.json(response.body()).get("error");
        assertEquals(List.of("message", "type", "param", "code"), fieldNames(error));
        assertFalse(error.get("message").textValue().isBlank());
        assertFalse(response.body().contains("\tat "), "no stack trace leaves the server");
        assertTrue(StandardCharsets.UTF_8.newEncoder().canEncode(response.body()));
        return error;
    }

    private static List<String> fieldNames(JsonNode node) {
        return node.properties().stream().map(Map.Entry::getKey).toList();
    }
}
