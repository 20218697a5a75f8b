package dev.baleen.hub;

import static dev.baleen.hub.TestHub.contentRange;
import static dev.baleen.hub.TestHub.part;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Pulls from a hub that cuts, slows, corrupts and lies: what can be mended is, what cannot is refused, and nothing
/// wrong ever lies in the cache.
class HostileHubTest {
    private static final byte[] MODEL = PullTest.random(5_300);

    @TempDir
    private Path home;

    private final TestHub hub = new TestHub().with("model.gguf", MODEL);

    @AfterEach
    void stop() {
        hub.close();
    }

    @Test
    void aCutConnectionGoesOnWhereItStopped() {
        Set<Long> cut = ConcurrentHashMap.newKeySet();
        hub.store((request, content) -> {
            long length = request.to() - request.from();
            if (length <= 400 || !cut.add(request.from())) {
                return false;
            }
            byte[] some = Arrays.copyOf(part(request, content), (int) (length / 2));
            return request.send(length, some, contentRange(request, content));
        });
        Puller puller = new Puller(hub.settings(home));
        assertPulled(puller);
        assertTrue(hub.parts().stream().anyMatch(request -> request.from() % Puller.PIECE_BYTES == 500));
        assertEquals(5_300, puller.progress());
    }

    @Test
    void aPullThatFailedInTheMiddleIsFinishedWithTheMissingPiecesAlone() {
        AtomicInteger served = new AtomicInteger();
        hub.store((request, content) ->
                request.to() - request.from() > 1 && served.incrementAndGet() > 3 && request.refuse(503, "busy"));
        Puller first = new Puller(hub.settings(home));
        String told = first.refusal("org/name");
        assertTrue(told.contains("Start the same command again later"), told);
        assertFalse(Files.exists(blob()), "an unfinished file has a finished one's name");
        assertTrue(HubCache.of(hub.settings(home)).unfinishedBytes(TestHub.REPO) >= 3_000);

        hub.store(TestHub.Behaviour.HONEST).forgetRequests();
        Puller second = new Puller(hub.settings(home));
        assertPulled(second);
        long fetched = hub.parts().stream()
                .mapToLong(request -> request.to() - request.from())
                .filter(length -> length > 1)
                .sum();
        assertTrue(fetched <= 2_300, fetched + " bytes were fetched though 3,000 were here");
        assertEquals(5_300, second.progress());
    }

    @Test
    void aCutWithinALineOfTheJournalCostsThatPieceAlone() throws IOException {
        failAfterThreePieces();
        String text = Files.readString(journal());
        Files.writeString(journal(), text.substring(0, text.length() - 20));
        hub.forgetRequests();
        assertPulled(new Puller(hub.settings(home)));
        assertEquals(4, hub.parts().stream().filter(r -> r.to() - r.from() > 1).count());
    }

    @Test
    void aPieceThatTheDiskLostIsFetchedAgain() throws IOException {
        failAfterThreePieces();
        try (var file = Files.newByteChannel(incomplete(), StandardOpenOption.WRITE)) {
            file.position(firstFinished() * 1_000L + 10);
            file.write(ByteBuffer.wrap(new byte[50]));
        }
        Puller puller = new Puller(hub.settings(home));
        assertPulled(puller);
        assertTrue(
                puller.notes().toString().contains("not on the disk as it arrived"),
                puller.notes().toString());
        assertEquals(5_300, puller.progress());
    }

    @Test
    void aJournalOfOtherBytesOrOfNonsenseIsNotBelieved() throws IOException {
        for (String journal : List.of(
                "baleen-pieces 1 other 5300 1000\n0 " + "a".repeat(64) + "\n",
                "baleen-pieces 1 %s 5300 1000\n999999999 %s\n0 x\n".formatted(TestHub.etag(MODEL), "a".repeat(64)),
                "\0\0\0",
                "")) {
            Files.createDirectories(journal().getParent());
            Files.deleteIfExists(blob());
            Files.deleteIfExists(snapshotFile());
            Files.writeString(journal(), journal);
            assertPulled(new Puller(hub.settings(home)));
        }
    }

    @Test
    void onlyThePieceThatWasCorruptedIsReplaced() {
        AtomicInteger corrupted = new AtomicInteger();
        hub.store((request, content) -> request.from() == 2_000
                && corrupted.getAndIncrement() == 0
                && request.send(
                        request.to() - request.from(),
                        flipped(part(request, content)),
                        contentRange(request, content)));
        Puller puller = new Puller(hub.settings(home));
        assertPulled(puller);
        assertTrue(
                puller.notes().toString().contains("1 of its 6 pieces were bad"),
                puller.notes().toString());
        assertEquals(5_300, puller.progress());
    }

