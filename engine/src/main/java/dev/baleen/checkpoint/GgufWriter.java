package dev.baleen.checkpoint;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.SequencedMap;
import java.util.Set;

/// Writes GGUF version 3.
final class GgufWriter {
    private GgufWriter() {}

    static void write(Path path, SequencedMap<String, GgufValue> metadata, List<TensorSource> tensors)
            throws IOException {
        int alignment = alignment(metadata);
        byte[] header = header(metadata, tensors, alignment);
        long data = tensors.stream()
                .mapToLong(tensor -> padded(tensor.bytes(), alignment))
                .sum();
        AtomicFile.requireRoom(path, header.length + data);
        AtomicFile.write(path, channel -> {
            AtomicFile.writeFully(channel, ByteBuffer.wrap(header));
            for (TensorSource tensor : tensors) {
                tensor.writeTo(bytes -> AtomicFile.writeFully(channel, bytes));
                pad(channel, alignment);
            }
        });
    }

    private static byte[] header(SequencedMap<String, GgufValue> metadata, List<TensorSource> tensors, int alignment) {
        GgufEncoder encoder = new GgufEncoder()
                .uint32(GgufHeader.MAGIC)
                .uint32(3)
                .uint64(tensors.size())
                .uint64(metadata.size());
        metadata.forEach(
                (key, value) -> encoder.text(key).uint32(value.type().id()).payload(value));
        long offset = 0;
        Set<String> names = new HashSet<>();
        for (TensorSource tensor : tensors) {
            if (!names.add(tensor.name())) {
                throw new IllegalArgumentException("Two tensors are called \"%s\"".formatted(tensor.name()));
            }
            int axes = tensor.shape().axes();
            encoder.text(tensor.name()).uint32(axes);
            for (int i = axes - 1; i >= 0; i--) {
                encoder.uint64(tensor.shape().axis(i));
            }
            encoder.uint32(GgufTensorTypes.id(tensor.type())).uint64(offset);
            offset += padded(tensor.bytes(), alignment);
        }
        return encoder.padTo(alignment).toBytes();
    }

    private static int alignment(SequencedMap<String, GgufValue> metadata) {
        GgufValue value = metadata.get(GgufHeader.ALIGNMENT_KEY);
        if (value == null) {
            return GgufHeader.ALIGNMENT_DEFAULT;
        }
        if (value instanceof GgufValue.Whole whole && whole.value() > 0 && Long.bitCount(whole.value()) == 1) {
            return Math.toIntExact(whole.value());
        }
        throw new IllegalArgumentException(
                "%s is %s; it has to be a power of two".formatted(GgufHeader.ALIGNMENT_KEY, value));
    }

    private static void pad(FileChannel channel, int alignment) throws IOException {
        long end = channel.position();
        AtomicFile.writeFully(channel, ByteBuffer.allocate((int) (padded(end, alignment) - end)));
    }

    private static long padded(long bytes, int alignment) {
        return Math.ceilDiv(bytes, (long) alignment) * alignment;
    }
}
