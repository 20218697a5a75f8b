package dev.baleen.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.baleen.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.stream.Stream;

/// A folder as models are published: `config.json`, the weights in one safetensors file or in several with an index,
/// and beside them `tokenizer.json`, `tokenizer_config.json` and `generation_config.json` where the publisher gave
/// them.
///
/// Files may be symbolic links, as in a download cache.
public final class HuggingFaceFolder implements Checkpoint {
    static final String CONFIG = "config.json";
    static final String WEIGHTS = "model.safetensors";

    private static final String GENERATION_CONFIG = "generation_config.json";
    private static final String TOKENIZER = "tokenizer.json";
    private static final String TOKENIZER_CONFIG = "tokenizer_config.json";
    private static final int CONFIG_BYTES_MAX = 1 << 20;
    private static final int TOKENIZER_CONFIG_BYTES_MAX = 16 << 20;

    private final Arena arena;
    private final Path folder;
    private final JsonNode config;
    private final SequencedMap<String, TensorEntry> entries;
    private final SequencedMap<String, Tensor> tensors;

    private HuggingFaceFolder(Arena arena, Path folder, JsonNode config, Contents contents) {
        this.arena = arena;
        this.folder = folder;
        this.config = config;
        this.entries = Collections.unmodifiableSequencedMap(contents.entries());
        this.tensors = Collections.unmodifiableSequencedMap(contents.tensors());
    }

    /// @throws CheckpointException if the folder cannot be used, with every problem of every file
    public static HuggingFaceFolder open(Path folder) {
        return Opening.open(arena -> {
            Problems problems = new Problems(folder.toString());
            Optional<JsonNode> config = Json.readObject(folder.resolve(CONFIG), CONFIG_BYTES_MAX, problems);
            Contents contents = new Contents(new LinkedHashMap<>(), new LinkedHashMap<>());
            contents.readAll(folder, arena, problems);
            return new HuggingFaceFolder(
                    arena, folder, config.orElseThrow(problems::exception), contents.checked(problems));
        });
    }

    /// Writes `config.json` and `model.safetensors`, each of them whole or not at all. Who wants the folder as
    /// a whole to appear at once writes it under another name and moves it.
    public static void write(Path folder, JsonNode config, Map<String, Tensor> tensors) throws IOException {
        Safetensors.write(folder.resolve(WEIGHTS), tensors, Map.of("format", "pt"));
        writeJson(folder.resolve(CONFIG), config);
    }

    /// Writes `config.json` and the weights, which are made while they are written: in one file, or in several of
    /// at most about `shardBytesMax` bytes and their index.
    public static void write(Path folder, JsonNode config, List<TensorSource> tensors, long shardBytesMax)
            throws IOException {
        ShardedWriter.write(folder, tensors, shardBytesMax);
        writeJson(folder.resolve(CONFIG), config);
    }

    /// Writes one JSON file of the folder, whole or not at all.
    public static void writeJson(Path file, JsonNode json) throws IOException {
        byte[] bytes = Json.write(json);
        AtomicFile.write(file, channel -> AtomicFile.writeFully(channel, ByteBuffer.wrap(bytes)));
    }

    @Override
    public Path path() {
        return folder;
    }

    @Override
    public SequencedMap<String, TensorEntry> entries() {
        return entries;
    }

    @Override
    public SequencedMap<String, Tensor> tensors() {
        return tensors;
    }

    @Override
    public Config config() {
        return Config.of(CONFIG, config);
    }

    /// The whole of `config.json`.
    public JsonNode configJson() {
        return config;
    }

    /// `generation_config.json`; without settings where there is no such file.
    ///
    /// @throws CheckpointException if the file is there and no JSON object
    public Config generationConfig() {
        JsonNode json = readOptional(GENERATION_CONFIG, CONFIG_BYTES_MAX).orElse(JsonNodeFactory.instance.objectNode());
        return Config.of(GENERATION_CONFIG, json);
    }

