package dev.baleen.training;

import dev.baleen.tensor.Tensor;
import java.lang.foreign.MemorySegment;

/// Two memories of one size: numbers, and their gradients at the same offsets.
///
/// So a view of the numbers, however it was sliced and reshaped, finds its gradient by its address alone.
record Mirror(MemorySegment values, MemorySegment gradients) {
    Mirror {
        if (values.byteSize() != gradients.byteSize()) {
            throw new IllegalArgumentException(
                    "%d bytes of values cannot have %d bytes of gradients; use a mirror of the same parameters"
                            .formatted(values.byteSize(), gradients.byteSize()));
        }
    }

    /// Whether the tensor lies in these values.
    boolean holds(Tensor x) {
        long offset = offset(x);
        return offset >= 0 && offset + x.data().byteSize() <= values.byteSize();
    }

    /// The gradient of a tensor that lies in these values.
    Tensor gradient(Tensor x) {
        return Tensor.of(
                x.type(), x.shape(), gradients.asSlice(offset(x), x.data().byteSize()));
    }

    private long offset(Tensor x) {
        return x.data().address() - values.address();
    }
}
