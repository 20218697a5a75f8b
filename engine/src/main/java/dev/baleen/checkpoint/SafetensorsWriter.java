package dev.baleen.checkpoint;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.baleen.tensor.Tensor;
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

    static void write(Path path, Map<String, Tensor> tensors, Map<String, String> metadata) throws IOException {
        List<Map.Entry<String, Tensor>> ordered = new ArrayList<>(tensors.entrySet());
        ordered.sort(Comparator.<Map.Entry<String, Tensor>>comparingInt(
                        entry -> -entry.getValue().type().blockBytes())
                .thenComparing(Map.Entry::getKey));
        byte[] header = header(ordered, metadata);
        AtomicFile.write(path, channel -> {
            ByteBuffer length = ByteBuffer.allocate(Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
            AtomicFile.writeFully(channel, length.putLong(header.length).flip());
            AtomicFile.writeFully(channel, ByteBuffer.wrap(header));
            for (Map.Entry<String, Tensor> entry : ordered) {
                TensorBytes.write(channel, entry.getValue());
            }
        });
    }

    private static byte[] header(List<Map.Entry<String, Tensor>> tensors, Map<String, String> metadata)
            throws IOException {
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
            for (Map.Entry<String, Tensor> entry : tensors) {
                offset = writeEntry(json, entry.getKey(), entry.getValue(), offset);
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
    private static long writeEntry(JsonGenerator json, String name, Tensor tensor, long offset) throws IOException {
        String type = tensor.type().safetensorsName();
        if (type.isEmpty() || name.equals(SafetensorsHeader.METADATA_KEY)) {
            throw new IllegalArgumentException(
                    "Tensor \"%s\" of type %s cannot be written as safetensors; write GGUF or convert it to F32, F16 or BF16"
                            .formatted(name, tensor.type()));
        }
        long end = offset + tensor.data().byteSize();
        json.writeObjectFieldStart(name);
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
