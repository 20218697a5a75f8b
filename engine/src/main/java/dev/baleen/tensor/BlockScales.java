package dev.baleen.tensor;

import dev.baleen.dtype.DType;

/// Scales that lie beside a matrix of small floats, one for each block of it: what a number means is what its bits say
/// times the scale of its block.
///
/// DeepSeek's FP8 weights have one for 128 rows × 128 columns (DeepSeek-V3, arXiv 2412.19437, §3.3.2; in files
/// `weight_scale_inv`, which multiplies in spite of its name), MXFP4 weights one for each 32 columns of a row (OCP
/// Microscaling Formats 1.0, §5). Blocks at the matrix's edges may be smaller.
///
/// @param values [blocks down, blocks across], of any plain type: F32, or F8_E8M0 for powers of two
/// @param rows rows of a block
/// @param columns columns of a block
/// @param firstRow the row of the whole matrix that row 0 of the tensor is, where that is a slice
public record BlockScales(Tensor values, int rows, int columns, long firstRow) {
    public BlockScales {
        if (rows < 1 || columns < 1 || firstRow < 0) {
            throw new IllegalArgumentException("No blocks of %d × %d from row %d".formatted(rows, columns, firstRow));
        }
        if (values.type().blockElements() != 1) {
            throw new IllegalArgumentException("Scales are plain numbers, not " + values.type());
        }
    }

    /// The scale of the block that holds this row (of the tensor) and column.
    public float at(long row, long column) {
        long index = (firstRow + row) / rows * values.columns() + column / columns;
        return values.type() == DType.F32
                ? (float) values.get(index)
                : values.type().format().decodeOne(values.data(), index);
    }

    BlockScales from(long row) {
        return new BlockScales(values, rows, columns, firstRow + row);
    }

    /// Whether there is a scale for every block of a matrix of this shape.
    boolean cover(Shape shape) {
        return shape.axes() == 2
                && values.rows() >= Math.ceilDiv(firstRow + shape.axis(0), rows)
                && values.columns() == Math.ceilDiv(shape.axis(1), columns);
    }

    /// Such as `F32 [2, 3] for 128 × 128`.
    @Override
    public String toString() {
        return "%s for %d × %d".formatted(values, rows, columns);
    }
}
