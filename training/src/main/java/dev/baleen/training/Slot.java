package dev.baleen.training;

import dev.baleen.dtype.DType;
import dev.baleen.tensor.Shape;
import dev.baleen.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;

/// One parameter with all that an optimiser keeps beside it: five runs of F32 numbers at the same offsets.
///
/// Each run goes on to a multiple of 64 bytes, as [Parameters] lays them out, so vector loops need no tail; the numbers
/// after the parameter's own are zeros and every update leaves them so.
///
/// @param gradient where the step's gradient is summed up
/// @param first the first moment or momentum
/// @param second the second moment
public record Slot(
        String name,
        Shape shape,
        ParameterRole role,
        MemorySegment value,
        MemorySegment gradient,
        MemorySegment first,
        MemorySegment second) {
    private static final long ALIGNMENT_BYTES = 64;

    /// The slots of all parameters, in the order of their memory.
    static List<Slot> of(Parameters values, Parameters gradients, Moments moments) {
        if (values.type() != DType.F32) {
            throw new IllegalArgumentException("Optimisers work on F32 parameters, not on " + values.type());
        }
        List<Slot> slots = new ArrayList<>();
        values.tensors()
                .forEach((name, tensor) -> slots.add(new Slot(
                        name,
                        tensor.shape(),
                        ParameterRole.of(name, tensor.shape()),
                        run(values, tensor, values),
                        run(values, tensor, gradients),
                        run(values, tensor, moments.first()),
                        run(values, tensor, moments.second()))));
        return List.copyOf(slots);
    }

    /// The part of `other` that lies where `tensor` lies in `values`.
    static MemorySegment run(Parameters values, Tensor tensor, Parameters other) {
        long offset = tensor.data().address() - values.memory().address();
        long bytes = Math.ceilDiv(tensor.data().byteSize(), ALIGNMENT_BYTES) * ALIGNMENT_BYTES;
        return other.memory().asSlice(offset, bytes);
    }

    /// The run as a tensor of the parameter's shape.
    Tensor tensor(MemorySegment run) {
        return Tensor.of(DType.F32, shape, run.asSlice(0, DType.F32.bytes(shape.elements())));
    }
}
