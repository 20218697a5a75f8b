package dev.baleen.checkpoint;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// JSON from strangers: UTF-8, bounded in nesting, text and numbers, without duplicate keys.
final class Json {
    /// Names are not kept in a shared table: a header has as many of them as it likes.
    static final JsonFactory FACTORY = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxNestingDepth(64)
                    .maxNameLength(65_535)
                    .maxStringLength(16 << 20)
                    .maxNumberLength(1_000)
                    .build())
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
            .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
            .disable(JsonFactory.Feature.CHARSET_DETECTION)
            .build();

    private static final JsonMapper MAPPER = JsonMapper.builder(FACTORY)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private Json() {}

    /// The JSON object in a small file; empty, with the problem recorded, if there is none.
    static Optional<JsonNode> readObject(Path file, int bytesMax, Problems problems) {
        if (!Files.isRegularFile(file)) {
            problems.add(file.toString(), "there is no such file", "download it too");
            return Optional.empty();
        }
        try (InputStream stream = Files.newInputStream(file)) {
            byte[] bytes = stream.readNBytes(bytesMax + 1);
            if (bytes.length > bytesMax) {
                problems.add(
                        file.toString(),
                        "is longer than %,d bytes".formatted(bytesMax),
                        "such a file is a few kilobytes; this is another");
                return Optional.empty();
            }
            JsonNode node = MAPPER.readTree(bytes);
            if (node.isObject()) {
                return Optional.of(node);
            }
            problems.add(file.toString(), "holds no JSON object", "download it again");
        } catch (JsonProcessingException e) {
            problems.add(file.toString(), describe(e), "mend the file or download it again");
        } catch (IOException e) {
            problems.add(file.toString(), "cannot be read: " + e.getMessage(), "check its permissions");
        }
        return Optional.empty();
    }

    /// What is wrong with the JSON and where, without quoting the document at length.
    static String describe(JsonProcessingException e) {
        String place = e.getLocation() == null
                ? ""
                : " (line %d, column %d)"
                        .formatted(e.getLocation().getLineNr(), e.getLocation().getColumnNr());
        return "is not valid JSON: " + Problems.quote(e.getOriginalMessage()) + place;
    }

    static byte[] write(JsonNode node) throws IOException {
        return MAPPER.writerWithDefaultPrettyPrinter().writeValueAsBytes(node);
    }
}
