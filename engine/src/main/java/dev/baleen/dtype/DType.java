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
    /// Eight-bit floats with four bits of exponent; DeepSeek scales them by blocks of 128 × 128.
    F8_E4M3(-1, "F8_E4M3", new Fp8E4M3()),
    /// Powers of two in a byte: the scales of [#F8_E4M3] and [#F4_E2M1].
    F8_E8M0(-1, "F8_E8M0", new Fp8E8M0()),
    /// Four-bit floats, two to a byte; MXFP4 scales them by runs of 32.
    F4_E2M1(-1, "F4", new Fp4E2M1()),
    /// IEEE 754 double precision: what gradients are checked in.
    F64(28, "F64", new F64()),

    // Blocks of 32 with a scale, and with a minimum where the name ends in 1.
    Q4_0(2, new Q4_0()),
    Q4_1(3, new Q4_1()),
    Q5_0(6, new Q5_0()),
    Q5_1(7, new Q5_1()),
    Q8_0(8, new Q8_0()),

    // Blocks of 256 in groups whose scales are small integers.
    Q2_K(10, new Q2_K()),
    Q3_K(11, new Q3_K()),
    Q4_K(12, new Q4_K()),
    Q5_K(13, new Q5_K()),
    Q6_K(14, new Q6_K()),

    // Indexes into tables of levels, and of points that are several levels.
    IQ2_XXS(16, new IQ2_XXS()),
    IQ2_XS(17, new IQ2_XS()),
    IQ3_XXS(18, new IQ3_XXS()),
    IQ1_S(19, new IQ1_S()),
    IQ4_NL(20, new IQ4_NL()),
    IQ3_S(21, new IQ3_S()),
    IQ2_S(22, new IQ2_S()),
    IQ4_XS(23, new IQ4_XS()),
    IQ1_M(29, new IQ1_M()),

    // -1, 0 and 1 with a scale for each block.
    TQ1_0(34, new TQ1_0()),
    TQ2_0(35, new TQ2_0()),

    // Four-bit floating point with a scale for each block.
    MXFP4(39, new MxFp4()),
    NVFP4(40, new NvFp4());

    private final int ggmlId;
    private final String safetensorsName;
    private final BlockFormat format;

    DType(int ggmlId, BlockFormat format) {
        this(ggmlId, "", format);
    }

    DType(int ggmlId, String safetensorsName, BlockFormat format) {
        this.ggmlId = ggmlId;
        this.safetensorsName = safetensorsName;
        this.format = format;
    }

    /// The id of this type in a GGUF file; -1 where that format has none.
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

    /// Whether numbers can be written in this type; if not, it is only read.
    public boolean canEncode() {
        return format.canEncode();
    }

    /// Whether single numbers can be read and written, for each stands for itself; they cannot where a block has a
    /// scale, within its bytes or, as for eight-bit floats, beside them.
    public boolean isPlain() {
        return blockElements() == 1 && blockBytes() >= Short.BYTES && canEncode();
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
            if (id >= 0 && type.ggmlId == id) {
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
