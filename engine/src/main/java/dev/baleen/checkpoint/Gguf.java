package dev.baleen.checkpoint;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.BooleanNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.LongNode;
import com.fasterxml.jackson.databind.node.TextNode;
import dev.baleen.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.Function;

/// A GGUF file, version 2 or 3, little-endian: tensors and typed metadata in one file, or in several that are parts of
/// one model and are opened together.
///
/// Shapes are outermost first as everywhere in Baleen; the file writes them innermost first. The typed getters throw a
/// [CheckpointException] that names the key if it is absent or of another type; the `find` forms only in the latter
/// case. Whole numbers are read from every integer type, real ones from every number type.
public final class Gguf implements Checkpoint {
    private final Arena arena;
    private final MappedFile file;
    private final int version;
    private final SequencedMap<String, GgufValue> metadata;
    private final SequencedMap<String, TensorEntry> entries;
    private final SequencedMap<String, Tensor> tensors;

    private Gguf(Arena arena, GgufSplit.Joined parts) {
        this.arena = arena;
        GgufHeader header = parts.first().header();
        this.file = parts.first().file();
        this.version = header.version();
        this.metadata = Collections.unmodifiableSequencedMap(header.metadata());
        this.entries = Collections.unmodifiableSequencedMap(parts.entries());
        this.tensors = Collections.unmodifiableSequencedMap(parts.tensors());
    }

    /// Opens the file; of a model in several files any part may be named, and all are opened.
    ///
    /// @throws CheckpointException if the file cannot be used, with every problem that was found
    public static Gguf open(Path path) {
        return Opening.open(arena -> {
            Problems problems = new Problems(path.toString());
            MappedFile file = MappedFile.map(path, arena, problems);
            GgufHeader header = GgufHeader.read(file, problems);
            GgufSplit.Joined parts = GgufSplit.join(file, header, arena, problems);
            problems.throwIfAny();
            return new Gguf(arena, parts);
        });
    }

    /// Writes a GGUF file of version 3; the file appears under `path` only when it is complete.
    ///
    /// @throws IllegalArgumentException if the metadata names an alignment that is no power of two
    public static void write(Path path, SequencedMap<String, GgufValue> metadata, SequencedMap<String, Tensor> tensors)
            throws IOException {
        write(
                path,
                metadata,
                tensors.entrySet().stream()
                        .map(entry -> TensorSource.of(entry.getKey(), entry.getValue()))
                        .toList());
    }

    /// As the other `write`, for tensors that are made while they are written.
    public static void write(Path path, SequencedMap<String, GgufValue> metadata, List<TensorSource> tensors)
            throws IOException {
        GgufWriter.write(path, metadata, tensors);
    }

    /// Every tensor as it stands in the file, to be written into another one; those too whose type cannot be
    /// computed with.
    public List<TensorSource> sources() {
        return entries.values().stream()
                .map(entry -> new TensorSource(
                        entry.name(),
                        GgufTensorTypes.named(entry.typeName()),
                        entry.shape(),
                        sink -> sink.write(entry.data())))
                .toList();
    }

    /// The file, or the first of its parts.
    @Override
    public Path path() {
        return file.path();
    }

    public int version() {
        return version;
    }

    /// Every key in the order of the file. Arrays are views of the mapped file.
    public SequencedMap<String, GgufValue> metadata() {
        return metadata;
    }

    @Override
    public SequencedMap<String, TensorEntry> entries() {
        return entries;
    }

    @Override
    public SequencedMap<String, Tensor> tensors() {
        return tensors;
    }

    /// The metadata; sections are the dotted parts of keys.
    @Override
    public Config config() {
        return Config.of(file.name(), new Config.FlatKeys("", key -> find(key).map(value -> toJson(key, value))));
    }

    /// The name of the architecture, which is the prefix of its keys.
    public String architecture() {
        return string("general.architecture");
    }

    public String string(String key) {
        return findString(key).orElseThrow(() -> missing(key, "a text"));
    }

    public Optional<String> findString(String key) {
        return find(key).map(value -> text(key, value));
    }

    public long integer(String key) {
        return findInteger(key).orElseThrow(() -> missing(key, "a whole number"));
    }

