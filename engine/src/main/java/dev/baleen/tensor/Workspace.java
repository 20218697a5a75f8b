package dev.baleen.tensor;

import dev.baleen.dtype.DType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// Memory for the results of one step: tensors are laid one behind another, and all forgotten at once.
///
/// Nothing is zeroed: what [#allocate] gives holds whatever the last step left. Used by one thread.
public final class Workspace implements AutoCloseable {
    private static final long ALIGNMENT_BYTES = 64;

    private static final long IMAGINARY_BYTES = 1L << 60;

    private final Arena arena = Arena.ofShared();
    private final MemorySegment memory;
    private long used;
    private long usedMax;

    public Workspace(long bytes) {
        memory = arena.allocate(bytes, ALIGNMENT_BYTES);
    }

    private Workspace(MemorySegment memory) {
        this.memory = memory;
    }

    /// A workspace without memory: its tensors have shapes and places, and must never be touched. For measuring
    /// how much a step allocates.
    @SuppressWarnings("restricted") // The segment is never read or written.
    public static Workspace imaginary() {
        return new Workspace(MemorySegment.ofAddress(ALIGNMENT_BYTES).reinterpret(IMAGINARY_BYTES));
    }

    /// Uninitialised memory that is valid until the next [#reset].
    ///
    /// @throws IllegalStateException if the workspace is full
    public Tensor allocate(DType type, Shape shape) {
        long bytes = type.bytes(shape.elements());
        long end = used + bytes;
        if (end > memory.byteSize()) {
            throw new IllegalStateException(
                    "The workspace of %,d bytes is full: %s %s needs %,d more than the %,d left; give it more memory or compute fewer tokens a step"
                            .formatted(memory.byteSize(), type, shape, bytes, memory.byteSize() - used));
        }
        Tensor tensor = Tensor.of(type, shape, memory.asSlice(used, bytes));
        used = Math.ceilDiv(end, ALIGNMENT_BYTES) * ALIGNMENT_BYTES;
        usedMax = Math.max(usedMax, used);
        return tensor;
    }

    /// Forgets every tensor that was allocated.
    public void reset() {
        used = 0;
    }

    /// All of the memory; what is in use lies at its start.
    public MemorySegment memory() {
        return memory;
    }

    /// Bytes in use since the last reset.
    public long used() {
        return used;
    }

    /// The most bytes that were ever in use.
    public long usedMax() {
        return usedMax;
    }

    @Override
    public void close() {
        arena.close();
    }
}
