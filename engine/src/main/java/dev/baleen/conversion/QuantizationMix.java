package dev.baleen.conversion;

import dev.baleen.dtype.DType;

/// What people call the quantization of a whole model: a number format for most of its tensors, and better ones
/// for those that suffer most. [MixRules] has the rules.
///
/// The ids are those of `general.file_type` in GGUF files.
public enum QuantizationMix {
    F32(0, DType.F32),
    F16(1, DType.F16),
    BF16(32, DType.BF16),
    Q8_0(7, DType.Q8_0),
    Q6_K(18, DType.Q6_K),
    Q5_K_M(17, DType.Q5_K),
    Q5_K_S(16, DType.Q5_K),
    Q5_1(9, DType.Q5_1),
    Q5_0(8, DType.Q5_0),
    Q4_K_M(15, DType.Q4_K),
    Q4_K_S(14, DType.Q4_K),
    Q4_1(3, DType.Q4_1),
    Q4_0(2, DType.Q4_0),
    Q3_K_L(13, DType.Q3_K),
    Q3_K_M(12, DType.Q3_K),
    Q3_K_S(11, DType.Q3_K),
    Q2_K(10, DType.Q2_K);

    private final int fileType;
    private final DType main;

    QuantizationMix(int fileType, DType main) {
        this.fileType = fileType;
        this.main = main;
    }

    /// The value of `general.file_type`.
    public int fileType() {
        return fileType;
    }

    /// The format of most tensors.
    public DType main() {
        return main;
    }
}
