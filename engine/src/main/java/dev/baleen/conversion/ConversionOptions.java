package dev.baleen.conversion;

import dev.baleen.dtype.DType;
import java.util.Optional;
import java.util.Set;

/// What may be chosen about a conversion.
///
/// @param type what matrices are written in: F32, F16 or BF16. Without it each keeps its type where the other format
///     has it
/// @param otherwise what a matrix is written in whose type the other format does not have
/// @param shardBytes about how large the files of a folder may get
/// @param preTokenizer what GGUF is to call the way in which the tokenizer cuts text; without it that is found out
/// @param predictionLayers whether layers that predict further ahead are kept
public record ConversionOptions(
        Optional<DType> type,
        DType otherwise,
        long shardBytes,
        Optional<String> preTokenizer,
        boolean predictionLayers) {
    private static final Set<DType> TYPES = Set.of(DType.F32, DType.F16, DType.BF16);

    public static final long SHARD_BYTES = 5_000_000_000L;

    public ConversionOptions {
        if (type.isPresent() && !TYPES.contains(type.get())) {
            throw new IllegalArgumentException(
                    "Models are converted to F32, F16 or BF16, not to %s; quantize the GGUF file afterwards"
                            .formatted(type.get()));
        }
        if (shardBytes < 1) {
            throw new IllegalArgumentException("Files of %,d bytes hold no weights".formatted(shardBytes));
        }
    }

    public ConversionOptions(
            Optional<DType> type, long shardBytes, Optional<String> preTokenizer, boolean predictionLayers) {
        this(type, DType.BF16, shardBytes, preTokenizer, predictionLayers);
    }

    public static ConversionOptions defaults() {
        return new ConversionOptions(Optional.empty(), SHARD_BYTES, Optional.empty(), true);
    }

    /// Nothing is rounded on the way, as another rounding is to follow.
    public static ConversionOptions exact() {
        return new ConversionOptions(Optional.empty(), DType.F32, SHARD_BYTES, Optional.empty(), true);
    }

    /// What a matrix that is stored as `stored` is written in.
    DType matrix(DType stored) {
        return type.orElse(TYPES.contains(stored) ? stored : stored == DType.F64 ? DType.F32 : otherwise);
    }
}
