package dev.baleen.checkpoint;

import dev.baleen.tensor.Tensor;
import java.io.IOException;
import java.nio.channels.FileChannel;

/// Writes a tensor's bytes as they lie in memory.
final class TensorBytes {
    /// A byte buffer holds less than 2 GiB.
    private static final long CHUNK_BYTES = 1 << 28;

    private TensorBytes() {}

    static void write(FileChannel channel, Tensor tensor) throws IOException {
        long size = tensor.data().byteSize();
        for (long offset = 0; offset < size; offset += CHUNK_BYTES) {
            long count = Math.min(CHUNK_BYTES, size - offset);
            AtomicFile.writeFully(channel, tensor.data().asSlice(offset, count).asByteBuffer());
        }
    }
}
