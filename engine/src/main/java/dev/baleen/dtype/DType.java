package dev.baleen.dtype;

import java.util.Optional;

/// The number formats, each with the name and id that GGUF gives it and the name that safetensors gives it.
///
/// A new format is one line here and one file that implements [BlockFormat].
public enum DType {
    /// IEEE 754 single precision: activations, and the weights that are trained.
    F32(0, "F32", new F32()),
    /// IEEE 754 half precision.
    F16(1, "F16", new F16()),
    /// The upper half of a single: eight bits of exponent, seven of fraction.
    BF16(30, "BF16", new Bf16()),
    /// Blocks of 32 signed bytes with one half-precision scale.
    Q8_0(8, "", new Q8_0()),
    /// IEEE 754 double precision: what gradients are checked in.
    F64(28, "F64", new F64());

    private final int ggmlId;
    private final String safetensorsName;
    private final BlockFormat format;

    DType(int ggmlId, String safetensorsName, BlockFormat format) {
        this.ggmlId = ggmlId;
        this.safetensorsName = safetensorsName;
        this.format = format;
    }

    /// The id of this type in a GGUF file.
    public int ggmlId() {
        return ggmlId;
    }

    /// The name in a safetensors header; empty where that format has none.
    public String safetensorsName() {
        return safetensorsName;
    }

    public BlockFormat format() {
        return format;
    }

    /// Numbers in one block.
    public int blockElements() {
        return format.elements();
    }

    /// Bytes of one block.
    public int blockBytes() {
        return format.bytes();
    }

    /// Bytes that `elements` numbers take.
    ///
    /// @throws IllegalArgumentException if `elements` is no multiple of the block
    public long bytes(long elements) {
        if (elements % blockElements() != 0) {
            throw new IllegalArgumentException(
                    "%d elements do not fill whole blocks of %s, which holds %d to a block; use a row length that is a multiple of %d"
                            .formatted(elements, this, blockElements(), blockElements()));
        }
        return Math.multiplyExact(elements / blockElements(), (long) blockBytes());
    }

    public static Optional<DType> ofGgml(int id) {
        for (DType type : values()) {
            if (type.ggmlId == id) {
                return Optional.of(type);
            }
        }
        return Optional.empty();
    }

    public static Optional<DType> ofSafetensors(String name) {
        for (DType type : values()) {
            if (!name.isEmpty() && type.safetensorsName.equals(name)) {
                return Optional.of(type);
            }
        }
        return Optional.empty();
    }
}
