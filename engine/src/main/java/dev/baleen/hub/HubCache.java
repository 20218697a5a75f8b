package dev.baleen.hub;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Hugging Face's cache on this disk, as their own library lays it out, so that programs share what one of them
/// fetched:
///
///     models--owner--name/
///         blobs/ETAG                                the bytes, once, by what the hub calls them
///         refs/main                                 the commit that a branch stood at
///         snapshots/COMMIT/path/in/repository       a relative link to ../../blobs/ETAG, or the bytes themselves where
///                                                   links are impossible
///
/// While a file is fetched, its bytes lie in `blobs/ETAG.baleen.incomplete` and the list of finished pieces in
/// `blobs/ETAG.baleen.pieces`. The names differ from those of Hugging Face's library on purpose: its older versions
/// take the length of `ETAG.incomplete` for what is there already, and here pieces arrive in any order.
public final class HubCache {
    static final String INCOMPLETE = ".baleen.incomplete";
    static final String PIECES = ".baleen.pieces";

    private static final String TAG = "CACHEDIR.TAG";
    private static final String TAG_TEXT = """
            Signature: 8a477f597d28d172789f06886806bc55
            # This file is a cache directory tag created by huggingface_hub.
            # For information about cache directory tags, see:
            #	https://bford.info/cachedir/
            """;

    private final Path root;
    private final boolean links;

    HubCache(Path root, boolean links) {
        this.root = root;
        this.links = links;
    }

    public static HubCache of(HubSettings settings) {
        return new HubCache(settings.cache(), settings.links());
    }

    public Path root() {
        return root;
    }

    Path folder(RepoId repo) {
        return root.resolve(repo.folderName());
    }

    Path blob(RepoId repo, String etag) {
        return folder(repo).resolve("blobs").resolve(etag);
    }

    Path snapshot(RepoId repo, String commit) {
        return folder(repo).resolve("snapshots").resolve(commit);
    }

    /// Where a file of a commit is or will be.
    ///
    /// @throws HubException if the path does not stay within the snapshot
    Path pointer(RepoId repo, String commit, String path) {
        if (!Names.isSafePath(path) || !Names.isSafeId(commit)) {
            throw new HubException("%s names the file '%s', which could leave the cache's folder; refused"
                    .formatted(repo, Names.printable(path)));
        }
        return snapshot(repo, commit).resolve(path);
    }

    Path lock(RepoId repo, String etag) {
        return root.resolve(".locks").resolve(repo.folderName()).resolve(etag + ".lock");
    }

    /// Creates the folders of a repository.
    void prepare(RepoId repo) throws IOException {
        Files.createDirectories(folder(repo).resolve("blobs"));
        Files.createDirectories(folder(repo).resolve("snapshots"));
        if (!Files.exists(root.resolve(TAG))) {
            Files.writeString(root.resolve(TAG), TAG_TEXT);
        }
    }

    /// Lets a snapshot have a blob that is here.
    ///
    /// @param fresh whether the blob was fetched just now, and may be moved into place where links are impossible
    void link(Path blob, Path pointer, boolean fresh) throws IOException {
        Files.createDirectories(pointer.getParent());
        Files.deleteIfExists(pointer);
        if (links) {
            try {
                Files.createSymbolicLink(pointer, pointer.getParent().relativize(blob));
                return;
            } catch (UnsupportedOperationException | FileSystemException e) {
                if (Files.exists(pointer)) {
                    return; // Another program linked it in between.
                }
                // A file system or a user without links: the bytes themselves go there.
            }
        }
        if (fresh) {
            Files.move(blob, pointer);
        } else {
            Files.copy(blob, pointer);
        }
    }

    /// Says which commit a branch or tag stands at. A revision that is the commit itself needs no saying.
    void writeRef(RepoId repo, String revision, String commit) throws IOException {
        if (revision.equals(commit)) {
            return;
        }
        Path ref = ref(repo, revision);
        Files.createDirectories(ref.getParent());
        Path fresh = ref.resolveSibling(ref.getFileName() + "." + Long.toHexString(System.nanoTime()) + ".tmp");
        try {
            Files.writeString(fresh, commit);
            Files.move(fresh, ref, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(fresh);
        }
    }

    /// The commit that a revision stood at when it was last fetched.
    Optional<String> readRef(RepoId repo, String revision) {
        Path ref = ref(repo, revision);
        try {
            if (!Files.isRegularFile(ref) || Files.size(ref) > 256) {
                return Optional.empty();
            }
            return Optional.of(Files.readString(ref).strip()).filter(Names::isSafeId);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Path ref(RepoId repo, String revision) {
        if (!Names.isSafePath(revision)) {
            throw new HubException(
                    "'%s' is no revision; name a branch, a tag or a commit".formatted(Names.printable(revision)));
        }
        return folder(repo).resolve("refs").resolve(revision);
    }

    /// The repositories that have a folder here, in the order of their names.
    List<RepoId> repositories() {
        List<RepoId> found = new ArrayList<>();
        for (Path folder : children(root)) {
            String name = folder.getFileName().toString();
            String[] parts = name.split("--", -1);
            if (parts.length == 3 && parts[0].equals("models")) {
                try {
                    found.add(new RepoId(parts[1], parts[2]));
                } catch (IllegalArgumentException e) {
                    continue; // Some other program's folder.
                }
            }
        }
        return found;
    }

    /// The commits of a repository that have a snapshot: first the one that `main` stood at, then the newest first.
    List<String> commits(RepoId repo) {
        Optional<String> main = readRef(repo, Hub.MAIN);
        Comparator<Path> byRef = Comparator.comparing(
                snapshot -> !main.equals(Optional.of(snapshot.getFileName().toString())));
        return children(folder(repo).resolve("snapshots")).stream()
                .filter(Files::isDirectory)
                .sorted(byRef.thenComparing(HubCache::modified, Comparator.reverseOrder()))
                .map(snapshot -> snapshot.getFileName().toString())
                .toList();
    }

    /// The files of a snapshot whose bytes are here, by their paths in the repository.
    List<RemoteFile> files(RepoId repo, String commit) {
        Path snapshot = snapshot(repo, commit);
        if (!Files.isDirectory(snapshot)) {
            return List.of();
        }
        try (Stream<Path> tree = Files.walk(snapshot)) {
            List<RemoteFile> files = new ArrayList<>();
            for (Path file : tree.filter(Files::isRegularFile).sorted().toList()) {
                String path = snapshot.relativize(file).toString().replace('\\', '/');
                files.add(RemoteFile.local(path, Files.size(file)));
            }
            return files;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Bytes of files that a pull has begun and not finished.
    long unfinishedBytes(RepoId repo) {
        long bytes = 0;
        for (Path blob : children(folder(repo).resolve("blobs"))) {
            if (blob.getFileName().toString().endsWith(PIECES)) {
                bytes += PieceJournal.finishedBytes(blob);
            }
        }
        return bytes;
    }

    /// What lies in a folder, in the order of names; nothing where there is no such folder.
    static List<Path> children(Path folder) {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> list = Files.list(folder)) {
            return list.sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long modified(Path path) {
        try {
            return Files.getLastModifiedTime(path, LinkOption.NOFOLLOW_LINKS).toMillis();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
