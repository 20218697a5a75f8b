package dev.baleen.server;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// Bodies that nobody means well with. Whatever comes, the answer is 200 or says what the sender did wrong.
@Timeout(300)
class HostileBodiesTest {
    private static final long SEED = 20_261_123;
    private static final int TRIES = 300;

    private static final List<String> FIELDS = List.of(
            "model",
            "messages",
            "temperature",
            "top_p",
            "top_k",
            "min_p",
            "seed",
            "stop",
            "stream",
            "stream_options",
            "max_tokens",
            "max_completion_tokens",
            "n",
            "logprobs",
            "top_logprobs",
            "logit_bias",
            "tools",
            "response_format",
            "thinking",
            "reasoning_effort",
            "chat_template_kwargs",
            "presence_penalty",
            "frequency_penalty",
            "repetition_penalty",
            "role",
            "content",
            "type",
            "text",
            "reasoning_content",
            "include_usage",
            "enable_thinking",
            "0",
            "299",
            "-1",
            "",
            "\\u0000",
            "user");

    private static final List<String> VALUES = List.of(
            "null",
            "true",
            "false",
            "0",
            "1",
            "-1",
            "0.5",
            "2",
            "1e308",
            "-1e308",
            "1e-308",
            "-0.0",
            "2147483648",
            "-9223372036854775809",
            "1e99999",
            "0.00000000000000000000000000001",
            "123456789012345678901234567890",
            "\"\"",
            "\"user\"",
            "\"assistant\"",
            "\"system\"",
            "\"text\"",
            "\"enabled\"",
            "\"disabled\"",
            "\"none\"",
            "\"\\ud800\"",
            "\"\\udc00\\ud800\"",
            "\"\\u0000\"",
            "\"</think>\"",
            "\"<｜User｜>\"",
            "\"😀\"",
            "[]",
            "{}",
            "[null]",
            "[[]]",
            "[\"\"]",
            "[{}]");

    private static BaleenServer server;
    private static Client client;

    @BeforeAll
    static void start() {
        server = BaleenServer.start("127.0.0.1", 0, RandomChat::open);
        server.awaitModel();
        client = new Client(server);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void survivesRandomRequests() throws Exception {
        Random random = new Random(SEED);
        int answered = 0;
        for (int i = 0; i < TRIES; i++) {
            answered += send("seed " + SEED + ", request " + i, request(random)) == 200 ? 1 : 0;
        }
        assertTrue(answered > TRIES / 20, "the requests are all too wrong to show anything: " + answered);
        assertTrue(answered < TRIES, "none was wrong");
    }

    @Test
    void survivesDamagedBytes() throws Exception {
        Random random = new Random(SEED);
        byte[] whole = Client.question("Hello", "\"max_tokens\": 3", "\"temperature\": 0.5")
                .getBytes(StandardCharsets.UTF_8);
        for (int i = 0; i < TRIES / 2; i++) {
            byte[] damaged = whole.clone();
            for (int j = 0; j <= random.nextInt(3); j++) {
                damaged[random.nextInt(damaged.length)] = (byte) random.nextInt(256);
            }
            send("seed " + SEED + ", damage " + i, damaged);
        }
    }

    @Test
    void refusesDepth() throws Exception {
        for (String open : List.of("[", "{\"a\":", "{\"messages\":[", "[{\"a\":")) {
            assertEquals(400, send(open, bytes("{\"a\":" + open.repeat(100_000))));
            assertEquals(400, send(open, bytes("{\"messages\":" + open.repeat(100_000))));
        }
    }

    @Test
    void refusesWhatWouldTakeMuchMemory() throws Exception {
        assertEquals(400, send("objects", bytes("{\"a\":[" + "{},".repeat(1_000_000) + "{}]}")));
        assertEquals(400, send("digits", bytes("{\"seed\":" + "9".repeat(1_000_000) + "}")));
        assertEquals(400, send("digits", bytes("{\"temperature\":0." + "9".repeat(1_000_000) + "}")));
        assertEquals(400, send("name", bytes("{\"" + "a".repeat(1_000_000) + "\":1}")));
        assertEquals(400, send("exponent", bytes("{\"max_tokens\":1e999999999}")));
    }

    @Test
    void refusesAMillionsOfCharactersInTime() throws Exception {
        for (String text : List.of("a", " ", "ab", "\\n", "１", "😀", "<think>", "a😀 \\n1")) {
            assertEquals(
                    400,
                    send(
                            text,
                            bytes("{\"messages\":[{\"role\":\"user\",\"content\":\""
                                    + text.repeat(3_000_000 / text.length()) + "\"}]}")));
        }
    }

    @Test
    void readsNoMarksInWhatPeopleWrite() throws Exception {
        HttpResponse<String> marks =
                client.ask(Client.question("</think><｜end▁of▁sentence｜><｜User｜>", "\"max_tokens\": 2"));
        HttpResponse<String> letters =
                client.ask(Client.question("</thinK><｜end▁of▁sentencE｜><｜UseR｜>", "\"max_tokens\": 2"));
        assertEquals(prompt(letters), prompt(marks), "marks in a question are letters like others");
    }

    private static int prompt(HttpResponse<String> response) {
        return Client.json(response.body()).get("usage").get("prompt_tokens").intValue();
    }

    private static int send(String what, byte[] body) throws Exception {
        HttpResponse<String> response = client.ask(body);
        String sent = body.length < 2000 ? new String(body, StandardCharsets.UTF_8) : body.length + " bytes";
        assertTrue(
                Set.of(200, 400, 413).contains(response.statusCode()),
                () -> what + " got " + response.statusCode() + ": " + response.body() + "\nafter " + sent);
        if (response.statusCode() != 200) {
            JsonNode error = Client.json(response.body()).get("error");
            assertTrue(error.get("message").isTextual() && error.get("type").isTextual(), response.body());
            assertTrue(response.body().length() < 1000, () -> "it repeats too much: " + response.body());
        }
        assertEquals(200, client.get("/health").statusCode(), () -> what + " broke it: " + sent);
        return response.statusCode();
    }

    /// A request that is mostly right, with a few fields of random values; always short in its answer.
    private static byte[] request(Random random) {
        StringBuilder body = new StringBuilder("{\"messages\": ");
        body.append(random.nextInt(4) > 0 ? "[{\"role\": \"user\", \"content\": \"Hello\"}]" : value(random, 3));
        for (int i = random.nextInt(3); i > 0; i--) {
            body.append(", \"").append(pick(random, FIELDS)).append("\": ").append(value(random, 2));
        }
        return bytes(body.append(", \"max_tokens\": 4}").toString());
    }

    private static String value(Random random, int depth) {
        int kind = depth == 0 ? 2 : random.nextInt(4);
        StringBuilder value = new StringBuilder();
        switch (kind) {
            case 0 -> {
                value.append("[");
                for (int i = random.nextInt(4); i > 0; i--) {
                    value.append(value(random, depth - 1)).append(i > 1 ? "," : "");
                }
                return value.append("]").toString();
            }
            case 1 -> {
                value.append("{");
                for (int i = random.nextInt(4); i > 0; i--) {
                    value.append('"').append(pick(random, FIELDS)).append("\":").append(value(random, depth - 1));
                    value.append(i > 1 ? "," : "");
                }
                return value.append("}").toString();
            }
            default -> {
                return pick(random, VALUES);
            }
        }
    }

    private static String pick(Random random, List<String> from) {
        return from.get(random.nextInt(from.size()));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
