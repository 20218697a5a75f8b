package dev.baleen.hub;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.LongConsumer;

/// Fetches one file in pieces over several connections, and hands over only what hashes right.
///
/// While workers fetch pieces, this thread reads them from the disk in their order and hashes the file. Each piece is
/// held against the hash that was taken while it arrived, so a piece that the disk lost, or that a power cut kept
/// from it, is fetched again by itself. After a cut, the journal says which pieces are here.
///
/// If the whole still does not hash to what the hub promised, bytes changed on their way, and as hubs publish no
/// hashes of pieces, the bad piece has to be found: pieces are read a second time and only compared. One that differs
/// is replaced, and the file hashed anew. Pieces whose transfer was interrupted come first. At most this reads all of
/// the file from the hub once more, half on average, and writes only what differed. A server that sends
/// `Content-Digest` lets a bad piece be noticed at once, without any of this.
final class FileDownload {
    static final int PIECE_BYTES = 16 << 20;

    /// A try that brings less counts as a failure, so that a server that cuts after every byte does not hold us
    /// forever.
    private static final int PROGRESS_BYTES_MIN = 64 << 10;
    private static final int DISK_TRIES = 3;

    private final RangeReader reader;
    private final Retries retries;
    private final PullListener listener;
    private final String name;
    private final long size;
    private final int connections;
    private final int pieceBytes;
    private final int pieces;
    private final PieceBoard board = new PieceBoard();
    private final Set<Integer> interrupted = ConcurrentHashMap.newKeySet();

    FileDownload(
            RangeReader reader, Retries retries, PullListener listener, String name, int connections, int pieceBytes) {
        this.reader = reader;
        this.retries = retries;
        this.listener = listener;
        this.name = name;
        this.size = reader.size();
        this.connections = connections;
        this.pieceBytes = pieceBytes;
        this.pieces = PieceJournal.pieces(size, pieceBytes);
    }

    /// An open file and what is known of it.
    private record Target(FileChannel channel, PieceJournal journal) {}

    /// Makes `file` whole.
    ///
    /// @param etag by which the journal knows the bytes
    /// @param checksum what they have to hash to, where the hub says it
    /// @throws HubException if they cannot be had, or do not hash right
    void run(Path file, Path journalFile, String etag, Optional<Checksum> checksum)
            throws IOException, InterruptedException {
        try (FileChannel channel = FileChannel.open(
                        file,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE,
                        StandardOpenOption.SPARSE);
                PieceJournal journal = PieceJournal.open(journalFile, etag, size, pieceBytes)) {
            Target target = new Target(channel, journal);
            channel.truncate(size);
            for (int piece = 0; piece < pieces; piece++) {
                if (journal.hash(piece).isPresent()) {
                    board.finish(piece);
                } else {
                    board.add(piece);
                }
            }
            boolean parts = pieces <= 1 || retries.run(reader::support) == RangeReader.Support.PARTS;
            boolean right = parts ? fetchParts(target, checksum) : fetchWhole(target, checksum);
            if (!right) {
                repair(target, checksum.orElseThrow(), parts);
            }
            channel.force(true);
        }
    }

    /// Returns whether the file hashes right.
    private boolean fetchParts(Target target, Optional<Checksum> checksum) throws InterruptedException {
        try (ExecutorService workers = workers()) {
            try {
                for (int i = 0; i < Math.min(connections, pieces); i++) {
                    workers.submit(() -> work(target));
                }
                return hash(target, checksum, true);
            } finally {
                board.end();
                workers.shutdownNow();
            }
        }
    }

