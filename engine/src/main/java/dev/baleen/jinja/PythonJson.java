package dev.baleen.jinja;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;

/// Reads JSON as Python does: integers of any size, `NaN` and `Infinity`, and of equal names the last.
public final class PythonJson {
    private static final int DEPTH_MAX = 200;

    private static final JsonMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .streamReadConstraints(StreamReadConstraints.builder()
                            .maxNestingDepth(DEPTH_MAX)
                            .maxStringLength(64 << 20)
                            .build())
                    .enable(JsonReadFeature.ALLOW_NON_NUMERIC_NUMBERS)
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private PythonJson() {}

    /// @throws IllegalArgumentException if the text is not one JSON value
    public static JsonNode parse(String text) {
        try {
            JsonNode value = MAPPER.readTree(text);
            if (value.isMissingNode()) {
                throw new IllegalArgumentException("the text is not JSON: it is empty");
            }
            return value;
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("the text is not JSON: " + e.getOriginalMessage(), e);
        }
    }
}
