package dev.baleen.hub;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Which pieces of a file have arrived, and the SHA-256 of what arrived; it outlives a cut at any moment.
///
/// A line for each piece, appended when all its bytes are written: its number and its hash. A line that the cut tore
/// is no line, and its piece is fetched again. After a power cut a line may be on the disk and the bytes not: so
/// whoever goes on reads each listed piece and believes it only if it hashes to what the line says.
final class PieceJournal implements AutoCloseable {
    private static final Pattern HEADER = Pattern.compile("baleen-pieces 1 (\\S+) (\\d{1,18}) (\\d{1,10})");
    private static final Pattern LINE = Pattern.compile("(\\d{1,9}) ([0-9a-f]{64})");
    private static final int LINES_BYTES_MAX = 64 << 20;

    private final FileChannel channel;
    private final String[] hashes;

    private PieceJournal(FileChannel channel, String[] hashes) {
        this.channel = channel;
        this.hashes = hashes;
    }

    /// Opens the journal of a file, or begins it anew where there is none or one of other bytes.
    static PieceJournal open(Path path, String etag, long size, int pieceBytes) throws IOException {
        String header = "baleen-pieces 1 %s %d %d".formatted(etag, size, pieceBytes);
        List<String> lines = lines(path);
        String[] hashes = new String[pieces(size, pieceBytes)];
        Arrays.fill(hashes, "");
        FileChannel channel = FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        PieceJournal journal = new PieceJournal(channel, hashes);
        if (!lines.isEmpty() && lines.getFirst().equals(header)) {
            lines.stream().skip(1).forEach(line -> read(line, hashes));
            channel.position(channel.size());
            journal.append(""); // Ends a torn line, which is then none.
        } else {
            channel.truncate(0);
            journal.append(header);
        }
        return journal;
    }

    static int pieces(long size, int pieceBytes) {
        return Math.toIntExact(Math.ceilDiv(size, (long) pieceBytes));
    }

    /// Bytes of the pieces that a journal lists.
    static long finishedBytes(Path path) {
        List<String> lines = lines(path);
        Optional<Matcher> header =
                lines.stream().findFirst().map(HEADER::matcher).filter(Matcher::matches);
        if (header.isEmpty()) {
            return 0;
        }
        long size = Long.parseLong(header.get().group(2));
        long pieceBytes = Long.parseLong(header.get().group(3));
        return lines.stream()
                .skip(1)
                .map(LINE::matcher)
                .filter(Matcher::matches)
                .mapToLong(line -> Long.parseLong(line.group(1)))
                .distinct()
                .map(piece -> Math.clamp(size - piece * pieceBytes, 0, pieceBytes))
                .sum();
    }

    /// The hash of what arrived; empty where nothing has.
    synchronized Optional<String> hash(int piece) {
        return Optional.of(hashes[piece]).filter(hash -> !hash.isEmpty());
    }

    /// A piece has arrived, all its bytes written.
    synchronized void finished(int piece, String sha256) throws IOException {
        hashes[piece] = sha256;
        append(piece + " " + sha256);
    }

    /// A piece is not what it was said to be.
    synchronized void forget(int piece) {
        hashes[piece] = "";
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    private void append(String line) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.US_ASCII));
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    private static void read(String line, String[] hashes) {
        Matcher matcher = LINE.matcher(line);
        if (matcher.matches() && Integer.parseInt(matcher.group(1)) < hashes.length) {
            hashes[Integer.parseInt(matcher.group(1))] = matcher.group(2);
        }
    }

    /// Whole lines; what stands behind the last line's end is torn.
    private static List<String> lines(Path path) {
        try {
            if (!Files.isRegularFile(path) || Files.size(path) > LINES_BYTES_MAX) {
                return List.of();
            }
            String text = Files.readString(path, StandardCharsets.ISO_8859_1);
            return text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
