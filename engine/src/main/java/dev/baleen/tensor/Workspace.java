package dev.baleen.tensor;

import dev.baleen.dtype.DType;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// Memory for the results of one step: tensors are laid one behind another, and all forgotten at once, or back to a
/// mark.
///
/// Nothing is zeroed: what [#allocate] gives holds whatever the last step left. Used by one thread.
public final class Workspace implements AutoCloseable {
    private static final long ALIGNMENT_BYTES = 64;

    private static final long IMAGINARY_BYTES = 1L << 60;

    private final Arena arena = Arena.ofShared();
    private final MemorySegment memory;
    private final boolean imaginary;
    private long used;
    private long usedMax;

    public Workspace(long bytes) {
        memory = arena.allocate(bytes, ALIGNMENT_BYTES);
        imaginary = false;
    }

    private Workspace() {
        memory = imaginaryMemory();
        imaginary = true;
    }

    /// A workspace without memory: its tensors have shapes and places, and must never be touched. For measuring
    /// how much a step allocates.
    public static Workspace imaginary() {
        return new Workspace();
    }

    /// Uninitialised memory that is valid until the next [#reset], or until a [#release] to a mark that was set
    /// before.
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

    /// The place from which on [#release] forgets.
    public long mark() {
        return used;
    }

    /// Forgets what was allocated since `mark`, except `kept`: its bytes move down there if they lie above. Only
    /// the tensor that is returned may be used from then on.
    public Tensor release(long mark, Tensor kept) {
        long offset = kept.data().address() - memory.address();
        boolean forgotten = offset >= mark && offset < used;
        used = mark;
        if (!forgotten) {
            return kept;
        }
        Tensor moved = allocate(kept.type(), kept.shape());
        if (!imaginary) {
            MemorySegment.copy(kept.data(), 0, moved.data(), 0, kept.data().byteSize());
        }
        return moved;
    }

    /// All of the memory; what is in use lies at its start.
    public MemorySegment memory() {
        return memory;
    }

    /// Bytes in use.
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

    @SuppressWarnings("restricted") // The segment is never read or written.
    private static MemorySegment imaginaryMemory() {
        return MemorySegment.ofAddress(ALIGNMENT_BYTES).reinterpret(IMAGINARY_BYTES);
    }
}