    @Test
    void severalCorruptedPiecesAreFoundToo() {
        Set<Long> corrupted = ConcurrentHashMap.newKeySet();
        hub.store((request, content) -> request.to() - request.from() > 1
                && request.from() != 1_000
                && corrupted.add(request.from())
                && request.send(
                        request.to() - request.from(),
                        flipped(part(request, content)),
                        contentRange(request, content)));
        Puller puller = new Puller(hub.settings(home)).withConnections(1);
        assertPulled(puller);
        assertTrue(
                puller.notes().toString().contains("5 of its 6 pieces were bad"),
                puller.notes().toString());
    }

    @Test
    void aPieceThatItsServersOwnDigestContradictsIsFetchedAgainAtOnce() {
        AtomicInteger corrupted = new AtomicInteger();
        hub.store((request, content) -> {
            byte[] right = part(request, content);
            byte[] digest = HexFormat.of().parseHex(TestHub.hash("SHA-256", right));
            request.exchange()
                    .getResponseHeaders()
                    .set("Content-Digest", "sha-256=:" + Base64.getEncoder().encodeToString(digest) + ":");
            return request.from() == 2_000
                    && corrupted.getAndIncrement() == 0
                    && request.send(right.length, flipped(right), contentRange(request, content));
        });
        Puller puller = new Puller(hub.settings(home));
        assertPulled(puller);
        assertEquals(2, hub.parts().stream().filter(r -> r.from() == 2_000).count());
        assertEquals(1, hub.parts().stream().filter(r -> r.from() == 3_000).count());
        assertEquals(5_300, puller.progress());
    }

    @Test
    void bytesThatStayWrongAreRefusedAndNothingIsKeptOfThem() {
        hub.store((request, content) -> request.to() - request.from() > 1
                && request.send(
                        request.to() - request.from(),
                        flipped(part(request, content)),
                        contentRange(request, content)));
        String told = new Puller(hub.settings(home)).refusal("org/name");
        assertTrue(told.contains("does not hash to what the hub promised"), told);
        assertNothingPulled();
    }

    @Test
    void aSmallFileIsHeldAgainstGitsIdAndFetchedAgainIfItIsWrong() throws IOException {
        AtomicInteger corrupted = new AtomicInteger();
        hub.with("config.json", "{}").with("model.safetensors", MODEL);
        hub.hub((request, content) -> request.isFor("config.json")
                && request.method().equals("GET")
                && corrupted.getAndIncrement() == 0
                && request.send(2, "[]".getBytes(StandardCharsets.UTF_8), "bytes 0-1/2"));
        Path folder = new Puller(hub.settings(home)).pull("org/name:safetensors");
        assertEquals("{}", Files.readString(folder.resolve("config.json")));
        assertEquals(2, corrupted.get());
    }

    @Test
    void aServerThatCannotSendPartsSendsTheWholeAlsoAfterACut() {
        AtomicInteger tries = new AtomicInteger();
        hub.store((request, content) -> {
            request.exchange().sendResponseHeaders(200, content.length);
            boolean cut = !request.ranged() && tries.incrementAndGet() == 1;
            request.exchange().getResponseBody().write(content, 0, cut ? 2_500 : content.length);
            return true;
        });
        Puller puller = new Puller(hub.settings(home));
        assertPulled(puller);
        assertEquals(2, tries.get());
        assertEquals(5_300, puller.progress());
    }

    @Test
    void aFileOfOnePieceComesWholeAfterACutToo() throws IOException {
        byte[] small = Arrays.copyOf(MODEL, 900);
        AtomicInteger tries = new AtomicInteger();
        hub.with("model.gguf", small).store((request, content) -> {
            request.exchange().sendResponseHeaders(200, content.length);
            request.exchange().getResponseBody().write(content, 0, tries.incrementAndGet() == 1 ? 500 : content.length);
            request.exchange().getResponseBody().flush();
            return true;
        });
        Puller puller = new Puller(hub.settings(home));
        assertArrayEquals(small, Files.readAllBytes(puller.pull("org/name")));
        assertEquals(900, puller.progress());
    }

