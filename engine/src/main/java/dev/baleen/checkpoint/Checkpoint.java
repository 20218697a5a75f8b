package dev.baleen.checkpoint;

import dev.baleen.tensor.Tensor;
import java.nio.file.Path;
import java.util.Optional;
import java.util.SequencedMap;

/// A model on disk: named tensors as views of mapped files, and the settings that say what network they make.
///
/// The checkpoint owns the mapping. After [#close()] every tensor that came from it is dead: touching one throws
/// `IllegalStateException`. Reading is safe from any thread.
public sealed interface Checkpoint extends AutoCloseable permits Gguf, HuggingFaceFolder, Safetensors {
    /// Opens a GGUF file, a safetensors file or a folder in Hugging Face layout; the content decides, not the name.
    ///
    /// @throws CheckpointException if there is nothing, or nothing usable, at `path`
    static Checkpoint open(Path path) {
        return Detection.open(path);
    }

    Path path();

    /// Every tensor that the files list, in their order.
    SequencedMap<String, TensorEntry> entries();

    /// The tensors of [#entries()] whose type can be computed with: views, nothing is copied. They may lie at
    /// any byte offset, so that even an F32 may not be aligned to four bytes.
    SequencedMap<String, Tensor> tensors();

    default Optional<Tensor> tensor(String name) {
        return Optional.ofNullable(tensors().get(name));
    }

    /// The settings of the network: `config.json` of a folder, the metadata of a GGUF file, nothing of a single
    /// safetensors file. Each call starts a new collection of problems.
    Config config();

    /// Unmaps the files.
    @Override
    void close();
}
