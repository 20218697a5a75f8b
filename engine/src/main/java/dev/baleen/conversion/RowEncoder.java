package dev.baleen.conversion;

import dev.baleen.checkpoint.TensorSource;
import dev.baleen.dtype.BlockFormat;
import dev.baleen.dtype.DType;
import dev.baleen.kernel.ComputePool;
import dev.baleen.tensor.Shape;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.ConcurrentSkipListMap;

/// Takes the bytes of a tensor in pieces of any size and passes its rows on in another format, a slab at a time.
final class RowEncoder implements AutoCloseable {
    /// Numbers of a slab: enough to keep all threads busy, few enough to stay in the caches of a large processor.
    private static final int SLAB_NUMBERS = 1 << 22;

    private final TensorSource tensor;
    private final DType from;
    private final DType to;
    private final ColumnWeights weights;
    private final ComputePool pool;
    private final TensorSource.Sink sink;
    private final Arena arena = Arena.ofShared();
    private final int columns;
    private final int slabRows;
    private final long slabBytes;
    private final MemorySegment waiting;
    private final MemorySegment encoded;
    private final double[] rowErrors;
    private final double[] rowSquares;
    private long waitingBytes;
    private long row;
    private double squaredError;
    private double squares;

    RowEncoder(TensorSource tensor, DType to, ColumnWeights weights, ComputePool pool, TensorSource.Sink sink) {
        Shape shape = tensor.shape();
        this.tensor = tensor;
        this.from = tensor.type().type().orElseThrow();
        this.to = to;
        this.weights = weights;
        this.pool = pool;
        this.sink = sink;
        this.columns = shape.columns();
        this.slabRows = Math.clamp(SLAB_NUMBERS / Math.max(1, columns), 1, Math.max(1, shape.rows()));
        this.slabBytes = slabRows * from.bytes(columns);
        this.waiting = arena.allocate(slabBytes, 64);
        this.encoded = arena.allocate(slabRows * to.bytes(columns), 64);
        this.rowErrors = new double[slabRows];
        this.rowSquares = new double[slabRows];
    }

    /// Takes further bytes of the tensor.
    void write(MemorySegment bytes) throws IOException {
        long at = 0;
        while (at < bytes.byteSize()) {
            long left = bytes.byteSize() - at;
            if (waitingBytes == 0 && left >= slabBytes) {
                encode(bytes.asSlice(at, slabBytes), slabRows);
                at += slabBytes;
            } else {
                long count = Math.min(left, slabBytes - waitingBytes);
                MemorySegment.copy(bytes, at, waiting, waitingBytes, count);
                waitingBytes += count;
                at += count;
                if (waitingBytes == slabBytes) {
                    encodeWaiting();
                }
            }
        }
    }

    /// Encodes what is left, and tells what became of the tensor.
    QuantizedTensor finish() throws IOException {
        encodeWaiting();
        return new QuantizedTensor(
                tensor.name(),
                tensor.shape(),
                tensor.type().name(),
                to.name(),
                tensor.bytes(),
                to.bytes(tensor.shape().elements()),
                squaredError,
                squares);
    }

    @Override
    public void close() {
        arena.close();
    }

    private void encodeWaiting() throws IOException {
        int rows = Math.toIntExact(waitingBytes / from.bytes(columns));
        if (rows > 0) {
            encode(waiting, rows);
        }
        waitingBytes = 0;
    }

    private void encode(MemorySegment source, int rows) throws IOException {
        // A row that cannot be encoded must not end a thread of the pool, and of several the first is told.
        ConcurrentSkipListMap<Integer, IllegalArgumentException> refused = new ConcurrentSkipListMap<>();
        pool.run(rows, 1, (first, end) -> {
            float[] before = new float[columns];
            float[] after = new float[columns];
            for (int r = first; r < end; r++) {
                try {
                    encodeRow(source, r, before, after);
                } catch (IllegalArgumentException e) {
                    refused.put(r, e);
                    return;
                }
            }
        });
        if (!refused.isEmpty()) {
            throw new IllegalArgumentException("Tensor \"%s\", row %,d of shape %s, to %s: %s"
                    .formatted(
                            tensor.name(),
                            row + refused.firstKey(),
                            tensor.shape(),
                            to,
                            refused.firstEntry().getValue().getMessage()));
        }
        for (int r = 0; r < rows; r++) {
            squaredError += rowErrors[r];
            squares += rowSquares[r];
        }
        row += rows;
        sink.write(encoded.asSlice(0, rows * to.bytes(columns)));
    }

    private void encodeRow(MemorySegment source, int r, float[] before, float[] after) {
        from.format().decode(source, r * from.bytes(columns), before, 0, columns);
        BlockFormat format = to.format();
        long at = r * to.bytes(columns);
        if (weights.values().isPresent()) {
            format.encode(before, 0, columns, weights.values().get(), weights.start(row + r), encoded, at);
        } else {
            format.encode(before, 0, columns, encoded, at);
        }
        format.decode(encoded, at, after, 0, columns);
        double errors = 0;
        double sum = 0;
        for (int i = 0; i < columns; i++) {
            double error = (double) before[i] - after[i];
            errors += error * error;
            sum += (double) before[i] * before[i];
        }
        if (!Double.isFinite(errors)) {
            refuse(before, after);
        }
        rowErrors[r] = errors;
        rowSquares[r] = sum;
    }

    private void refuse(float[] before, float[] after) {
        for (int i = 0; i < columns; i++) {
            if (!Float.isFinite(before[i])) {
                throw new IllegalArgumentException("number %d is %s; the source is damaged".formatted(i, before[i]));
            }
            if (!Float.isFinite(after[i])) {
                throw new IllegalArgumentException(
                        "number %d is %s, too large for this format; take BF16 or F32".formatted(i, before[i]));
            }
        }
    }
}
