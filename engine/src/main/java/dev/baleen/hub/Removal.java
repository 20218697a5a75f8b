package dev.baleen.hub;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/// What goes when a model is removed from the cache: its names in every snapshot, then the bytes that no other name
/// of any snapshot leads to, and of a repository that holds nothing more, the folder.
///
/// Links are removed as links; what they lead to is removed only where it lies in the cache. Newer versions of
/// Hugging Face's library make a blob a link, too, to a store that all repositories share (`blobs/XX/HASH` beside
/// them, with a list `HASH.refs`): the bytes there go with the last blob that leads to them.
public final class Removal {
    private final HubCache cache;
    private final RepoId repo;
    private final List<Path> pointers;
    private final List<Path> blobs;
    private final List<Path> shared;
    private final boolean everything;

    private Removal(
            HubCache cache, RepoId repo, List<Path> pointers, List<Path> blobs, List<Path> shared, boolean everything) {
        this.cache = cache;
        this.repo = repo;
        this.pointers = pointers;
        this.blobs = blobs;
        this.shared = shared;
        this.everything = everything;
    }

    /// Plans, and removes nothing yet.
    ///
    /// @param wanted without a choice, all of the repository
    /// @throws HubException if there is no such model here
    public static Removal plan(HubCache cache, ModelReference wanted) {
        RepoId repo = wanted.repo();
        if (!Files.isDirectory(cache.folder(repo))) {
            throw new HubException("%s is not on this machine; ./baleen models lists what is".formatted(wanted));
        }
        Set<Path> going = new HashSet<>();
        List<Path> all = new ArrayList<>();
        for (String commit : cache.commits(repo)) {
            List<RemoteFile> files = cache.files(repo, commit);
            files.forEach(file -> all.add(cache.pointer(repo, commit, file.path())));
            List<RemoteFile> meant =
                    wanted.choice().map(choice -> meant(files, choice)).orElse(files);
            meant.forEach(file -> going.add(cache.pointer(repo, commit, file.path())));
        }
        if (going.isEmpty() && wanted.choice().isPresent()) {
            throw new HubException("%s is not on this machine; ./baleen models lists what is".formatted(wanted));
        }
        boolean everything = going.containsAll(all);
        Set<Path> kept = new HashSet<>();
        all.stream().filter(pointer -> !going.contains(pointer)).forEach(pointer -> kept.add(target(pointer)));
        Path folder = cache.folder(repo).resolve("blobs");
        List<Path> blobs = everything
                ? HubCache.children(folder)
                : going.stream()
                        .map(Removal::target)
                        .distinct()
                        .filter(blob -> !kept.contains(blob) && blob.startsWith(folder))
                        .sorted()
                        .toList();
        return new Removal(cache, repo, going.stream().sorted().toList(), blobs, unshared(cache, blobs), everything);
    }

    /// What the blobs lead to in the shared store and no other blob does.
    private static List<Path> unshared(HubCache cache, List<Path> blobs) {
        Path store = cache.root().resolve("blobs");
        Set<Path> needed = new HashSet<>();
        for (Path repository : HubCache.children(cache.root())) {
            HubCache.children(repository.resolve("blobs")).stream()
                    .filter(blob -> !blobs.contains(blob))
                    .forEach(blob -> needed.add(target(blob)));
        }
        return blobs.stream()
                .map(Removal::target)
                .distinct()
                .filter(bytes -> bytes.startsWith(store) && !needed.contains(bytes))
                .toList();
    }

    /// The files as people know them, below the cache's folder.
    public List<Path> files() {
        return pointers.stream().map(cache.root()::relativize).toList();
    }

    /// Bytes that the disk gets back.
    public long bytes() {
        Stream<Path> files =
                everything ? tree(cache.folder(repo)).stream() : Stream.concat(blobs.stream(), pointers.stream());
        return Stream.concat(files, shared.stream()).mapToLong(Removal::size).sum();
    }

    /// Removes what was planned.
    public void run() throws IOException {
        for (Path bytes : shared) {
            Files.deleteIfExists(bytes);
            Files.deleteIfExists(bytes.resolveSibling(bytes.getFileName() + ".refs"));
        }
        if (everything) {
            delete(cache.folder(repo));
            delete(cache.root().resolve(".locks").resolve(repo.folderName()));
            return;
        }
        for (Path pointer : pointers) {
            Files.deleteIfExists(pointer);
            deleteEmpty(pointer.getParent());
        }
        for (Path blob : blobs) {
            Files.deleteIfExists(blob);
        }
    }

    private static List<RemoteFile> meant(List<RemoteFile> files, String choice) {
        List<FileChoice> fitting = FileChoice.meant(FileChoice.all(files), choice);
        if (fitting.size() > 1) {
            throw new HubException("':%s' fits %d models here; name one by its file, such as %s"
                    .formatted(
                            choice,
                            fitting.size(),
                            fitting.getFirst().files().getFirst().path()));
        }
        return fitting.stream().flatMap(each -> each.files().stream()).toList();
    }

    /// A folder that became empty, and those around it, up to the one of the snapshots.
    private void deleteEmpty(Path folder) throws IOException {
        Path snapshots = cache.folder(repo).resolve("snapshots");
        for (Path each = folder;
                !each.equals(snapshots) && HubCache.children(each).isEmpty();
                each = each.getParent()) {
            Files.deleteIfExists(each);
        }
    }

    private static void delete(Path folder) throws IOException {
        for (Path each : tree(folder).stream().sorted(Comparator.reverseOrder()).toList()) {
            Files.deleteIfExists(each);
        }
    }

    /// Everything below, and itself; links are not followed.
    private static List<Path> tree(Path folder) {
        if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
            return List.of();
        }
        try (Stream<Path> walk = Files.walk(folder)) {
            return walk.toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long size(Path file) {
        try {
            return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) ? Files.size(file) : 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /// Where a link leads, one step; a file leads to itself.
    private static Path target(Path path) {
        try {
            return Files.isSymbolicLink(path)
                    ? path.resolveSibling(Files.readSymbolicLink(path)).normalize()
                    : path;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
