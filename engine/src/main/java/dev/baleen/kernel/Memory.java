package dev.baleen.kernel;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import dev.baleen.tensor.Tensor;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;

/// Native memory by plain addresses, for the innermost loops.
///
/// A tile of the matrix product walks eight rows at once; with a segment for each, bounds and liveness would be checked
/// at every step, because the compiler can hoist such checks for one running index and not for eight. So the loops read
/// one segment that spans the whole address space. What makes that safe is kept outside the loops: every kernel first
/// checks shapes against tensors, whose memory is exactly as large as their shape says; [#address] refuses tensors
/// whose arena is closed; and [#keep] at the end of a kernel keeps arenas that the garbage collector owns from going
/// early. Nobody may close an arena while a kernel works in it.
final class Memory {
    /// All of the address space: offsets are addresses.
    @SuppressWarnings("restricted")
    static final MemorySegment ALL = MemorySegment.NULL.reinterpret(Long.MAX_VALUE);

    private Memory() {}

    /// Where the tensor's bytes begin.
    ///
    /// @throws IllegalStateException if its arena is closed
    static long address(Tensor tensor) {
        return address(tensor.data());
    }

    static long address(MemorySegment segment) {
        if (!segment.scope().isAlive()) {
            throw new IllegalStateException("A tensor is used after its memory was closed; close arenas last");
        }
        return segment.address();
    }

    /// Keeps memory that the garbage collector owns alive until here.
    static void keep(Tensor... tensors) {
        for (Tensor tensor : tensors) {
            Reference.reachabilityFence(tensor.data());
        }
    }

    static float getFloat(long address) {
        return ALL.get(JAVA_FLOAT_UNALIGNED, address);
    }

    static void putFloat(long address, float value) {
        ALL.set(JAVA_FLOAT_UNALIGNED, address, value);
    }

    static short getShort(long address) {
        return ALL.get(JAVA_SHORT_UNALIGNED, address);
    }

    static int getInt(long address) {
        return ALL.get(JAVA_INT_UNALIGNED, address);
    }

    static long getLong(long address) {
        return ALL.get(JAVA_LONG_UNALIGNED, address);
    }

    static void copy(long source, long target, long bytes) {
        MemorySegment.copy(ALL, source, ALL, target, bytes);
    }

    /// Copies `count` singles from native memory.
    static void read(long source, float[] target, int at, int count) {
        MemorySegment.copy(ALL, JAVA_FLOAT_UNALIGNED, source, target, at, count);
    }

    /// Copies `count` singles to native memory.
    static void write(float[] source, int from, long target, int count) {
        MemorySegment.copy(source, from, ALL, JAVA_FLOAT_UNALIGNED, target, count);
    }

    static void zero(long target, long bytes) {
        ALL.asSlice(target, bytes).fill((byte) 0);
    }
}
