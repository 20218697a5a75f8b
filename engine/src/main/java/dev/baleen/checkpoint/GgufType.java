package dev.baleen.checkpoint;

import java.util.Optional;

/// The types of GGUF metadata values, in the order of their ids.
public enum GgufType {
    UINT8(1),
    INT8(1),
    UINT16(2),
    INT16(2),
    UINT32(4),
    INT32(4),
    FLOAT32(4),
    BOOL(1),
    STRING(8),
    ARRAY(12),
    UINT64(8),
    INT64(8),
    FLOAT64(8);

    private final int bytesMin;

    GgufType(int bytesMin) {
        this.bytesMin = bytesMin;
    }

    int id() {
        return ordinal();
    }

    /// Bytes of a value; of a string or an array those of an empty one.
    int bytesMin() {
        return bytesMin;
    }

    boolean isFixedSize() {
        return this != STRING && this != ARRAY;
    }

    boolean isWhole() {
        return switch (this) {
            case UINT8, INT8, UINT16, INT16, UINT32, INT32, UINT64, INT64 -> true;
            case FLOAT32, BOOL, STRING, ARRAY, FLOAT64 -> false;
        };
    }

    boolean isReal() {
        return this == FLOAT32 || this == FLOAT64;
    }

    static Optional<GgufType> of(int id) {
        return id >= 0 && id < values().length ? Optional.of(values()[id]) : Optional.empty();
    }
}