    @Test
    void aHubThatAsksToWaitIsWaitedFor() {
        AtomicInteger asked = new AtomicInteger();
        hub.hub((request, content) -> request.isFor("/api/")
                && asked.getAndIncrement() == 0
                && request.refuse(429, "slow down", "Retry-After", "7"));
        AtomicInteger busy = new AtomicInteger();
        hub.store((request, content) -> request.from() == 4_000
                && busy.getAndIncrement() == 0
                && request.refuse(503, "busy", "RateLimit", "\"api\";r=0;t=9"));
        Puller puller = new Puller(hub.settings(home));
        assertPulled(puller);
        assertTrue(
                puller.pauses().containsAll(List.of(Duration.ofSeconds(7), Duration.ofSeconds(9))),
                puller.pauses().toString());
        assertTrue(
                puller.notes().toString().contains("trying again in 7 s"),
                puller.notes().toString());
    }

    @Test
    void aHubThatAsksForHoursIsNotWaitedFor() {
        hub.hub((request, content) -> request.refuse(429, "slow down", "Retry-After", "7200"));
        String told = new Puller(hub.settings(home)).refusal("org/name");
        assertTrue(told.contains("asks to wait 120 minutes"), told);
    }

    @Test
    void aHubThatStaysIllIsGivenUpWithLongerAndLongerPauses() {
        hub.hub((request, content) -> request.refuse(500, "<html>oh</html>"));
        Puller puller = new Puller(hub.settings(home));
        String told = puller.refusal("org/name");
        assertTrue(told.contains("status 500") && told.contains("try 6"), told);
        assertEquals(Retries.ATTEMPTS - 1, puller.pauses().size());
        assertTrue(puller.pauses().getLast().compareTo(puller.pauses().getFirst()) > 0);
    }

    @Test
    void aBodyThatStandsStillIsAskedForAgain() {
        CountDownLatch never = new CountDownLatch(1);
        hub.atClose(never::countDown);
        AtomicInteger stalled = new AtomicInteger();
        hub.store((request, content) -> {
            if (request.from() != 1_000 || stalled.getAndIncrement() > 0) {
                return false;
            }
            request.send(
                    request.to() - request.from(),
                    Arrays.copyOf(part(request, content), 300),
                    contentRange(request, content));
            never.await();
            return true;
        });
        Puller puller = new Puller(hub.settings(home)).withStallMax(Duration.ofMillis(400));
        assertPulled(puller);
        assertTrue(
                puller.notes().toString().contains("nothing came for"),
                puller.notes().toString());
    }

    @Test
    void anAddressThatExpiredIsAskedForAnew() {
        AtomicInteger refused = new AtomicInteger();
        hub.store((request, content) -> request.from() >= 3_000
                && refused.getAndIncrement() == 0
                && request.refuse(403, "Request has expired"));
        assertPulled(new Puller(hub.settings(home)));
        assertEquals(
                2,
                hub.requests().stream().filter(r -> r.method().equals("HEAD")).count());
    }

    @ParameterizedTest
    @ValueSource(strings = {"bytes 0-999/9999", "bytes 0-999/5301"})
    void aFileThatChangesItsSizeIsRefused(String range) {
        hub.store((request, content) -> request.to() - request.from() > 1
                && request.send(request.to() - request.from(), part(request, content), range));
        String told = new Puller(hub.settings(home)).refusal("org/name");
        assertTrue(told.contains("it changed while it was fetched"), told);
        assertNothingPulled();
    }

    @ParameterizedTest
    @ValueSource(strings = {"bytes 1-1000/5300", "bytes 0-5299/5300", "octets", "bytes -5-3/5300"})
    void anotherPartThanWasAskedForIsNotTaken(String range) {
        hub.store((request, content) -> request.to() - request.from() > 1
                && request.send(request.to() - request.from(), part(request, content), range));
        String told = new Puller(hub.settings(home)).refusal("org/name");
        assertTrue(told.contains("were asked for"), told);
        assertNothingPulled();
    }

    @Test
    void aBodyWithoutEndIsReadNoFurtherThanWasAsked() {
        hub.store((request, content) -> {
            if (request.to() - request.from() == 1) {
                return false;
            }
            request.exchange().getResponseHeaders().set("Content-Range", contentRange(request, content));
            request.exchange().sendResponseHeaders(206, 0); // In chunks, of which there is no last.
            request.exchange().getResponseBody().write(part(request, content));
            byte[] more = new byte[4_096];
            try {
                while (!Thread.currentThread().isInterrupted()) {
                    request.exchange().getResponseBody().write(more);
                }
            } catch (IOException e) {
                return true; // The reader has hung up.
            }
            return true;
        });
        assertPulled(new Puller(hub.settings(home)));
    }

