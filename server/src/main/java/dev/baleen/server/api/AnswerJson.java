package dev.baleen.server.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.baleen.chat.ChatModel;
import dev.baleen.chat.ChatUsage;
import dev.baleen.chat.Message;
import dev.baleen.generation.FinishReason;
import dev.baleen.generation.GeneratedToken;
import dev.baleen.generation.Usage;
import dev.baleen.tokenizer.Tokenizer;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;

/// The JSON of one answer, whole or in chunks, with the fields that OpenAI's clients insist on.
///
/// @param created seconds since 1970
record AnswerJson(String id, String model, Tokenizer tokenizer, long created) {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int ID_BYTES = 12;

    static AnswerJson begin(ChatModel model) {
        byte[] bytes = new byte[ID_BYTES];
        RANDOM.nextBytes(bytes);
        String id = "chatcmpl-" + HexFormat.of().formatHex(bytes);
        return new AnswerJson(id, model.name(), model.tokenizer(), System.currentTimeMillis() / 1000);
    }

    /// A chunk with one choice, whose delta is yet empty.
    ObjectNode chunk() {
        ObjectNode chunk = head("chat.completion.chunk");
        ObjectNode choice = chunk.putArray("choices").addObject();
        choice.put("index", 0);
        choice.putObject("delta");
        choice.putNull("logprobs");
        choice.putNull("finish_reason");
        return chunk;
    }

    static ObjectNode choice(ObjectNode answer) {
        return (ObjectNode) answer.get("choices").get(0);
    }

    static ObjectNode delta(ObjectNode chunk) {
        return (ObjectNode) choice(chunk).get("delta");
    }

    /// The trailing chunk that carries the usage and no choice.
    ObjectNode usageChunk(ObjectNode usage) {
        ObjectNode chunk = head("chat.completion.chunk");
        chunk.putArray("choices");
        chunk.set("usage", usage);
        return chunk;
    }

    /// The whole answer of an unstreamed request.
    ObjectNode whole(Message answer, boolean thinking, FinishReason reason, ObjectNode usage) {
        ObjectNode whole = head("chat.completion");
        ObjectNode choice = whole.putArray("choices").addObject();
        choice.put("index", 0);
        ObjectNode message = choice.putObject("message");
        message.put("role", "assistant").put("content", answer.content());
        if (thinking) {
            message.put("reasoning_content", answer.reasoning());
        }
        message.putNull("refusal");
        choice.putNull("logprobs");
        choice.put("finish_reason", finishReason(reason));
        whole.set("usage", usage);
        return whole;
    }

    static ObjectNode usage(ChatUsage answer) {
        Usage usage = answer.generation();
        ObjectNode node = Json.object();
        node.put("prompt_tokens", usage.promptTokens())
                .put("completion_tokens", usage.completionTokens())
                .put("total_tokens", usage.totalTokens())
                .put("prompt_cache_hit_tokens", usage.cachedTokens())
                .put("prompt_cache_miss_tokens", usage.promptTokens() - usage.cachedTokens());
        node.putObject("prompt_tokens_details").put("cached_tokens", usage.cachedTokens());
        node.putObject("completion_tokens_details").put("reasoning_tokens", answer.reasoningTokens());
        return node;
    }

    /// OpenAI's `logprobs.content` entries.
    ArrayNode logprobs(List<GeneratedToken> tokens) {
        ArrayNode entries = Json.object().arrayNode();
        for (GeneratedToken token : tokens) {
            ObjectNode entry = entries.addObject();
            describe(entry, token.id(), token.logprob().orElse(0));
            ArrayNode top = entry.putArray("top_logprobs");
            token.alternatives().forEach(other -> describe(top.addObject(), other.id(), other.logprob()));
        }
        return entries;
    }

    private void describe(ObjectNode entry, int id, double logprob) {
        byte[] bytes = tokenizer.bytes(id);
        entry.put("token", new String(bytes, StandardCharsets.UTF_8));
        entry.put("logprob", logprob);
        ArrayNode array = entry.putArray("bytes");
        for (byte value : bytes) {
            array.add(value & 0xFF);
        }
    }

    /// Of an answer that came to its end. The others are told as errors: a client that reads a word it does not
    /// know here may fail, and one that reads `stop` takes half an answer for a whole one.
    static String finishReason(FinishReason reason) {
        return switch (reason) {
            case STOP -> "stop";
            case LENGTH -> "length";
            case CANCELLED, ERROR -> throw new IllegalStateException("An answer that was cut has no finish reason");
        };
    }

    private ObjectNode head(String object) {
        return Json.object()
                .put("id", id)
                .put("object", object)
                .put("created", created)
                .put("model", model)
                .put("system_fingerprint", "baleen");
    }
}
