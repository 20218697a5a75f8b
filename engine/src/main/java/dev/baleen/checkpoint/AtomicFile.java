package dev.baleen.checkpoint;

import dev.baleen.tensor.ByteCount;
import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.stream.Stream;

/// Writes files that are there whole or not at all, even if the machine stops in the middle.
final class AtomicFile {
    private static final String SUFFIX = ".tmp";
    private static final long CHUNK_BYTES = 1 << 28;

    private AtomicFile() {}

    @FunctionalInterface
    interface Content {
        void writeTo(FileChannel channel) throws IOException;
    }

    /// Writes beside `path`, forces the bytes to the disk, then moves the file into place. What an earlier
    /// writer of the same file left unfinished is deleted; one that is still at it fails.
    static void write(Path path, Content content) throws IOException {
        Path folder = path.toAbsolutePath().getParent();
        Files.createDirectories(folder);
        String prefix = "." + path.getFileName() + "-";
        deleteUnfinished(folder, prefix);
        Path unfinished = folder.resolve(prefix + Long.toHexString(System.nanoTime()) + SUFFIX);
        Thread cleaner = new Thread(() -> deleteQuietly(unfinished), "delete-unfinished");
        Runtime.getRuntime().addShutdownHook(cleaner); // For Ctrl-C; a kill leaves the file to the next writer.
        try {
            try (FileChannel channel =
                    FileChannel.open(unfinished, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW)) {
                content.writeTo(channel);
                channel.force(true);
            }
            Files.move(unfinished, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(unfinished);
            forget(cleaner);
        }
        forceFolder(folder);
    }

    /// Refuses to begin what cannot end.
    ///
    /// @throws IOException if the folder's disk has no room for so many bytes
    static void requireRoom(Path path, long bytes) throws IOException {
        Path folder = path.toAbsolutePath().getParent();
        Files.createDirectories(folder);
        long free = Files.getFileStore(folder).getUsableSpace();
        if (free < bytes) {
            throw new IOException("%s takes %s, but %s are free in %s; make room, or name another place"
                    .formatted(path, ByteCount.text(bytes), ByteCount.text(free), folder));
        }
    }

    static void writeFully(FileChannel channel, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    /// A byte buffer holds less than 2 GiB.
    static void writeFully(FileChannel channel, MemorySegment bytes) throws IOException {
        for (long offset = 0; offset < bytes.byteSize(); offset += CHUNK_BYTES) {
            long count = Math.min(CHUNK_BYTES, bytes.byteSize() - offset);
            writeFully(channel, bytes.asSlice(offset, count).asByteBuffer());
        }
    }

    private static void deleteQuietly(Path file) {
        try {
            Files.deleteIfExists(file);
        } catch (IOException e) {
            // The program ends, and nobody is left to be told; the next writer deletes it.
        }
    }

    private static void forget(Thread cleaner) {
        try {
            Runtime.getRuntime().removeShutdownHook(cleaner);
        } catch (IllegalStateException e) {
            // The program ends already, and the cleaner runs.
        }
    }

    private static void deleteUnfinished(Path folder, String prefix) throws IOException {
        List<Path> left;
        try (Stream<Path> files = Files.list(folder)) {
            left = files.filter(file -> isUnfinished(file.getFileName().toString(), prefix))
                    .toList();
        }
        for (Path file : left) {
            Files.deleteIfExists(file);
        }
    }

    private static boolean isUnfinished(String name, String prefix) {
        return name.startsWith(prefix) && name.endsWith(SUFFIX);
    }

    /// Makes the new name itself last. Windows cannot open a folder and does not need it.
    private static void forceFolder(Path folder) throws IOException {
        if (System.getProperty("os.name").startsWith("Windows")) {
            return;
        }
        try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }
}
