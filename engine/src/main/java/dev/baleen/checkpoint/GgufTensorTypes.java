package dev.baleen.checkpoint;

import dev.baleen.dtype.DType;
import java.util.Map;
import java.util.Optional;

/// The tensor types of GGUF by id. Those that [DType] has come from there; of the others only the size is known here.
final class GgufTensorTypes {
    private static final Map<Integer, StoredType> UNDECODED = Map.ofEntries(
            entry(9, "Q8_1", 32, 36),
            entry(15, "Q8_K", 256, 292),
            entry(24, "I8", 1, 1),
            entry(25, "I16", 1, 2),
            entry(26, "I32", 1, 4),
            entry(27, "I64", 1, 8));

    private GgufTensorTypes() {}

    static Optional<StoredType> of(int id) {
        return DType.ofGgml(id).map(StoredType::of).or(() -> Optional.ofNullable(UNDECODED.get(id)));
    }

    /// The type of that name.
    static StoredType named(String name) {
        return UNDECODED.values().stream()
                .filter(type -> type.name().equals(name))
                .findFirst()
                .orElseGet(() -> StoredType.of(DType.valueOf(name)));
    }

    /// The id of a type.
    ///
    /// @throws IllegalArgumentException if the format has no such type
    static int id(StoredType type) {
        int id = type.type()
                .map(DType::ggmlId)
                .orElseGet(() -> UNDECODED.entrySet().stream()
                        .filter(entry -> entry.getValue().equals(type))
                        .mapToInt(Map.Entry::getKey)
                        .findFirst()
                        .orElse(-1));
        if (id < 0) {
            throw new IllegalArgumentException(
                    "GGUF has no type %s; convert the numbers to F32, F16 or BF16".formatted(type.name()));
        }
        return id;
    }

    private static Map.Entry<Integer, StoredType> entry(int id, String name, int blockElements, int blockBytes) {
        return Map.entry(id, new StoredType(name, blockElements, blockBytes, Optional.empty()));
    }
}
