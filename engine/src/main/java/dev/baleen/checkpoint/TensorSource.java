package dev.baleen.checkpoint;

import dev.baleen.dtype.DType;
import dev.baleen.tensor.Shape;
import dev.baleen.tensor.Tensor;
import java.io.IOException;
import java.lang.foreign.MemorySegment;

/// A tensor that is going to be written: what it is stands fixed from the start, as headers come first; its bytes are
/// made when their turn comes, so that no more than a piece of one tensor is in memory.
///
/// @param name in the file
/// @param content makes the bytes; run at most once
public record TensorSource(String name, StoredType type, Shape shape, Content content) {
    /// Makes the bytes of a tensor, piece by piece, in order.
    @FunctionalInterface
    public interface Content {
        void writeTo(Sink sink) throws IOException;
    }

    /// Takes bytes in order, from native memory that any thread may read or a byte array. What it was given may be
    /// written over afterwards.
    @FunctionalInterface
    public interface Sink {
        void write(MemorySegment bytes) throws IOException;
    }

    public TensorSource {
        if (shape.columns() % type.blockElements() != 0) {
            throw new IllegalArgumentException("Tensor \"%s\" of shape %s cannot be %s, whose blocks have %d numbers"
                    .formatted(name, shape, type.name(), type.blockElements()));
        }
    }

    public TensorSource(String name, DType type, Shape shape, Content content) {
        this(name, StoredType.of(type), shape, content);
    }

    /// The bytes of `tensor` as they are. Scales beside it are not among them.
    public static TensorSource of(String name, Tensor tensor) {
        return new TensorSource(name, tensor.type(), tensor.shape(), sink -> sink.write(tensor.data()));
    }

    public long bytes() {
        return Math.multiplyExact(shape.elements() / type.blockElements(), (long) type.blockBytes());
    }

    /// Has the content written to `sink`, and sees that it is as long as it has to be.
    void writeTo(Sink sink) throws IOException {
        long[] written = {0};
        content.writeTo(bytes -> {
            written[0] += bytes.byteSize();
            sink.write(bytes);
        });
        if (written[0] != bytes()) {
            throw new IllegalStateException(
                    "Tensor \"%s\" of %,d bytes was written with %,d: the file is left unfinished"
                            .formatted(name, bytes(), written[0]));
        }
    }
}
