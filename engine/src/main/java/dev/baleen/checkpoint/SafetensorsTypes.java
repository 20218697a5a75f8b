package dev.baleen.checkpoint;

import dev.baleen.dtype.DType;
import java.util.Map;
import java.util.Optional;

/// The types of safetensors by name. Those that [DType] has come from there; of the others only the size is known here.
/// Types of less than a byte are measured by the smallest run that fills whole bytes.
final class SafetensorsTypes {
    private static final Map<String, StoredType> UNDECODED = Map.ofEntries(
            entry("BOOL", 1, 1),
            entry("F6_E2M3", 4, 3),
            entry("F6_E3M2", 4, 3),
            entry("U8", 1, 1),
            entry("I8", 1, 1),
            entry("F8_E5M2", 1, 1),
            entry("F8_E4M3FNUZ", 1, 1),
            entry("F8_E5M2FNUZ", 1, 1),
            entry("I16", 1, 2),
            entry("U16", 1, 2),
            entry("I32", 1, 4),
            entry("U32", 1, 4),
            entry("C64", 1, 8),
            entry("I64", 1, 8),
            entry("U64", 1, 8));

    private SafetensorsTypes() {}

    static Optional<StoredType> of(String name) {
        return DType.ofSafetensors(name)
                .map(type -> new StoredType(name, type.blockElements(), type.blockBytes(), Optional.of(type)))
                .or(() -> Optional.ofNullable(UNDECODED.get(name)));
    }

    /// What the format calls a type; empty if it has none for it.
    static Optional<String> name(StoredType type) {
        return type.type()
                .map(DType::safetensorsName)
                .or(() -> Optional.of(type.name()).filter(UNDECODED::containsKey))
                .filter(name -> !name.isEmpty());
    }

    private static Map.Entry<String, StoredType> entry(String name, int blockElements, int blockBytes) {
        return Map.entry(name, new StoredType(name, blockElements, blockBytes, Optional.empty()));
    }
}
