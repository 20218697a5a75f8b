package dev.baleen.checkpoint;

import dev.baleen.dtype.DType;
import dev.baleen.tensor.BlockScales;
import dev.baleen.tensor.Shape;
import dev.baleen.tensor.Tensor;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// The scales that a folder keeps in tensors of their own, beside the matrices of small floats that they belong to.
///
/// Eight-bit floats (DeepSeek-V3, arXiv 2412.19437, §3.3.2) have one for a block as large as `config.json` says,
/// 128 × 128 where it says nothing. Four-bit floats lie two to a byte, so that their matrix is listed with half its
/// columns and as whole numbers, and have one for 32 columns of a row. The scales of `X.weight` are
/// `X.weight_scale_inv`, or in DeepSeek-V4's own files `X.scale`; both multiply.
final class ScalesBeside {
    private static final String SETTINGS = "quantization_config";
    private static final Set<String> METHODS = Set.of("fp8", "mxfp4");
    private static final Set<String> PACKED = Set.of("I8", "U8");
    private static final int FP8_BLOCK = 128;
    private static final int MXFP4_BLOCK = 32;

    private final Checkpoint checkpoint;
    private final Problems problems;
    private final boolean scalesExpected;
    private final int blockRows;
    private final int blockColumns;

    ScalesBeside(Checkpoint checkpoint, Problems problems) {
        this.checkpoint = checkpoint;
        this.problems = problems;
        Config config = checkpoint.config();
        Optional<Config> settings =
                checkpoint instanceof HuggingFaceFolder ? config.section(SETTINGS) : Optional.empty();
        List<Integer> block = settings.map(s -> s.integers("weight_block_size")).orElse(List.of());
        scalesExpected = !block.isEmpty();
        boolean sound = block.size() == 2 && block.get(0) > 0 && block.get(1) > 0;
        blockRows = sound ? block.get(0) : FP8_BLOCK;
        blockColumns = sound ? block.get(1) : FP8_BLOCK;
        if (scalesExpected && !sound) {
            settings.orElseThrow().problem("weight_block_size", "is " + block, "it has to be two numbers from 1 on");
        }
        settings.ifPresent(ScalesBeside::refuseOtherMethods);
        config.finish();
    }

    private static void refuseOtherMethods(Config settings) {
        String method = settings.text("quant_method", "fp8");
        if (!METHODS.contains(method)) {
            settings.problem(
                    "quant_method",
                    "is '" + method + "'",
                    "Baleen reads 'fp8' and 'mxfp4' here; take the model unquantized, or as GGUF");
        }
    }

    /// The matrix with its scales; empty where it has none and needs none, so that it is what its type says.
    ///
    /// @param where what messages call the place of the matrix
    Optional<Tensor> find(TensorEntry entry, String where) {
        boolean packed = PACKED.contains(entry.typeName()) || entry.type().equals(Optional.of(DType.F4_E2M1));
        boolean small = packed || entry.type().equals(Optional.of(DType.F8_E4M3));
        if (!small || entry.shape().axes() != 2) {
            return Optional.empty();
        }
        Optional<TensorEntry> scales = names(entry.name())
                .flatMap(name -> Optional.ofNullable(checkpoint.entries().get(name)).stream())
                .findFirst();
        if (scales.isEmpty()) {
            if (scalesExpected && !packed) {
                problems.add(
                        where,
                        "has no scales, neither as %s"
                                .formatted(String.join(
                                        " nor as ",
                                        names(entry.name()).map(Problems::quote).toList())),
                        "the file is incomplete; take it whole");
            }
            return Optional.empty();
        }
        return packed
                ? scaled(fourBits(entry), scales.get(), 1, MXFP4_BLOCK)
                : scaled(Tensor.of(DType.F8_E4M3, entry.shape(), entry.data()), scales.get(), blockRows, blockColumns);
    }

    /// The names that the scales of a matrix may have.
    static Stream<String> names(String matrix) {
        String suffix = ".weight";
        String dotted =
                matrix.endsWith(suffix) ? matrix.substring(0, matrix.length() - suffix.length()) + ".scale" : "";
        return Stream.of(matrix + "_scale_inv", dotted).filter(name -> !name.isEmpty());
    }

    private static Tensor fourBits(TensorEntry entry) {
        Shape listed = entry.shape();
        long columns = 2 * entry.bytes() / Math.max(1, listed.axis(0));
        return Tensor.of(DType.F4_E2M1, Shape.of(listed.axis(0), columns), entry.data());
    }

    private Optional<Tensor> scaled(Tensor matrix, TensorEntry scales, int rows, int columns) {
        long down = Math.ceilDiv(matrix.shape().axis(0), (long) rows);
        long across = Math.ceilDiv(matrix.shape().axis(1), (long) columns);
        DType type =
                scales.typeName().equals("U8") ? DType.F8_E8M0 : scales.type().orElse(DType.Q8_0);
        if (!scales.shape().equals(Shape.of(down, across)) || type.blockElements() != 1) {
            problems.add(
                    "%s, tensor %s, byte %,d"
                            .formatted(scales.file().getFileName(), Problems.quote(scales.name()), scales.offset()),
                    "is %s %s instead of [%d, %d] plain numbers, one for each %d × %d of %s"
                            .formatted(scales.typeName(), scales.shape(), down, across, rows, columns, matrix.shape()),
                    "the scales and the weights do not belong together; take both from one source");
            return Optional.of(matrix);
        }
        return Optional.of(
                matrix.scaled(new BlockScales(Tensor.of(type, scales.shape(), scales.data()), rows, columns, 0)));
    }
}
