package dev.baleen.hub;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Optional;

/// When models were last used: one file for each, in the folder `baleen/last-use` below `XDG_DATA_HOME`, which holds
/// the model's path and whose time is the last use.
///
/// The times at which files were last read are no substitute: most systems keep them only by the day, or not at all,
/// and a backup reads files too.
public final class LastUse {
    private final Path folder;

    public LastUse(Path folder) {
        this.folder = folder;
    }

    /// A model is used now. Where the note cannot be written nothing happens: on a machine with a home that is
    /// read-only, models run all the same.
    public void note(Path model) {
        try {
            Files.createDirectories(folder);
            Path file = file(model);
            Files.writeString(file, model + "\n");
            Files.setLastModifiedTime(file, FileTime.from(Instant.now()));
        } catch (IOException e) {
            return; // Said above.
        }
    }

    public Optional<Instant> of(Path model) {
        Path file = file(model);
        try {
            return Files.exists(file)
                    ? Optional.of(Files.getLastModifiedTime(file).toInstant())
                    : Optional.empty();
        } catch (IOException e) {
            return Optional.empty();
        }
    }

    public void forget(Path model) throws IOException {
        Files.deleteIfExists(file(model));
    }

    /// Paths are longer than names of files may be, so the file is called by the path's hash.
    private Path file(Path model) {
        String path = model.toAbsolutePath().normalize().toString();
        return folder.resolve(
                Checksum.sha256(StandardCharsets.UTF_8.encode(path)).substring(0, 32));
    }
}
