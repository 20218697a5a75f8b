package dev.baleen.checkpoint;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

/// Decides what a path is. A new file format is one line here and one file that implements [Checkpoint].
final class Detection {
    private Detection() {}

    static Checkpoint open(Path path) {
        Problems problems = new Problems(path.toString());
        try {
            return Files.isDirectory(path) ? openFolder(path, problems) : openFile(path, problems);
        } catch (IOException e) {
            throw problems.fatal(path.toString(), "cannot be read: " + e.getMessage(), "check its permissions");
        }
    }

    private static Checkpoint openFolder(Path folder, Problems problems) throws IOException {
        List<Path> ggufs = files(folder, ".gguf");
        boolean published = Files.exists(folder.resolve(HuggingFaceFolder.CONFIG));
        if (published && (ggufs.isEmpty() || !files(folder, ".safetensors").isEmpty())) {
            return HuggingFaceFolder.open(folder);
        }
        if (ggufs.isEmpty()) {
            ggufs = oneFolderDown(folder);
        }
        if (ggufs.isEmpty()) {
            return HuggingFaceFolder.open(folder);
        }
        long models = ggufs.stream()
                .map(file -> GgufSplit.setOf(file.getFileName().toString()).orElse(file.toString()))
                .distinct()
                .count();
        if (models > 1) {
            throw problems.fatal(
                    folder.toString(),
                    "holds %d models in %d GGUF files, such as %s and %s"
                            .formatted(
                                    models,
                                    ggufs.size(),
                                    folder.relativize(ggufs.getFirst()),
                                    folder.relativize(ggufs.getLast())),
                    "give the path of one of them");
        }
        return Gguf.open(ggufs.getFirst());
    }

    /// Publishers put the parts of a large GGUF model in a folder of their own.
    private static List<Path> oneFolderDown(Path folder) throws IOException {
        List<Path> ggufs = new ArrayList<>();
        try (Stream<Path> below = Files.list(folder)) {
            for (Path each : below.filter(Files::isDirectory).sorted().toList()) {
                ggufs.addAll(files(each, ".gguf"));
            }
        }
        return ggufs;
    }

    private static List<Path> files(Path folder, String ending) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.getFileName().toString().endsWith(ending))
                    .sorted()
                    .toList();
        }
    }

    private static Checkpoint openFile(Path path, Problems problems) throws IOException {
        byte[] start = new byte[0];
        if (Files.isRegularFile(path)) {
            try (InputStream stream = Files.newInputStream(path)) {
                start = stream.readNBytes(Long.BYTES + 1);
            }
        }
        if (startsWith(start, "GGUF") || start.length == 0) {
            // A path that is absent or no file is refused there, with the reason.
            return Gguf.open(path);
        }
        if (start.length > Long.BYTES && start[Long.BYTES] == '{'
                || path.toString().endsWith(".safetensors")) {
            return Safetensors.open(path);
        }
        if (startsWith(start, "PK") || startsWith(start, "\u0080\u0002")) {
            throw problems.fatal(
                    path.toString(),
                    "is a PyTorch archive, which can run code when it is opened and is not read",
                    "take the model as safetensors or GGUF");
        }
        if (startsWith(start, "FUGG")) {
            throw problems.fatal(path.toString(), "is a big-endian GGUF file", "give the little-endian file");
        }
        throw problems.fatal(
                path.toString(),
                "is neither GGUF nor safetensors: it begins with 0x%016x"
                        .formatted(ByteBuffer.wrap(Arrays.copyOf(start, Long.BYTES))
                                .order(ByteOrder.BIG_ENDIAN)
                                .getLong()),
                start[0] == '{'
                        ? "give the folder, not a JSON file in it"
                        : "give a GGUF file, a safetensors file or a model folder");
    }

    private static boolean startsWith(byte[] bytes, String prefix) {
        byte[] wanted = prefix.getBytes(StandardCharsets.ISO_8859_1);
        return bytes.length >= wanted.length && Arrays.equals(bytes, 0, wanted.length, wanted, 0, wanted.length);
    }
}
