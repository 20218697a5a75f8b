package dev.baleen.training;

import dev.baleen.dtype.DType;
import dev.baleen.model.WeightSource;
import dev.baleen.tensor.Shape;
import dev.baleen.tensor.Tensor;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.SequencedMap;

/// Named tensors laid end to end in one memory: a model's weights, their gradients, or an optimiser's moments.
///
/// Each tensor begins at a multiple of 64 bytes; the gaps hold zeros. [#mirror] gives the same layout anew, so that
/// what belongs together lies at the same offset, and whole-model arithmetic is one loop over [#memory].
public final class Parameters implements WeightSource, AutoCloseable {
    private static final long ALIGNMENT_BYTES = 64;

    private final DType type;
    private final Arena arena;
    private final MemorySegment memory;
    private final SequencedMap<String, Tensor> tensors;

    private Parameters(DType type, SequencedMap<String, Shape> shapes) {
        if (type != DType.F32 && type != DType.F64) {
            throw new IllegalArgumentException("Parameters are trained in F32 or F64, not in " + type);
        }
        long bytes = 0;
        for (Shape shape : shapes.values()) {
            bytes += aligned(type.bytes(shape.elements()));
        }
        this.type = type;
        this.arena = Arena.ofShared();
        this.memory = arena.allocate(bytes, ALIGNMENT_BYTES);
        SequencedMap<String, Tensor> laid = new LinkedHashMap<>();
        long offset = 0;
        for (var entry : shapes.entrySet()) {
            long size = type.bytes(entry.getValue().elements());
            laid.put(entry.getKey(), Tensor.of(type, entry.getValue(), memory.asSlice(offset, size)));
            offset += aligned(size);
        }
        this.tensors = Collections.unmodifiableSequencedMap(laid);
    }

    /// Zeros of these shapes, in F32 or F64.
    public static Parameters allocate(DType type, SequencedMap<String, Shape> shapes) {
        return new Parameters(type, shapes);
    }

    /// A copy of `tensors`, decoded to F32 or F64.
    public static Parameters copyOf(DType type, SequencedMap<String, Tensor> tensors) {
        SequencedMap<String, Shape> shapes = new LinkedHashMap<>();
        tensors.forEach((name, tensor) -> shapes.put(name, tensor.shape()));
        Parameters copy = new Parameters(type, shapes);
        tensors.forEach((name, tensor) -> copyInto(tensor, copy.get(name)));
        return copy;
    }

    /// Zeros in the same layout.
    public Parameters mirror() {
        SequencedMap<String, Shape> shapes = new LinkedHashMap<>();
        tensors.forEach((name, tensor) -> shapes.put(name, tensor.shape()));
        return new Parameters(type, shapes);
    }

    public DType type() {
        return type;
    }

    /// Every tensor by its name, in the order of the memory.
    public SequencedMap<String, Tensor> tensors() {
        return tensors;
    }

    /// How many numbers all tensors hold.
    public long count() {
        return tensors.values().stream().mapToLong(Tensor::elements).sum();
    }

    /// All of the memory: the tensors and the gaps between them.
    public MemorySegment memory() {
        return memory;
    }

    @Override
    public boolean has(String name) {
        return tensors.containsKey(name);
    }

    /// The tensor of that name.
    public Tensor get(String name) {
        Tensor tensor = tensors.get(name);
        if (tensor == null) {
            throw new IllegalArgumentException("There is no parameter named %s among these %d: %s"
                    .formatted(name, tensors.size(), tensors.keySet()));
        }
        return tensor;
    }

    /// The tensor of that name, which must have this shape.
    @Override
    public Tensor get(String name, long... shape) {
        Tensor tensor = get(name);
        if (!tensor.shape().equals(Shape.of(shape))) {
            throw new IllegalArgumentException(
                    "Parameter %s has shape %s where %s is wanted".formatted(name, tensor.shape(), Shape.of(shape)));
        }
        return tensor;
    }

    /// Sets everything to zero.
    public void clear() {
        memory.fill((byte) 0);
    }

    @Override
    public void close() {
        arena.close();
    }

    private static void copyInto(Tensor source, Tensor target) {
        if (source.type() == target.type()) {
            target.data().copyFrom(source.data());
        } else if (source.type() == DType.F64) {
            for (long i = 0; i < source.elements(); i++) {
                target.set(i, source.get(i));
            }
        } else {
            target.setFloats(source.toFloats());
        }
    }

    private static long aligned(long bytes) {
        return Math.ceilDiv(bytes, ALIGNMENT_BYTES) * ALIGNMENT_BYTES;
    }
}
