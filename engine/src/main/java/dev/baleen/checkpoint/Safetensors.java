package dev.baleen.checkpoint;

import dev.baleen.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.TreeMap;

/// One safetensors file.
///
/// Duplicate names, overlapping tensors and bytes that belong to none are refused, as the format demands.
public final class Safetensors implements Checkpoint {
    private final Arena arena;
    private final MappedFile file;
    private final SequencedMap<String, String> metadata;
    private final SequencedMap<String, TensorEntry> entries;
    private final SequencedMap<String, Tensor> tensors;

    private Safetensors(Arena arena, MappedFile file, SafetensorsHeader header) {
        this.arena = arena;
        this.file = file;
        this.metadata = Collections.unmodifiableSequencedMap(header.metadata());
        this.entries = Collections.unmodifiableSequencedMap(header.tensors().entries());
        this.tensors = Collections.unmodifiableSequencedMap(header.tensors().views());
    }

    /// @throws CheckpointException if the file cannot be used, with every problem that was found
    public static Safetensors open(Path path) {
        return Opening.open(arena -> {
            Problems problems = new Problems(path.toString());
            MappedFile file = MappedFile.map(path, arena, problems);
            SafetensorsHeader header = SafetensorsHeader.read(file, problems);
            problems.throwIfAny();
            return new Safetensors(arena, file, header);
        });
    }

    /// Writes tensors and free-form texts. The file appears under `path` only when it is complete and on the disk.
    ///
    /// The same tensors always give the same bytes: wide types come first, so that every tensor is aligned to its
    /// numbers, then names in order.
    ///
    /// @throws IllegalArgumentException if a tensor's type has no name in this format
    public static void write(Path path, Map<String, Tensor> tensors, Map<String, String> metadata) throws IOException {
        List<TensorSource> sources = new TreeMap<>(tensors)
                .entrySet().stream()
                        .map(entry -> TensorSource.of(entry.getKey(), entry.getValue()))
                        .toList();
        SafetensorsWriter.write(path, sources, metadata);
    }

    @Override
    public Path path() {
        return file.path();
    }

    /// The free-form texts of the header.
    public SequencedMap<String, String> metadata() {
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

    @Override
    public Config config() {
        return Config.of(file.name(), key -> Optional.empty());
    }

    @Override
    public void close() {
        arena.close();
    }
}
