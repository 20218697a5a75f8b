package dev.baleen.conversion;

import dev.baleen.tensor.Shape;
import java.util.Optional;

/// Where a row of a tensor finds the importance of its columns.
///
/// @param values empty where nothing is known; else for each matrix of the tensor, or for all of them, a number a
/// column
record ColumnWeights(Optional<float[]> values, Shape shape) {
    /// Where the numbers of `row` begin in [#values()].
    int start(long row) {
        long rowsOfMatrix = shape.axes() > 1 ? shape.axis(-2) : 1;
        boolean shared = values.isEmpty() || values.get().length == shape.columns();
        return shared ? 0 : Math.toIntExact(row / rowsOfMatrix * shape.columns());
    }
}
