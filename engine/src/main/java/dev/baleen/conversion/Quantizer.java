package dev.baleen.conversion;

import dev.baleen.checkpoint.GgufValue;
import dev.baleen.checkpoint.TensorSource;
import dev.baleen.dtype.DType;
import dev.baleen.kernel.ComputePool;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/// Puts another number format in the place of a model's: tensors in, the same tensors encoded otherwise out.
///
/// Nothing happens until the tensors are written. Then each is decoded, encoded, and decoded again to measure the
/// error, a slab of rows at a time on all threads of the pool. Neither the bytes nor the error depend on how many
/// these are.
public final class Quantizer {
    private final ComputePool pool;
    private final Importance importance;
    private final Listener listener;

    /// What happens while tensors are written.
    public interface Listener {
        /// So many bytes of the source have been read since the last call.
        void advanced(long sourceBytes);

        /// A tensor is written.
        void written(QuantizedTensor tensor);
    }

    public Quantizer(ComputePool pool, Importance importance, Listener listener) {
        this.pool = pool;
        this.importance = importance;
        this.listener = listener;
    }

    /// The tensors with other formats.
    ///
    /// @param types the new formats by name; a tensor that has none stays as it is
    /// @throws IllegalArgumentException if the importance matrix does not fit a tensor
    public List<TensorSource> quantize(List<TensorSource> tensors, Map<String, DType> types) {
        List<TensorSource> quantized = new ArrayList<>();
        for (TensorSource tensor : tensors) {
            DType type = types.get(tensor.name());
            quantized.add(type == null ? kept(tensor) : encoded(tensor, type));
        }
        return quantized;
    }

    /// Those tensors that would be encoded from blocks, whose own error adds to that of the new ones.
    public static List<TensorSource> quantizedAlready(List<TensorSource> tensors, Map<String, DType> types) {
        return tensors.stream()
                .filter(tensor -> types.containsKey(tensor.name()))
                .filter(tensor -> !tensor.type().type().orElseThrow().isPlain())
                .toList();
    }

    /// The metadata of the model that comes out: that of the source, and what its numbers are written in.
    public static SequencedMap<String, GgufValue> metadata(
            SequencedMap<String, GgufValue> source, QuantizationMix mix, Importance importance) {
        SequencedMap<String, GgufValue> metadata = new LinkedHashMap<>(source);
        // The parts of a source in several files become one.
        metadata.keySet().removeIf(key -> key.startsWith("split."));
        metadata.put("general.file_type", Setting.count(mix.fileType()));
        metadata.put("general.quantization_version", Setting.count(GgufMetadata.QUANTIZATION_VERSION));
        if (!importance.isEmpty()) {
            metadata.put("quantize.imatrix.file", new GgufValue.Text(importance.fileName()));
            metadata.put("quantize.imatrix.entries_count", Setting.count(importance.size()));
        }
        return metadata;
    }

    private TensorSource kept(TensorSource tensor) {
        return new TensorSource(tensor.name(), tensor.type(), tensor.shape(), sink -> {
            tensor.content().writeTo(bytes -> {
                sink.write(bytes);
                listener.advanced(bytes.byteSize());
            });
            listener.written(QuantizedTensor.kept(tensor));
        });
    }

    private TensorSource encoded(TensorSource tensor, DType type) {
        ColumnWeights weights = new ColumnWeights(importance.of(tensor.name(), tensor.shape()), tensor.shape());
        return new TensorSource(tensor.name(), type, tensor.shape(), sink -> {
            try (RowEncoder encoder = new RowEncoder(tensor, type, weights, pool, sink)) {
                tensor.content().writeTo(bytes -> {
                    encoder.write(bytes);
                    listener.advanced(bytes.byteSize());
                });
                listener.written(encoder.finish());
            }
        });
    }
}
