package dev.baleen.tensor;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.Optional;

/// Tells the system which mapped memory will be read: `madvise` of POSIX, on Linux. Advice changes no byte, so where
/// there is no such call, or it refuses, nothing is lost but time.
public final class MemoryAdvice {
    /// Linux reads no more at one piece of advice than one of its own read-aheads, 128 KiB by default; what is
    /// longer is cut off silently. Longer pieces were no faster where it allows them.
    private static final long CHUNK_BYTES = 128 << 10;

    private static final long PAGE_BYTES = 4096;
    private static final int MADV_WILLNEED = 3;
    private static final Optional<MethodHandle> MADVISE = find();

    private MemoryAdvice() {}

    public static boolean isPossible() {
        return MADVISE.isPresent();
    }

    /// All of it will be read soon: the disk begins with what is not there. Returns before it is read.
    public static void willNeed(MemorySegment memory) {
        long from = memory.address() & -PAGE_BYTES;
        long to = memory.address() + memory.byteSize();
        for (long at = from; at < to && isPossible(); at += CHUNK_BYTES) {
            if (!advise(at, Math.min(CHUNK_BYTES, to - at))) {
                return; // Such memory takes no advice, as where nothing is mapped.
            }
        }
    }

    private static boolean advise(long address, long bytes) {
        try {
            return (int) MADVISE.orElseThrow().invokeExact(address, bytes, MADV_WILLNEED) == 0;
        } catch (Throwable e) {
            throw new IllegalStateException("madvise failed", e);
        }
    }

    @SuppressWarnings("restricted")
    private static Optional<MethodHandle> find() {
        if (!System.getProperty("os.name").equals("Linux")) {
            return Optional.empty();
        }
        Linker linker = Linker.nativeLinker();
        FunctionDescriptor signature = FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT);
        return linker.defaultLookup().find("madvise").map(symbol -> linker.downcallHandle(symbol, signature));
    }
}