    /// @throws CheckpointException if the file is there and no JSON object
    public Optional<JsonNode> tokenizerConfig() {
        return readOptional(TOKENIZER_CONFIG, TOKENIZER_CONFIG_BYTES_MAX);
    }

    public Optional<Path> tokenizerFile() {
        return file(TOKENIZER);
    }

    /// A file of the folder by its plain name, such as `chat_template.jinja`.
    public Optional<Path> file(String name) {
        return Optional.of(folder.resolve(name)).filter(Files::isRegularFile);
    }

    @Override
    public void close() {
        arena.close();
    }

    private Optional<JsonNode> readOptional(String name, int bytesMax) {
        Problems problems = new Problems(folder.toString());
        Optional<JsonNode> json = file(name).flatMap(path -> Json.readObject(path, bytesMax, problems));
        problems.throwIfAny();
        return json;
    }

    /// The tensors of all the files of a folder.
    private record Contents(SequencedMap<String, TensorEntry> entries, SequencedMap<String, Tensor> tensors) {
        void readAll(Path folder, Arena arena, Problems problems) {
            if (Files.isRegularFile(folder.resolve(WEIGHTS))) {
                readFile(folder.resolve(WEIGHTS), arena, problems);
            } else if (Files.isRegularFile(folder.resolve(ShardIndex.FILE_NAME))) {
                readShards(folder, arena, problems);
            } else {
                readLoose(folder, arena, problems);
            }
        }

        Contents checked(Problems problems) {
            problems.throwIfAny();
            return this;
        }

        private void readShards(Path folder, Arena arena, Problems problems) {
            ShardIndex index = ShardIndex.read(folder, problems);
            for (String file : index.files(folder, problems)) {
                Contents shard = new Contents(new LinkedHashMap<>(), new LinkedHashMap<>());
                shard.readFile(folder.resolve(file), arena, problems);
                shard.entries
                        .keySet()
                        .removeIf(name -> !file.equals(index.fileOf().get(name)));
                shard.tensors.keySet().retainAll(shard.entries.keySet());
                entries.putAll(shard.entries);
                tensors.putAll(shard.tensors);
            }
            if (problems.isEmpty()) {
                index.fileOf().forEach((name, file) -> {
                    if (!entries.containsKey(name)) {
                        problems.add(
                                "%s, tensor %s".formatted(Problems.quote(file), Problems.quote(name)),
                                "is missing, although %s lists it".formatted(ShardIndex.FILE_NAME),
                                "download both files again");
                    }
                });
            }
        }

        /// Weights under other names and without an index.
        private void readLoose(Path folder, Arena arena, Problems problems) {
            try (Stream<Path> files = Files.list(folder)) {
                List<Path> weights = files.filter(
                                file -> file.getFileName().toString().endsWith(".safetensors"))
                        .sorted()
                        .toList();
                if (weights.isEmpty()) {
                    problems.add(
                            folder.toString(),
                            "holds neither %s nor %s".formatted(WEIGHTS, ShardIndex.FILE_NAME),
                            "download the weights as safetensors; other formats, such as pytorch_model.bin, are not read");
                }
                weights.forEach(file -> readFile(file, arena, problems));
            } catch (IOException e) {
                throw problems.fatal(folder.toString(), "cannot be listed: " + e.getMessage(), "check its permissions");
            }
        }

        /// What ends the reading of one file is among the problems already; the others are looked at too.
        private void readFile(Path path, Arena arena, Problems problems) {
            SafetensorsHeader header;
            MappedFile file;
            try {
                file = MappedFile.map(path, arena, problems);
                header = SafetensorsHeader.read(file, problems);
            } catch (CheckpointException e) {
                return;
            }
            header.tensors().entries().forEach((name, entry) -> {
                if (entries.putIfAbsent(name, entry) != null) {
                    problems.add(
                            file.at(name, entry.offset()),
                            "is also in " + entries.get(name).file().getFileName(),
                            "keep one of the files, or give the index that says which counts");
                }
            });
            header.tensors().views().forEach(tensors::putIfAbsent);
        }
    }
}
