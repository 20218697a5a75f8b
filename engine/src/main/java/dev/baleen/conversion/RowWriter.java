package dev.baleen.conversion;

import dev.baleen.checkpoint.TensorSource;
import dev.baleen.dtype.DType;
import dev.baleen.tensor.Shape;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Optional;

/// Writes rows in the type that a file is to have: their bytes as they are where the type is the same, so that nothing
/// is lost, not even the payload of a NaN; otherwise decoded and encoded again.
final class RowWriter {
    private static final int BUFFER_BYTES = 1 << 20;

    private RowWriter() {}

    static TensorSource source(String name, Rows rows, DType type, Shape shape) {
        if (shape.elements() != rows.count() * rows.columns()) {
            throw new IllegalArgumentException(
                    "%d rows of %d are no %s of shape %s".formatted(rows.count(), rows.columns(), name, shape));
        }
        return new TensorSource(name, type, shape, sink -> write(rows, type, sink));
    }

    private static void write(Rows rows, DType type, TensorSource.Sink sink) throws IOException {
        long rowBytes = type.bytes(rows.columns());
        if (rows.count() == 0 || rowBytes == 0) {
            return;
        }
        float[] decoded = new float[rows.columns()];
        long held = Math.clamp(BUFFER_BYTES / rowBytes, 1, rows.count());
        try (Arena arena = Arena.ofShared()) {
            MemorySegment buffer = arena.allocate(held * rowBytes, 64);
            long filled = 0;
            for (long row = 0; row < rows.count(); row++) {
                Optional<MemorySegment> stored = rows.type() == type ? rows.stored(row) : Optional.empty();
                if (stored.isPresent()) {
                    MemorySegment.copy(stored.get(), 0, buffer, filled, rowBytes);
                } else {
                    rows.decode(row, decoded);
                    type.format().encode(decoded, 0, decoded.length, buffer, filled);
                }
                filled += rowBytes;
                if (filled == buffer.byteSize() || row + 1 == rows.count()) {
                    sink.write(buffer.asSlice(0, filled));
                    filled = 0;
                }
            }
        }
    }
}
