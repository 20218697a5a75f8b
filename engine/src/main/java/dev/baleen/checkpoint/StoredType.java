package dev.baleen.checkpoint;

import dev.baleen.dtype.DType;
import java.util.Optional;
import java.util.OptionalLong;

/// A type of numbers as a file format defines it, known well enough to measure a tensor even where Baleen cannot decode
/// it: `blockElements` numbers take `blockBytes` bytes.
///
/// @param name as the file format calls it
/// @param type what to compute with, where there is such a type
public record StoredType(String name, int blockElements, int blockBytes, Optional<DType> type) {
    /// Whole numbers of 32 bits, as tables of ids are; both file formats call them so.
    public static final StoredType I32 = new StoredType("I32", 1, Integer.BYTES, Optional.empty());

    /// Whole numbers of 64 bits; both file formats call them so.
    public static final StoredType I64 = new StoredType("I64", 1, Long.BYTES, Optional.empty());

    public static StoredType of(DType type) {
        return new StoredType(type.name(), type.blockElements(), type.blockBytes(), Optional.of(type));
    }

    /// Bytes of a tensor; empty if the product does not fit 63 bits or the numbers do not fill whole blocks.
    OptionalLong bytes(long[] lengths) {
        long elements = 1;
        for (long length : lengths) {
            if (length < 0 || Math.multiplyHigh(elements, length) != 0 || elements * length < 0) {
                return OptionalLong.empty();
            }
            elements *= length;
        }
        long blocks = elements / blockElements;
        if (elements % blockElements != 0 || blocks > Long.MAX_VALUE / blockBytes) {
            return OptionalLong.empty();
        }
        return OptionalLong.of(blocks * blockBytes);
    }
}