    public Optional<Long> findInteger(String key) {
        return find(key).map(value -> whole(key, value));
    }

    public double number(String key) {
        return findNumber(key).orElseThrow(() -> missing(key, "a number"));
    }

    public Optional<Double> findNumber(String key) {
        return find(key).map(value -> real(key, value));
    }

    public boolean bool(String key) {
        return findBool(key).orElseThrow(() -> missing(key, "true or false"));
    }

    public Optional<Boolean> findBool(String key) {
        return find(key).map(value -> flag(key, value));
    }

    public List<String> strings(String key) {
        return findStrings(key).orElseThrow(() -> missing(key, "a list of texts"));
    }

    public Optional<List<String>> findStrings(String key) {
        return find(key)
                .map(value -> GgufArrays.texts(value).orElseGet(() -> list(key, value, entry -> text(key, entry))));
    }

    public long[] integers(String key) {
        return findIntegers(key).orElseThrow(() -> missing(key, "a list of whole numbers"));
    }

    public Optional<long[]> findIntegers(String key) {
        return find(key)
                .map(value -> GgufArrays.wholes(value)
                        .orElseGet(() -> list(key, value, entry -> whole(key, entry)).stream()
                                .mapToLong(Long::longValue)
                                .toArray()));
    }

    public double[] floats(String key) {
        return findFloats(key).orElseThrow(() -> missing(key, "a list of numbers"));
    }

    public Optional<double[]> findFloats(String key) {
        return find(key)
                .map(value -> list(key, value, entry -> real(key, entry)).stream()
                        .mapToDouble(Double::doubleValue)
                        .toArray());
    }

    @Override
    public void close() {
        arena.close();
    }

    private Optional<GgufValue> find(String key) {
        return Optional.ofNullable(metadata.get(key));
    }

    private String text(String key, GgufValue value) {
        if (value instanceof GgufValue.Text text) {
            return text.value();
        }
        throw wrong(key, value, "a text");
    }

    private long whole(String key, GgufValue value) {
        if (value instanceof GgufValue.Whole whole && whole.fitsLong()) {
            return whole.value();
        }
        throw wrong(key, value, "a whole number below 2^63");
    }

    private double real(String key, GgufValue value) {
        return switch (value) {
            case GgufValue.Real real -> real.value();
            case GgufValue.Whole whole when whole.fitsLong() -> whole.value();
            case GgufValue.Whole _, GgufValue.Text _, GgufValue.Flag _, GgufValue.Many _ ->
                throw wrong(key, value, "a number");
        };
    }

    private boolean flag(String key, GgufValue value) {
        if (value instanceof GgufValue.Flag flag) {
            return flag.value();
        }
        throw wrong(key, value, "true or false");
    }

    private <T> List<T> list(String key, GgufValue value, Function<GgufValue, T> entry) {
        if (value instanceof GgufValue.Many many) {
            return many.values(where(key)).stream().map(entry).toList();
        }
        throw wrong(key, value, "a list");
    }

    private CheckpointException missing(String key, String wanted) {
        return new Problems(file.path().toString())
                .fatal(
                        where(key),
                        "missing",
                        "it has to be " + wanted + "; the model may have been converted by an old tool");
    }

    private CheckpointException wrong(String key, GgufValue value, String wanted) {
        return new Problems(file.path().toString())
                .fatal(where(key), "is " + Problems.quote(value.toString()), "it has to be " + wanted);
    }

    private String where(String key) {
        return file.name() + ", key " + Problems.quote(key);
    }

    private JsonNode toJson(String key, GgufValue value) {
        return switch (value) {
            case GgufValue.Text text -> TextNode.valueOf(text.value());
            case GgufValue.Flag flag -> BooleanNode.valueOf(flag.value());
            case GgufValue.Real real -> DoubleNode.valueOf(real.value());
            case GgufValue.Whole whole ->
                whole.fitsLong()
                        ? LongNode.valueOf(whole.value())
                        : TextNode.valueOf(Long.toUnsignedString(whole.value()));
            case GgufValue.Many many -> {
                ArrayNode array = JsonNodeFactory.instance.arrayNode();
                many.values(where(key)).forEach(entry -> array.add(toJson(key, entry)));
                yield array;
            }
        };
    }
}
