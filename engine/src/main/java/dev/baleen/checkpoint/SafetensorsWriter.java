package dev.baleen.checkpoint;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Writes safetensors files.
final class SafetensorsWriter {
    private static final int HEADER_ALIGNMENT = 8;

    private SafetensorsWriter() {}

    /// Wide types come first, so that every tensor is aligned to its numbers; else the order is kept.
    static void write(Path path, List<TensorSource> tensors, Map<String, String> metadata) throws IOException {
        List<TensorSource> ordered = new ArrayList<>(tensors);
        ordered.sort(Comparator.comparingInt(tensor -> -tensor.type().blockBytes()));
        byte[] header = header(ordered, metadata);
        AtomicFile.write(path, channel -> {
            ByteBuffer length = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
            AtomicFile.writeFully(channel, length.putLong(header.length).flip());
            AtomicFile.writeFully(channel, ByteBuffer.wrap(header));
            for (TensorSource tensor : ordered) {
                tensor.writeTo(bytes -> AtomicFile.writeFully(channel, bytes));
            }
        });
    }

    private static byte[] header(List<TensorSource> tensors, Map<String, String> metadata) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator json = Json.FACTORY.createGenerator(bytes)) {
            json.writeStartObject();
            if (!metadata.isEmpty()) {
                json.writeObjectFieldStart(SafetensorsHeader.METADATA_KEY);
                for (Map.Entry<String, String> entry : new TreeMap<>(metadata).entrySet()) {
                    json.writeStringField(entry.getKey(), entry.getValue());
                }
                json.writeEndObject();
            }
            long offset = 0;
            for (TensorSource tensor : tensors) {
                offset = writeEntry(json, tensor, offset);
            }
            json.writeEndObject();
        }
        while (bytes.size() % HEADER_ALIGNMENT != 0) {
            bytes.write(' ');
        }
        if (bytes.size() > SafetensorsHeader.HEADER_BYTES_MAX) {
            throw new IllegalArgumentException("The header takes %,d bytes; the format allows %,d: write several files"
                    .formatted(bytes.size(), SafetensorsHeader.HEADER_BYTES_MAX));
        }
        return bytes.toByteArray();
    }

    /// Returns the offset behind the tensor.
    private static long writeEntry(JsonGenerator json, TensorSource tensor, long offset) throws IOException {
        String type = SafetensorsTypes.name(tensor.type()).orElse("");
        if (type.isEmpty() || tensor.name().equals(SafetensorsHeader.METADATA_KEY)) {
            throw new IllegalArgumentException(
                    "Tensor \"%s\" of type %s cannot be written as safetensors; write GGUF or convert it to F32, F16 or BF16"
                            .formatted(tensor.name(), tensor.type().name()));
        }
        long end = offset + tensor.bytes();
        json.writeObjectFieldStart(tensor.name());
        json.writeStringField("dtype", type);
        json.writeArrayFieldStart("shape");
        for (int i = 0; i < tensor.shape().axes(); i++) {
            json.writeNumber(tensor.shape().axis(i));
        }
        json.writeEndArray();
        json.writeArrayFieldStart("data_offsets");
        json.writeNumber(offset);
        json.writeNumber(end);
        json.writeEndArray();
        json.writeEndObject();
        return end;
    }
}
