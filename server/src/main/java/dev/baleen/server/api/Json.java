package dev.baleen.server.api;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/// Reading and writing JSON, with limits on what strangers send.
final class Json {
    static final int BODY_BYTES_MAX = 16 << 20;
    private static final int DEPTH_MAX = 100;

    /// Each JSON token may become an object of a hundred bytes, so that this, and not the bytes of a body,
    /// bounds memory.
    private static final int TOKENS_MAX = 500_000;

    private static final ObjectMapper MAPPER = new ObjectMapper(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(DEPTH_MAX)
                            .maxTokenCount(TOKENS_MAX)
                            .maxStringLength(BODY_BYTES_MAX)
                            .build())
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

    private Json() {}

    static ObjectNode object() {
        return MAPPER.createObjectNode();
    }

    static byte[] bytes(JsonNode node) {
        try {
            return MAPPER.writeValueAsBytes(node);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A JSON tree could not be written", e);
        }
    }

    static String text(JsonNode node) {
        return new String(bytes(node), StandardCharsets.UTF_8);
    }

    /// The JSON object of a request's body.
    static JsonNode readObject(InputStream body) {
        try {
            JsonNode node = MAPPER.readTree(read(body));
            if (node == null || !node.isObject()) {
                throw ApiException.malformed("The body must be a JSON object");
            }
            return node;
        } catch (JsonProcessingException e) {
            throw ApiException.malformed("The body cannot be read as JSON" + place(e) + ": "
                    + Fields.brief(Objects.requireNonNullElse(e.getOriginalMessage(), "no reason is known")));
        } catch (IOException e) {
            throw ApiException.malformed("The body is no text in UTF-8");
        }
    }

    /// What breaks a limit has no place.
    private static String place(JsonProcessingException problem) {
        JsonLocation location = problem.getLocation();
        return location == null ? "" : " at line %d, column %d".formatted(location.getLineNr(), location.getColumnNr());
    }

    private static byte[] read(InputStream body) {
        byte[] bytes;
        try {
            bytes = body.readNBytes(BODY_BYTES_MAX + 1);
        } catch (IOException | IllegalArgumentException e) { // The latter for chunks whose length is no number.
            throw ApiException.malformed("The body could not be read");
        }
        if (bytes.length > BODY_BYTES_MAX) {
            throw ApiException.tooLarge();
        }
        return bytes;
    }
}