    @Test
    void aListingWithoutEndIsRefused() {
        hub.hub((request, content) -> {
            request.exchange().sendResponseHeaders(200, 0);
            byte[] blanks = " ".repeat(1 << 16).getBytes(StandardCharsets.UTF_8);
            try {
                while (!Thread.currentThread().isInterrupted()) {
                    request.exchange().getResponseBody().write(blanks);
                }
            } catch (IOException e) {
                return true; // The reader has hung up.
            }
            return true;
        });
        String told = new Puller(hub.settings(home)).refusal("org/name");
        assertTrue(told.contains("that is no listing"), told);
    }

    @Test
    void aSizeThatListingAndServerDisagreeOnIsRefused() {
        hub.hub((request, content) -> request.method().equals("HEAD")
                && request.refuse(
                        302,
                        "",
                        "X-Linked-Size",
                        "5301",
                        "X-Linked-Etag",
                        TestHub.etag(MODEL),
                        "Location",
                        "http://127.0.0.1:9/elsewhere"));
        String told = new Puller(hub.settings(home)).refusal("org/name");
        assertTrue(told.contains("lists model.gguf with 5,300 bytes and serves it with 5,301"), told);
    }

    @ParameterizedTest
    @ValueSource(strings = {"../x", "a/b", "..", ".incomplete/../../x"})
    void anEtagThatWouldLeaveTheFolderIsRefused(String etag) {
        hub.hub((request, content) -> request.method().equals("HEAD")
                && request.refuse(200, "", "ETag", '"' + etag + '"', "Content-Length", "5300"));
        String told = new Puller(hub.settings(home)).refusal("org/name");
        assertTrue(told.contains("ETag"), told);
        assertNothingPulled();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "../../../evil-Q4_K_M.gguf",
                "/etc/evil-Q4_K_M.gguf",
                "a/../../../../evil-Q4_K_M.gguf",
                "a//evil-Q4_K_M.gguf",
                "C:\\evil-Q4_K_M.gguf",
                "a\u0000evil-Q4_K_M.gguf",
                "./evil-Q4_K_M.gguf"
            })
    void aNameThatWouldLeaveTheFolderIsRefused(String name) throws IOException {
        hub.with(name, PullTest.random(900));
        String told = new Puller(hub.settings(home)).refusal("org/name:Q4_K_M");
        assertTrue(told.contains("could leave the cache's folder"), told);
        try (Stream<Path> all = Files.walk(home)) {
            assertEquals(
                    List.of(), all.filter(p -> p.toString().contains("evil")).toList());
        }
    }

    @Test
    void aCommitThatIsNoneIsRefused() {
        hub.hub((request, content) ->
                request.isFor("/api/") && request.refuse(200, "{\"sha\": \"../../../etc\", \"siblings\": []}"));
        String told = new Puller(hub.settings(home)).refusal("org/name");
        assertTrue(told.contains("names '../../../etc' as the commit"), told);
    }

    @Test
    void whatIsNoHubIsRefused() {
        hub.hub((request, content) -> request.refuse(200, "<html>Welcome</html>"));
        String told = new Puller(hub.settings(home)).refusal("org/name");
        assertTrue(told.contains("no JSON") && told.contains("HF_ENDPOINT"), told);
        hub.hub((request, content) -> request.refuse(200, "[1, 2]"));
        assertTrue(new Puller(hub.settings(home)).refusal("org/name").contains("as the commit"));
    }

    @Test
    void aCircleOfRedirectsIsLeft() {
        hub.hub((request, content) -> request.refuse(302, "", "Location", "/api/models/org/name/revision/main"));
        String told = new Puller(hub.settings(home)).refusal("org/name");
        assertTrue(told.contains("redirects more than 8 times"), told);
    }

    @Test
    void aRedirectToWhatIsNotTheWebOrNoAddressIsRefused() {
        for (String location : List.of("file:///etc/passwd", "ftp://x/y", "http://", "ht tp://x")) {
            hub.hub((request, content) -> request.refuse(302, "", "Location", location));
            String told = new Puller(hub.settings(home)).refusal("org/name");
            assertTrue(told.contains("redirects to"), told);
        }
    }

    @Test
    void aRedirectFromAnEncryptedConnectionToAnOpenOneIsRefused() {
        URI secure = URI.create("https://hub.example/a/b?signature=x");
        assertEquals(URI.create("https://hub.example/c"), Web.redirect(secure, "/c"));
        assertEquals(URI.create("https://cdn.example/c"), Web.redirect(secure, "https://cdn.example/c"));
        String told = assertThrows(HubException.class, () -> Web.redirect(secure, "http://hub.example/a/b"))
                .getMessage();
        assertTrue(told.contains("from an encrypted connection to an open one"), told);
        assertFalse(told.contains("signature"), told);
        assertFalse(Web.isSameOrigin(secure, URI.create("https://hub.example:8443/")));
        assertTrue(Web.isSameOrigin(secure, URI.create("HTTPS://HUB.example:443/")));
    }

    @Test
    void aRenamedRepositoryIsFollowedWithinTheHub() throws IOException {
        hub.hub((request, content) -> request.isFor("/old/")
                && request.refuse(307, "", "Location", request.path().replace("/old/", "/org/")));
        Path path = new Puller(hub.settings(home)).pull("old/name");
        assertArrayEquals(MODEL, Files.readAllBytes(path));
    }

    @Test
    void aGatedOrUnknownModelIsRefusedWithWhatToDo() {
        hub.hub((request, content) -> request.refuse(403, "", "X-Error-Code", "GatedRepo"));
        String gated = new Puller(hub.settings(home)).refusal("org/name");
        assertTrue(gated.contains("gated") && gated.contains("HF_TOKEN") && gated.contains("/org/name"), gated);
        hub.hub((request, content) -> request.isFor("/revision/") && request.refuse(401, "Invalid credentials"));
        String unknown = new Puller(hub.settings(home, "HF_TOKEN", "hf_wrong")).refusal("org/nam");
        assertTrue(unknown.contains("the token that is set does not open it"), unknown);
        assertTrue(unknown.contains("Perhaps you mean org/name, org/other"), unknown);
        assertFalse(unknown.contains("hf_wrong"), unknown);
        hub.hub(TestHub.Behaviour.HONEST);
        assertTrue(new Puller(hub.settings(home)).refusal("org/deepseek-r1").contains("deepseek-r1:"));
    }

    @Test
    void aFileThatIsListedAndNotThereIsTold() {
        hub.hub((request, content) -> request.method().equals("HEAD") && request.refuse(404, "Entry not found"));
        String told = new Puller(hub.settings(home)).refusal("org/name");
        assertTrue(told.contains("lists model.gguf but does not have it"), told);
    }

    @Test
    void aTokenThatIsWithdrawnWhileAFileIsFetchedIsTold() {
        AtomicInteger asked = new AtomicInteger();
        hub.hub((request, content) ->
                request.method().equals("HEAD") && asked.getAndIncrement() > 0 && request.refuse(401, "Unauthorized"));
        hub.store((request, content) -> request.from() >= 3_000 && request.refuse(403, "Request has expired"));
        String told = new Puller(hub.settings(home)).refusal("org/name");
        assertTrue(told.startsWith("There is no org/name") && told.contains("set HF_TOKEN"), told);
    }

    private void failAfterThreePieces() {
        AtomicInteger served = new AtomicInteger();
        hub.store((request, content) ->
                request.to() - request.from() > 1 && served.incrementAndGet() > 3 && request.refuse(503, "busy"));
        new Puller(hub.settings(home)).withConnections(1).refusal("org/name");
        hub.store(TestHub.Behaviour.HONEST);
    }

    private int firstFinished() throws IOException {
        return Integer.parseInt(Files.readAllLines(journal()).get(1).split(" ")[0]);
    }

    private void assertPulled(Puller puller) {
        try {
            assertArrayEquals(MODEL, Files.readAllBytes(puller.pull("org/name")));
            try (Stream<Path> blobs = Files.list(blob().getParent())) {
                assertEquals(Set.of(blob()), blobs.collect(Collectors.toSet()), "something is left over");
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void assertNothingPulled() {
        assertFalse(Files.exists(blob()), "a file that is not right has a right one's name");
        assertFalse(Files.exists(snapshotFile()), "the snapshot has a file that is not right");
        assertFalse(Files.exists(repo().resolve("refs/main")), "the branch leads to what is not here");
    }

    private Path repo() {
        return home.resolve("hf/hub/models--org--name");
    }

    private Path blob() {
        return repo().resolve("blobs").resolve(TestHub.etag(MODEL));
    }

    private Path snapshotFile() {
        return repo().resolve("snapshots").resolve(TestHub.COMMIT).resolve("model.gguf");
    }

    private Path incomplete() {
        return blob().resolveSibling(blob().getFileName() + HubCache.INCOMPLETE);
    }

    private Path journal() {
        return blob().resolveSibling(blob().getFileName() + HubCache.PIECES);
    }

    private static byte[] flipped(byte[] bytes) {
        byte[] wrong = bytes.clone();
        wrong[wrong.length / 2] ^= 1;
        return wrong;
    }
}
