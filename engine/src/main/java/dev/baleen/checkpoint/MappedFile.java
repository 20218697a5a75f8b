package dev.baleen.checkpoint;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// A file's bytes, mapped read-only for as long as the arena lives.
record MappedFile(Path path, MemorySegment bytes) {
    /// @throws CheckpointException if the file is absent, empty, no regular file or cannot be read
    static MappedFile map(Path path, Arena arena, Problems problems) {
        String where = path.toString();
        if (!Files.exists(path)) {
            boolean dangling = Files.isSymbolicLink(path);
            throw problems.fatal(
                    where, dangling ? "a link to a file that is gone" : "there is no such file", "check the path");
        }
        if (!Files.isRegularFile(path)) {
            throw problems.fatal(where, "is not a file", "give a GGUF or safetensors file, or a model folder");
        }
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            long size = channel.size();
            if (size == 0) {
                throw problems.fatal(where, "is empty", "download it again");
            }
            return new MappedFile(path, channel.map(MapMode.READ_ONLY, 0, size, arena));
        } catch (IOException e) {
            throw problems.fatal(where, "cannot be read: " + e.getMessage(), "check its permissions and the disk");
        }
    }

    long size() {
        return bytes.byteSize();
    }

    /// What messages call the file.
    String name() {
        return path.getFileName() == null ? path.toString() : path.getFileName().toString();
    }

    String at(long offset) {
        return "%s, byte %,d".formatted(name(), offset);
    }

    String at(String tensor, long offset) {
        return "%s, tensor %s, byte %,d".formatted(name(), Problems.quote(tensor), offset);
    }
}
