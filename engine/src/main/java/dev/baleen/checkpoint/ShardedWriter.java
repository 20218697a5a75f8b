package dev.baleen.checkpoint;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Writes the weights of a folder in Hugging Face layout: in one file, or in several with an index.
final class ShardedWriter {
    private static final Map<String, String> METADATA = Map.of("format", "pt");

    private ShardedWriter() {}

    /// @param shardBytesMax what the tensors of a file may take together; a larger one has a file of its own
    static void write(Path folder, List<TensorSource> tensors, long shardBytesMax) throws IOException {
        List<List<TensorSource>> shards = shards(tensors, shardBytesMax);
        if (shards.size() <= 1) {
            SafetensorsWriter.write(folder.resolve(HuggingFaceFolder.WEIGHTS), tensors, METADATA);
            return;
        }
        ObjectNode index = JsonNodeFactory.instance.objectNode();
        index.putObject("metadata")
                .put(
                        "total_size",
                        tensors.stream().mapToLong(TensorSource::bytes).sum());
        ObjectNode fileOf = index.putObject("weight_map");
        for (int i = 0; i < shards.size(); i++) {
            String name = "model-%05d-of-%05d.safetensors".formatted(i + 1, shards.size());
            SafetensorsWriter.write(folder.resolve(name), shards.get(i), METADATA);
            shards.get(i).forEach(tensor -> fileOf.put(tensor.name(), name));
        }
        HuggingFaceFolder.writeJson(folder.resolve(ShardIndex.FILE_NAME), index);
    }

    private static List<List<TensorSource>> shards(List<TensorSource> tensors, long shardBytesMax) {
        List<List<TensorSource>> shards = new ArrayList<>();
        long bytes = 0;
        for (TensorSource tensor : tensors) {
            if (shards.isEmpty() || bytes + tensor.bytes() > shardBytesMax) {
                shards.add(new ArrayList<>());
                bytes = 0;
            }
            shards.getLast().add(tensor);
            bytes += tensor.bytes();
        }
        return shards;
    }
}
