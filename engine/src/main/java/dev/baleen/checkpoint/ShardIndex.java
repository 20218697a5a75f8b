package dev.baleen.checkpoint;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.SequencedSet;

/// `model.safetensors.index.json`: which file holds which tensor.
///
/// @param fileOf file names as the index writes them, by tensor name
record ShardIndex(SequencedMap<String, String> fileOf) {
    static final String FILE_NAME = "model.safetensors.index.json";

    private static final long BYTES_MAX = 100_000_000;
    private static final int SHARDS_MAX = 4_096;

    /// Problems are recorded; what could be read is returned.
    static ShardIndex read(Path folder, Problems problems) {
        Path path = folder.resolve(FILE_NAME);
        SequencedMap<String, String> fileOf = new LinkedHashMap<>();
        try {
            if (Files.size(path) > BYTES_MAX) {
                throw problems.fatal(
                        FILE_NAME, "is longer than %,d bytes".formatted(BYTES_MAX), "this is no index of tensors");
            }
            try (InputStream stream = Files.newInputStream(path);
                    JsonParser parser = Json.FACTORY.createParser(stream)) {
                if (parser.nextToken() == JsonToken.START_OBJECT) {
                    while (parser.nextToken() == JsonToken.FIELD_NAME) {
                        boolean isMap = parser.currentName().equals("weight_map");
                        if (parser.nextToken() == JsonToken.START_OBJECT && isMap) {
                            readMap(parser, fileOf, problems);
                        }
                        parser.skipChildren();
                    }
                }
            }
        } catch (JsonProcessingException e) {
            throw problems.fatal(FILE_NAME, Json.describe(e), "download it again");
        } catch (IOException e) {
            throw problems.fatal(FILE_NAME, "cannot be read: " + e.getMessage(), "check its permissions");
        }
        if (fileOf.isEmpty()) {
            problems.add(FILE_NAME, "lists no tensors in \"weight_map\"", "download it again");
        }
        return new ShardIndex(fileOf);
    }

    /// The files that the index names and that lie in the folder, or are linked from there.
    SequencedSet<String> files(Path folder, Problems problems) {
        SequencedSet<String> usable = new LinkedHashSet<>();
        SequencedSet<String> all = new LinkedHashSet<>(fileOf.values());
        if (all.size() > SHARDS_MAX) {
            problems.add(
                    FILE_NAME, "names %,d files".formatted(all.size()), "at most %,d are opened".formatted(SHARDS_MAX));
            return usable;
        }
        for (String file : all) {
            Optional<Path> path = inside(folder, file);
            if (path.isEmpty()) {
                problems.add(
                        FILE_NAME,
                        "names the file " + Problems.quote(file) + ", which is not in the folder",
                        "an index may only name files beside it");
            } else if (!Files.isRegularFile(path.get())) {
                problems.add(
                        FILE_NAME,
                        "names the file " + Problems.quote(file) + ", which is missing",
                        "download it into " + folder);
            } else {
                usable.add(file);
            }
        }
        return usable;
    }

    private static void readMap(JsonParser parser, SequencedMap<String, String> fileOf, Problems problems)
            throws IOException {
        while (parser.nextToken() == JsonToken.FIELD_NAME) {
            String tensor = parser.currentName();
            if (parser.nextToken() == JsonToken.VALUE_STRING) {
                fileOf.put(tensor, parser.getText());
            } else {
                parser.skipChildren();
                problems.add(
                        FILE_NAME + ", tensor " + Problems.quote(tensor), "names no file", "download the index again");
            }
            if (fileOf.size() > TensorList.TENSORS_MAX) {
                throw problems.fatal(FILE_NAME, "lists more than %,d tensors".formatted(TensorList.TENSORS_MAX), "");
            }
        }
    }

    /// Only a plain path below the folder, written without `..`; links are the owner's affair.
    private static Optional<Path> inside(Path folder, String file) {
        try {
            Path relative = Path.of(file);
            boolean escapes = relative.isAbsolute() || file.isEmpty() || file.contains("\\") || file.contains(":");
            for (Path part : relative) {
                escapes |= part.toString().equals("..");
            }
            return escapes ? Optional.empty() : Optional.of(folder.resolve(relative));
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }
}