    private void work(Target target) {
        try {
            for (int piece = board.take(); piece >= 0; piece = board.take()) {
                fetchInto(target, piece);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // Nobody waits for this worker any more.
        } catch (Throwable e) {
            board.fail(e);
        }
    }

    private void fetchInto(Target target, int piece) throws IOException, InterruptedException {
        String sha256 = fetch(piece, listener::advanced, (at, bytes, count) -> write(target, at, bytes, count));
        target.journal().finished(piece, sha256);
        board.finish(piece);
    }

    /// Reads a piece, going on after each cut where it stopped, and gives the SHA-256 of what came.
    ///
    /// @param progress is told of bytes that came, and of those that do not count after all
    private String fetch(int piece, LongConsumer progress, RangeReader.Sink sink) throws InterruptedException {
        long from = (long) piece * pieceBytes;
        long to = Math.min(size, from + pieceBytes);
        MessageDigest digest = Checksum.sha256();
        long[] at = {from};
        for (int failures = 0; ; ) {
            long before = at[0];
            try {
                reader.read(at[0], to, (place, bytes, count) -> {
                    digest.update(bytes, 0, count);
                    sink.take(place, bytes, count);
                    progress.accept(count);
                    at[0] = place + count;
                });
                return HexFormat.of().formatHex(digest.digest());
            } catch (Transient e) {
                if (at[0] > before || failures > 0) {
                    interrupted.add(piece);
                }
                failures = at[0] - before >= PROGRESS_BYTES_MIN ? 1 : failures + 1;
                // All came, and was wrong; or nothing does, as of a server that knows no parts: nobody asked whether
                // it does, since one piece is the whole file.
                if (at[0] == to || pieces == 1 && at[0] == before) {
                    progress.accept(from - at[0]);
                    at[0] = from;
                    digest.reset();
                }
                retries.waitAfter(e, failures);
            }
        }
    }

    /// For servers that send nothing but whole files: one connection, from the start after each cut.
    private boolean fetchWhole(Target target, Optional<Checksum> checksum) throws InterruptedException {
        listener.noted("The server of " + Names.printable(name) + " cannot send parts; fetching it in one go");
        for (int piece = 0; piece < pieces; piece++) {
            if (board.isFinished(piece) && !isOnDisk(target, piece, read(target, piece))) {
                forget(target, piece);
            }
        }
        retries.run(() -> {
            PieceFiller filler = new PieceFiller(target);
            reader.readAll(filler);
            return filler;
        });
        return hash(target, checksum, false);
    }

    /// Cuts a file that comes in one go into pieces; those that are here already pass by.
    private final class PieceFiller implements RangeReader.Sink {
        private final Target target;
        private MessageDigest digest = Checksum.sha256();

        PieceFiller(Target target) {
            this.target = target;
        }

        @Override
        public void take(long at, byte[] bytes, int count) {
            for (int done = 0; done < count; ) {
                int piece = (int) ((at + done) / pieceBytes);
                long end = Math.min(size, (long) (piece + 1) * pieceBytes);
                int part = (int) Math.min(count - done, end - (at + done));
                if (!board.isFinished(piece)) {
                    byte[] own = Arrays.copyOfRange(bytes, done, done + part);
                    digest.update(own);
                    write(target, at + done, own, part);
                    if (at + done + part == end) {
                        finish(piece, end);
                    }
                }
                done += part;
            }
        }

        private void finish(int piece, long end) {
            try {
                target.journal().finished(piece, HexFormat.of().formatHex(digest.digest()));
            } catch (IOException e) {
                throw cannotWrite(e);
            }
            board.finish(piece);
            listener.advanced(length(piece));
        }
    }

    /// Hashes the file in its order, waiting for pieces, and holds each against what arrived.
    ///
    /// @param mends whether there are workers, which fetch again what is not on the disk as it arrived
    private boolean hash(Target target, Optional<Checksum> checksum, boolean mends) throws InterruptedException {
        Optional<MessageDigest> whole = checksum.map(Checksum::start);
        for (int piece = 0; piece < pieces; piece++) {
            ByteBuffer bytes = readBack(target, piece, mends);
            whole.ifPresent(digest -> digest.update(bytes));
        }
        return checksum.isEmpty() || checksum.get().matches(whole.orElseThrow());
    }

    private ByteBuffer readBack(Target target, int piece, boolean mends) throws InterruptedException {
        for (int tries = 0; tries < (mends ? DISK_TRIES : 1); tries++) {
            board.await(piece);
            ByteBuffer bytes = read(target, piece);
            if (isOnDisk(target, piece, bytes)) {
                return bytes;
            }
            if (mends) {
                forget(target, piece);
            }
        }
        throw new HubException("The disk gives back other bytes of %s than were written to it; check the disk"
                .formatted(Names.printable(name)));
    }

    private static boolean isOnDisk(Target target, int piece, ByteBuffer bytes) {
        return Optional.of(Checksum.sha256(bytes.duplicate()))
                .equals(target.journal().hash(piece));
    }

    private void forget(Target target, int piece) {
        listener.noted("Piece %d of %s is not on the disk as it arrived; fetching it again"
                .formatted(piece, Names.printable(name)));
        listener.advanced(-length(piece));
        target.journal().forget(piece);
        board.add(piece);
    }

    private long length(int piece) {
        return Math.min(pieceBytes, size - (long) piece * pieceBytes);
    }

    /// Finds what changed on its way, by reading pieces a second time.
    private void repair(Target target, Checksum checksum, boolean parts) throws IOException, InterruptedException {
        if (!parts || pieces <= 1) {
            listener.noted(Names.printable(name) + " does not hash to what the hub promised; fetching it again");
            for (int piece = 0; piece < pieces; piece++) {
                listener.advanced(-length(piece));
                target.journal().forget(piece);
                board.add(piece);
            }
            boolean right = parts ? fetchAgain(target, checksum) : fetchWhole(target, Optional.of(checksum));
            if (right) {
                return;
            }
            throw wrong("twice");
        }
        listener.noted("%s does not hash to what the hub promised; reading its pieces a second time to find the bad one"
                .formatted(Names.printable(name)));
        int differing = 0;
        int checkedAt = 0;
        try (ExecutorService workers = workers()) {
            List<Integer> order = new ArrayList<>(interrupted.stream().sorted().toList());
            for (int piece = 0; piece < pieces; piece++) {
                if (!interrupted.contains(piece)) {
                    order.add(piece);
                }
            }
            for (int i = 0; i < order.size(); i += connections) {
                List<Integer> batch = order.subList(i, Math.min(order.size(), i + connections));
                differing += replaceDiffering(target, batch, workers);
                // Hashing reads the whole file: not after each of many, but after 1, 2, 4 and so on, and at the end.
                boolean last = i + connections >= order.size() && differing > checkedAt;
                if (last || differing >= Math.max(1, 2 * checkedAt)) {
                    checkedAt = differing;
                    if (hash(target, Optional.of(checksum), false)) {
                        listener.noted("%s is right now: %d of its %d pieces were bad"
                                .formatted(Names.printable(name), differing, pieces));
                        return;
                    }
                }
            }
        }
        throw wrong("although every piece was read twice and %d were replaced".formatted(differing));
    }

    private boolean fetchAgain(Target target, Checksum checksum) throws IOException, InterruptedException {
        for (int piece = 0; piece < pieces; piece++) {
            fetchInto(target, piece);
        }
        return hash(target, Optional.of(checksum), false);
    }

    /// A piece that was read a second time.
    private record SecondReading(int piece, String sha256, byte[] bytes) {}

    private int replaceDiffering(Target target, List<Integer> batch, ExecutorService workers)
            throws IOException, InterruptedException {
        List<Future<SecondReading>> readings =
                batch.stream().map(piece -> workers.submit(() -> again(piece))).toList();
        int differing = 0;
        for (Future<SecondReading> each : readings) {
            SecondReading reading = result(each);
            if (!target.journal().hash(reading.piece()).equals(Optional.of(reading.sha256()))) {
                write(target, (long) reading.piece() * pieceBytes, reading.bytes(), reading.bytes().length);
                target.journal().finished(reading.piece(), reading.sha256());
                differing++;
            }
        }
        return differing;
    }

    private SecondReading again(int piece) throws InterruptedException {
        long from = (long) piece * pieceBytes;
        byte[] bytes = new byte[(int) length(piece)];
        String sha256 = fetch(
                piece, count -> {}, (at, part, count) -> System.arraycopy(part, 0, bytes, (int) (at - from), count));
        return new SecondReading(piece, sha256, bytes);
    }

    private static SecondReading result(Future<SecondReading> reading) throws InterruptedException {
        try {
            return reading.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof RuntimeException known
                    ? known
                    : new HubException("The second reading failed: " + e.getCause(), e);
        }
    }

    private HubException wrong(String how) {
        return new HubException(
                "%s does not hash to what the hub promised, %s; the hub or a proxy on the way gives wrong bytes. %s"
                        .formatted(Names.printable(name), how, "Try again, or with another HF_ENDPOINT"));
    }

    private ByteBuffer read(Target target, int piece) {
        long from = (long) piece * pieceBytes;
        ByteBuffer bytes = ByteBuffer.allocate((int) length(piece));
        try {
            while (bytes.hasRemaining() && target.channel().read(bytes, from + bytes.position()) >= 0) {
                continue;
            }
        } catch (IOException e) {
            throw new HubException("%s cannot be read back: %s".formatted(Names.printable(name), e.getMessage()), e);
        }
        return bytes.flip();
    }

    private void write(Target target, long at, byte[] bytes, int count) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes, 0, count);
        try {
            for (long place = at; buffer.hasRemaining(); ) {
                place += target.channel().write(buffer, place);
            }
        } catch (IOException e) {
            throw cannotWrite(e);
        }
    }

    private HubException cannotWrite(IOException reason) {
        return new HubException(
                "%s cannot be written: %s; make room or mend it, and start again: what is here stays"
                        .formatted(Names.printable(name), reason.getMessage()),
                reason);
    }

    private static ExecutorService workers() {
        return Executors.newThreadPerTaskExecutor(
                Thread.ofPlatform().daemon().name("pull-", 0).factory());
    }
}
