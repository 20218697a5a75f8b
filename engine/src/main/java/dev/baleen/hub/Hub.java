package dev.baleen.hub;

import dev.baleen.tensor.ByteCount;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// A hub, from which models are pulled into this machine's cache.
///
/// A pull asks what the repository holds, decides which files make the model, looks whether they fit on the disk,
/// fetches those that are not here, and says in the cache which commit they are of. Started again after a cut at any
/// moment, it goes on where it stopped. Used by one thread.
public final class Hub implements AutoCloseable {
    /// Connections for each file, where nobody asks for another number.
    public static final int CONNECTIONS = 4;

    /// What branch is meant where none is named.
    public static final String MAIN = "main";

    private static final Duration STALL_MAX = Duration.ofSeconds(45);
    /// What is left free on the disk.
    private static final long SPARE_BYTES = 64 << 20;

    private final HubSettings settings;
    private final HubCache cache;
    private final Web web;
    private final Tuning tuning;

    /// What tests set otherwise.
    ///
    /// @param freeBytes of the disk that a folder is on
    record Tuning(int pieceBytes, Duration stallMax, Retries.Pause pause, FreeBytes freeBytes) {
        static final Tuning USUAL = new Tuning(
                FileDownload.PIECE_BYTES,
                STALL_MAX,
                Retries.Pause.SLEEPING,
                folder -> Files.getFileStore(folder).getUsableSpace());
    }

    /// How much there is room for.
    @FunctionalInterface
    interface FreeBytes {
        long of(Path folder) throws IOException;
    }

    /// A file to have, and where it shall be.
    private record Wanted(RemoteFile file, Path pointer) {}

    /// @throws HubException if the settings make no sense
    public static Hub open(HubSettings settings) {
        return new Hub(settings, Tuning.USUAL);
    }

    Hub(HubSettings settings, Tuning tuning) {
        this.settings = settings;
        this.cache = HubCache.of(settings);
        this.web = new Web(settings, tuning.stallMax());
        this.tuning = tuning;
    }

    /// Fetches what is not here yet of a model and gives its path: the folder of a model of many files, or the file
    /// of a GGUF model, the first of its parts where it has several.
    ///
    /// @param revision a branch, a tag or a commit
    /// @param connections how many at once for each file
    /// @throws HubException if the model cannot be had
    public Path pull(ModelReference model, String revision, int connections, PullListener listener)
            throws IOException, InterruptedException {
        if (settings.offline()) {
            return offline(model);
        }
        Retries retries = new Retries(tuning.pause(), listener::noted);
        HubApi api = new HubApi(settings, web, retries);
        RepoId repo = model.repo();
        Listing listing = list(api, repo, revision);
        FileChoice choice = FileChoice.of(listing.files(), model.choice(), repo.toString());
        List<Wanted> wanted = new ArrayList<>();
        for (RemoteFile file : choice.files()) {
            wanted.add(new Wanted(file, cache.pointer(repo, listing.commit(), file.path())));
        }
        // The smallest come first: where weights are here, what goes with them is too.
        List<Wanted> missing = wanted.stream()
                .filter(each -> !isHere(each))
                .sorted(Comparator.comparingLong(each -> each.file().size().orElse(0)))
                .toList();
        cache.prepare(repo);
        long here = choice.bytes()
                - missing.stream()
                        .mapToLong(each -> each.file().size().orElse(0))
                        .sum();
        long begun = missing.stream()
                .mapToLong(each -> begunBytes(repo, each.file()))
                .sum();
        requireRoom(choice.bytes() - here - begun);
        listener.planned(model, wanted.size(), choice.bytes(), here + begun);
        for (Wanted each : missing) {
            fetch(api, retries, repo, listing.commit(), each, connections, listener);
        }
        cache.writeRef(repo, revision, listing.commit());
        return choice.isGguf() ? wanted.getFirst().pointer() : cache.snapshot(repo, listing.commit());
    }

    @Override
    public void close() {
        web.close();
    }

    private Path offline(ModelReference model) {
        return LocalModels.find(cache, model)
                .map(LocalModel::path)
                .orElseThrow(() -> new HubException(
                        "%s is not here, and HF_HUB_OFFLINE says not to ask a hub; unset it to fetch the model"
                                .formatted(model)));
    }

