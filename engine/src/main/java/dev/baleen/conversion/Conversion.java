package dev.baleen.conversion;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.baleen.checkpoint.Checkpoint;
import dev.baleen.checkpoint.Gguf;
import dev.baleen.checkpoint.HuggingFaceFolder;
import dev.baleen.checkpoint.Safetensors;
import dev.baleen.checkpoint.TensorSource;
import dev.baleen.dtype.DType;
import dev.baleen.tensor.ByteCount;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/// One model that is to be converted: its settings and weights were looked at and found fit, nothing is written yet.
///
/// The checkpoint has to stay open until [#write] is done.
public final class Conversion {
    private final Path target;
    private final long bytes;
    private final Writing writing;

    private interface Writing {
        void run(Path unfinished, Progress progress) throws IOException;
    }

    /// Told about after each piece that was written.
    public interface Progress {
        void advance(long bytes, String tensor) throws IOException;
    }

    private Conversion(Path target, List<TensorSource> tensors, Writing writing) {
        this.target = target;
        this.bytes = tensors.stream().mapToLong(TensorSource::bytes).sum();
        this.writing = writing;
    }

    /// A folder becomes a GGUF file, a GGUF file a folder.
    ///
    /// @throws dev.baleen.checkpoint.CheckpointException if the model cannot be converted; all reasons are told
    /// together
    public static Conversion of(Checkpoint source, Path target, ConversionOptions options) throws IOException {
        return switch (source) {
            case HuggingFaceFolder folder -> toGguf(folder, target, options);
            case Gguf gguf -> toFolder(gguf, target, options);
            case Safetensors file ->
                throw new IllegalArgumentException(
                        file.path() + " holds weights only; name the folder that has config.json too");
        };
    }

    private static Conversion toGguf(HuggingFaceFolder folder, Path target, ConversionOptions options)
            throws IOException {
        GgufModel model = GgufModel.of(folder, options);
        return new Conversion(
                target,
                model.tensors(),
                (unfinished, progress) -> Gguf.write(unfinished, model.metadata(), watched(model.tensors(), progress)));
    }

    private static Conversion toFolder(Gguf gguf, Path target, ConversionOptions options) {
        Family family = Family.of(gguf);
        DType most = HuggingFaceTensors.most(gguf, options);
        ObjectNode config = HuggingFaceConfig.of(gguf, family, most);
        if (!options.predictionLayers()) {
            config.put("num_nextn_predict_layers", 0);
        }
        List<TensorSource> tensors = HuggingFaceTensors.of(gguf, family, options);
        return new Conversion(target, tensors, (unfinished, progress) -> {
            // Of a tokenizer that cannot be read one hears before the weights, which may take an hour, are written.
            Vocabularies.toHuggingFace(gguf, unfinished);
            HuggingFaceFolder.write(unfinished, config, watched(tensors, progress), options.shardBytes());
        });
    }

    private static List<TensorSource> watched(List<TensorSource> tensors, Progress progress) {
        return tensors.stream()
                .map(tensor -> new TensorSource(
                        tensor.name(),
                        tensor.type(),
                        tensor.shape(),
                        sink -> tensor.content().writeTo((MemorySegment piece) -> {
                            sink.write(piece);
                            progress.advance(piece.byteSize(), tensor.name());
                        })))
                .toList();
    }

    /// Bytes of the weights that are going to be written.
    public long bytes() {
        return bytes;
    }

    /// Writes the model. It appears under its name when it is complete; if that fails, nothing is left.
    ///
    /// @throws FileAlreadyExistsException if there is something under that name
    public void write(Progress progress) throws IOException {
        Path whole = target.toAbsolutePath().normalize();
        if (Files.exists(whole)) {
            throw new FileAlreadyExistsException(
                    target.toString(), null, "is there already; name another place, or delete it first");
        }
        Files.createDirectories(whole.getParent());
        long free = Files.getFileStore(whole.getParent()).getUsableSpace();
        if (free < bytes) {
            throw new IOException(
                    "%s of weights do not fit into the %s that are free in %s; make room, or name another place"
                            .formatted(ByteCount.text(bytes), ByteCount.text(free), whole.getParent()));
        }
        Path unfinished = whole.resolveSibling("." + whole.getFileName() + ".unfinished");
        delete(unfinished);
        try {
            writing.run(unfinished, progress);
            Files.move(unfinished, whole, StandardCopyOption.ATOMIC_MOVE);
        } finally {
            delete(unfinished);
        }
    }

    private static void delete(Path path) throws IOException {
        if (!Files.exists(path)) {
            return;
        }
        List<Path> all;
        try (Stream<Path> walk = Files.walk(path)) {
            all = walk.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path each : all) {
            Files.delete(each);
        }
    }
}
