package dev.baleen.hub;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Reads parts of one file from wherever the hub keeps it, and believes no header that does not fit.
///
/// An address elsewhere is valid for a while only: when it is refused, the hub is asked for another, which must be of
/// the same bytes.
final class RangeReader {
    private static final int BUFFER_BYTES = 128 << 10;
    private static final Pattern CONTENT_RANGE = Pattern.compile("bytes (\\d{1,18})-(\\d{1,18})/(\\d{1,18}|\\*)");
    private static final Pattern CONTENT_DIGEST = Pattern.compile("sha-256=:([A-Za-z0-9+/=]+):");

    private final Web web;
    private final Refresh refresh;
    private final String name;
    private volatile FileSource source;

    /// Asks the hub anew where the bytes are.
    @FunctionalInterface
    interface Refresh {
        FileSource source() throws InterruptedException;
    }

    /// Takes bytes as they come.
    @FunctionalInterface
    interface Sink {
        /// @param at their place in the file
        void take(long at, byte[] bytes, int count);
    }

    /// What a server does when it is asked for a part.
    enum Support {
        PARTS,
        WHOLE_FILE_ONLY
    }

    RangeReader(Web web, FileSource source, Refresh refresh, String name) {
        this.web = web;
        this.source = source;
        this.refresh = refresh;
        this.name = Names.printable(name);
    }

    long size() {
        return source.size();
    }

    /// Whether parts can be read, found by asking for the first byte.
    Support support() throws Transient, InterruptedException {
        try (Web.Answer answer = ask(0, 1)) {
            return answer.status() == 206 ? Support.PARTS : Support.WHOLE_FILE_ONLY;
        } catch (IOException e) {
            throw lost(e);
        }
    }

    /// Reads bytes `from` to `to` (exclusive) into the sink and returns when all are there.
    ///
    /// @throws Transient if the connection ended before, or what came is not what was asked for; what was taken by
    ///     then is good as far as it goes
    /// @throws HubException if the file is no longer the same
    void read(long from, long to, Sink sink) throws Transient, InterruptedException {
        boolean whole = from == 0 && to == size();
        try (Web.Answer answer = ask(from, to)) {
            if (answer.status() == 200 && !whole) {
                throw new Transient("%s sends all of %s where a part was asked for"
                        .formatted(answer.uri().getHost(), name));
            }
            Optional<MessageDigest> digest = answer.header("Content-Digest")
                    .filter(text -> CONTENT_DIGEST.matcher(text).find())
                    .map(text -> Checksum.sha256());
            copy(answer.body(), from, to, (at, bytes, count) -> {
                digest.ifPresent(d -> d.update(bytes, 0, count));
                sink.take(at, bytes, count);
            });
            if (digest.isPresent() && !matches(answer, digest.get())) {
                throw new Transient("Bytes %,d to %,d of %s are not those that %s vouches for"
                        .formatted(from, to, name, answer.uri().getHost()));
            }
        } catch (IOException e) {
            throw lost(e);
        }
    }

    /// Reads the whole file from its start, for servers that can do no other.
    void readAll(Sink sink) throws Transient, InterruptedException {
        try (Web.Answer answer = checked(web.send("GET", source.found(), Map.of()))) {
            copy(answer.body(), 0, size(), sink);
        } catch (IOException e) {
            throw lost(e);
        }
    }

    private Web.Answer ask(long from, long to) throws IOException, InterruptedException {
        Web.Answer answer =
                checked(web.send("GET", source.found(), Map.of("Range", "bytes=%d-%d".formatted(from, to - 1))));
        if (answer.status() == 206) {
            checkRange(answer, from, to);
        }
        return answer;
    }

    private Web.Answer checked(Web.Answer answer) throws IOException, InterruptedException {
        boolean good = answer.status() == 200 || answer.status() == 206;
        if (good
                && answer.header("Content-Encoding")
                        .filter(e -> !e.equals("identity"))
                        .isPresent()) {
            answer.close();
            throw new HubException("%s sends %s compressed, which nobody asked for"
                    .formatted(answer.uri().getHost(), name));
        }
        if (good) {
            Optional<String> length = answer.header("Content-Length").filter(text -> text.matches("\\d{1,18}"));
            if (answer.status() == 200 && length.isPresent() && Long.parseLong(length.get()) != size()) {
                answer.close();
                throw changed(Long.parseLong(length.get()));
            }
            return answer;
        }
        try (answer) {
            HubErrors.checkTransient(answer);
            if (answer.status() == 416) {
                throw new HubException(
                        "%s says that %s ends before byte %,d; it changed while it was fetched. Start again"
                                .formatted(answer.uri().getHost(), name, size()));
            }
            FileSource before = source;
            renew(before.found());
            throw new Transient(
                    "%s no longer gives %s (status %d)".formatted(answer.uri().getHost(), name, answer.status()));
        }
    }

    /// Gets another address of the same bytes, unless another thread already has.
    private synchronized void renew(URI refused) throws InterruptedException {
        if (!source.found().equals(refused)) {
            return;
        }
        FileSource fresh = refresh.source();
        if (!fresh.etag().equals(source.etag()) || fresh.size() != source.size()) {
            throw changed(fresh.size());
        }
        source = fresh;
    }

    private void checkRange(Web.Answer answer, long from, long to) throws IOException {
        Matcher range = CONTENT_RANGE.matcher(answer.header("Content-Range").orElse(""));
        if (range.matches() && !range.group(3).equals("*") && Long.parseLong(range.group(3)) != size()) {
            answer.close();
            throw changed(Long.parseLong(range.group(3)));
        }
        if (!range.matches() || Long.parseLong(range.group(1)) != from || Long.parseLong(range.group(2)) >= to) {
            answer.close();
            throw new Transient("%s sends '%s' where bytes %d to %d of %s were asked for"
                    .formatted(
                            answer.uri().getHost(),
                            Names.printable(answer.header("Content-Range").orElse("no Content-Range")),
                            from,
                            to - 1,
                            name));
        }
    }

    /// Passes on as many bytes as were asked for and not one more, however many come.
    private void copy(InputStream body, long from, long to, Sink sink) throws IOException {
        byte[] buffer = new byte[BUFFER_BYTES];
        for (long at = from; at < to; ) {
            int count = body.read(buffer, 0, (int) Math.min(buffer.length, to - at));
            if (count < 0) {
                throw new IOException("the connection ended %,d bytes early".formatted(to - at));
            }
            sink.take(at, buffer, count);
            at += count;
        }
    }

    private static boolean matches(Web.Answer answer, MessageDigest digest) {
        Matcher matcher = CONTENT_DIGEST.matcher(answer.header("Content-Digest").orElse(""));
        try {
            return !matcher.find() || Arrays.equals(Base64.getDecoder().decode(matcher.group(1)), digest.digest());
        } catch (IllegalArgumentException e) {
            return true; // No Base64: it says nothing.
        }
    }

    private HubException changed(long bytes) {
        return new HubException("%s has %,d bytes now and had %,d; it changed while it was fetched. Start again"
                .formatted(name, bytes, size()));
    }

    private Transient lost(IOException reason) {
        return Retries.lost("Lost " + name, reason);
    }
}