    /// Names near ones where the repository is none.
    private Listing list(HubApi api, RepoId repo, String revision) throws InterruptedException {
        try {
            return api.list(repo, revision);
        } catch (HubErrors.NoSuchRepository e) {
            List<String> near = Stream.concat(ShortNames.near(repo.name()).stream(), api.search(repo.name()).stream())
                    .filter(name -> !name.equals(repo.toString()))
                    .distinct()
                    .toList();
            String perhaps = near.isEmpty()
                    ? ""
                    : ". Perhaps you mean " + near.stream().limit(6).collect(Collectors.joining(", "));
            throw new HubException(e.getMessage() + perhaps, e);
        }
    }

    private static boolean isHere(Wanted wanted) {
        try {
            return Files.isRegularFile(wanted.pointer())
                    && wanted.file().size().orElse(-1) == Files.size(wanted.pointer());
        } catch (IOException e) {
            return false; // What cannot be looked at is fetched, which says why it fails.
        }
    }

    /// Bytes of a file that an earlier pull brought, or another program for another commit.
    private long begunBytes(RepoId repo, RemoteFile file) {
        Optional<Path> blob = file.sha256().or(file::blobId).map(etag -> cache.blob(repo, etag));
        if (blob.isEmpty()) {
            return 0;
        }
        return Files.isRegularFile(blob.get())
                ? file.size().orElse(0)
                : PieceJournal.finishedBytes(beside(blob.get(), HubCache.PIECES));
    }

    private void requireRoom(long bytes) throws IOException {
        long free = tuning.freeBytes().of(cache.root());
        if (bytes > 0 && bytes + SPARE_BYTES > free) {
            throw new HubException(
                    "%s more are needed, but %s has %s free; make room for %s, or set HF_HUB_CACHE to a larger disk"
                            .formatted(
                                    ByteCount.text(bytes),
                                    cache.root(),
                                    ByteCount.text(free),
                                    ByteCount.text(bytes + SPARE_BYTES - free)));
        }
    }

    private void fetch(
            HubApi api,
            Retries retries,
            RepoId repo,
            String commit,
            Wanted wanted,
            int connections,
            PullListener listener)
            throws IOException, InterruptedException {
        RemoteFile file = wanted.file();
        FileSource source = api.source(repo, commit, file);
        Path blob = cache.blob(repo, source.etag());
        if (Files.isRegularFile(blob) && Files.size(blob) == source.size()) {
            cache.link(blob, wanted.pointer(), false);
            return;
        }
        if (file.size().isEmpty()) {
            requireRoom(source.size() - PieceJournal.finishedBytes(beside(blob, HubCache.PIECES)));
        }
        Path lockFile = cache.lock(repo, source.etag());
        Files.createDirectories(lockFile.getParent());
        try (FileChannel channel = FileChannel.open(lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock _ = lock(channel, file)) {
            Optional<Checksum> checksum = Checksum.of(file, source);
            if (checksum.isEmpty()) {
                listener.noted(
                        "The hub names no hash of " + Names.printable(file.path()) + ": its length alone is checked");
            }
            RangeReader reader = new RangeReader(web, source, () -> api.source(repo, commit, file), file.path());
            Path incomplete = beside(blob, HubCache.INCOMPLETE);
            Path journal = beside(blob, HubCache.PIECES);
            new FileDownload(reader, retries, listener, file.path(), connections, tuning.pieceBytes())
                    .run(incomplete, journal, source.etag(), checksum);
            Files.move(incomplete, blob, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            Files.deleteIfExists(journal);
            cache.link(blob, wanted.pointer(), true);
        }
    }

    private static FileLock lock(FileChannel channel, RemoteFile file) throws IOException {
        try {
            FileLock lock = channel.tryLock();
            if (lock != null) {
                return lock;
            }
        } catch (OverlappingFileLockException e) {
            throw beingFetched(file);
        }
        throw beingFetched(file);
    }

    private static HubException beingFetched(RemoteFile file) {
        return new HubException("%s is being fetched by another process; wait for it, or end it"
                .formatted(Names.printable(file.path())));
    }

    private static Path beside(Path blob, String ending) {
        return blob.resolveSibling(blob.getFileName() + ending);
    }
}
