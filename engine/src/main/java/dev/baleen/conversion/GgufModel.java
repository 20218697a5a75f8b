package dev.baleen.conversion;

import dev.baleen.checkpoint.Checkpoint;
import dev.baleen.checkpoint.Config;
import dev.baleen.checkpoint.Gguf;
import dev.baleen.checkpoint.GgufValue;
import dev.baleen.checkpoint.HuggingFaceFolder;
import dev.baleen.checkpoint.Safetensors;
import dev.baleen.checkpoint.TensorSource;
import dev.baleen.dtype.DType;
import java.io.IOException;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/// A model as a GGUF file holds it, to be written: its metadata and its tensors. The checkpoint that it comes from has
/// to stay open until they are.
public record GgufModel(SequencedMap<String, GgufValue> metadata, List<TensorSource> tensors) {
    /// A GGUF file as it stands, or a folder in Hugging Face layout as GGUF.
    ///
    /// @throws dev.baleen.checkpoint.CheckpointException if the model has no form in GGUF; all reasons are told
    /// together
    public static GgufModel of(Checkpoint source, ConversionOptions options) throws IOException {
        return switch (source) {
            case HuggingFaceFolder folder -> of(folder, options);
            case Gguf gguf -> new GgufModel(gguf.metadata(), gguf.sources());
            case Safetensors file ->
                throw new IllegalArgumentException(
                        file.path() + " holds weights only; name the folder that has config.json too");
        };
    }

    private static GgufModel of(HuggingFaceFolder folder, ConversionOptions options) throws IOException {
        Family family = Family.of(folder);
        Config config = folder.config();
        String name = folder.path().toAbsolutePath().normalize().getFileName().toString();
        SequencedMap<String, GgufValue> metadata = GgufMetadata.of(config, family, name, options);
        Vocabularies.toGguf(folder, options, metadata);
        List<TensorSource> tensors = GgufTensors.of(folder, family, config, options);
        metadata.put("general.file_type", GgufMetadata.fileType(most(tensors)));
        return new GgufModel(metadata, tensors);
    }

    /// The type of most numbers.
    private static DType most(List<TensorSource> tensors) {
        Map<DType, Long> elements = new EnumMap<>(DType.class);
        tensors.forEach(tensor -> tensor.type()
                .type()
                .ifPresent(type -> elements.merge(type, tensor.shape().elements(), Long::sum)));
        return elements.entrySet().stream()
                .max(Comparator.comparingLong(Map.Entry::getValue))
                .map(Map.Entry::getKey)
                .orElse(DType.F32);
    }
}
