package dev.baleen.conversion;

import dev.baleen.checkpoint.TensorSource;
import dev.baleen.tensor.Shape;

/// What became of a tensor.
///
/// @param from the format it had, by the name that its file gives it
/// @param to the format it has
/// @param squaredError the sum of the squared differences between its numbers before and after
/// @param squares the sum of its squared numbers; 0 for a tensor that was copied
public record QuantizedTensor(
        String name,
        Shape shape,
        String from,
        String to,
        long bytesBefore,
        long bytesAfter,
        double squaredError,
        double squares) {
    static QuantizedTensor kept(TensorSource tensor) {
        String type = tensor.type().name();
        return new QuantizedTensor(tensor.name(), tensor.shape(), type, type, tensor.bytes(), tensor.bytes(), 0, 0);
    }

    public boolean isKept() {
        return from.equals(to);
    }

    /// The root mean square of the error by that of the numbers; 0 if all are zero.
    public double relativeError() {
        return relativeError(squaredError, squares);
    }

    /// As [#relativeError()], of sums over several tensors.
    public static double relativeError(double squaredError, double squares) {
        return squaredError == 0 ? 0 : Math.sqrt(squaredError / squares);
    }
}
