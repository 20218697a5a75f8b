package dev.baleen.hub;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Pulls from a hub that behaves: what is asked, and what lies in the cache afterwards.
class PullTest {
    private static final byte[] MODEL = random(5_300);

    @TempDir
    private Path home;

    private final TestHub hub = new TestHub();

    @AfterEach
    void stop() {
        hub.close();
    }

    @Test
    void aModelLiesInTheCacheAsHuggingFacesLibraryLaysItOut() throws IOException {
        hub.with("sub/model-Q4_K_M.gguf", MODEL).with("README.md", "# A model");
        Puller puller = new Puller(hub.settings(home));
        Path path = puller.pull("org/name");
        Path repo = home.resolve("hf/hub/models--org--name");
        assertEquals(repo.resolve("snapshots/" + TestHub.COMMIT + "/sub/model-Q4_K_M.gguf"), path);
        assertArrayEquals(MODEL, Files.readAllBytes(path));
        assertEquals(Path.of("../../../blobs/" + TestHub.etag(MODEL)), Files.readSymbolicLink(path));
        assertEquals(TestHub.COMMIT, Files.readString(repo.resolve("refs/main")));
        assertEquals(Set.of(TestHub.etag(MODEL)), names(repo.resolve("blobs")));
        assertTrue(Files.readString(home.resolve("hf/hub/CACHEDIR.TAG")).startsWith("Signature: 8a477f59"));
        assertEquals(5_300, puller.planned());
        assertEquals(5_300, puller.progress());
    }

    @Test
    void aModelOfManyFilesIsAFolderWithoutASecondCopyOfItsWeights() throws IOException {
        hub.with("config.json", "{}")
                .with("model-00001-of-00002.safetensors", MODEL)
                .with("model-00002-of-00002.safetensors", random(700))
                .with("model.safetensors.index.json", "{\"weight_map\": {}}")
                .with("pytorch_model.bin", random(400))
                .with("original/consolidated.00.pth", random(400))
                .with("tokenizer.json", "{\"model\": {}}")
                .with("tokenizer_config.json", "{\"a\": 1}")
                .with("chat_template.jinja", "{{ messages }}")
                .with("README.md", "# A model");
        Path path = new Puller(hub.settings(home)).pull("org/name");
        assertEquals(home.resolve("hf/hub/models--org--name/snapshots/" + TestHub.COMMIT), path);
        assertEquals(
                Set.of(
                        "config.json",
                        "model-00001-of-00002.safetensors",
                        "model-00002-of-00002.safetensors",
                        "model.safetensors.index.json",
                        "tokenizer.json",
                        "tokenizer_config.json",
                        "chat_template.jinja"),
                names(path));
        assertArrayEquals(MODEL, Files.readAllBytes(path.resolve("model-00001-of-00002.safetensors")));
        assertEquals("{\"a\": 1}", Files.readString(path.resolve("tokenizer_config.json")));
    }

    @Test
    void aCutPullIsNotTakenForAModel() throws IOException {
        hub.with("config.json", "{}").with("model.safetensors", MODEL).with("tokenizer.json", "{\"model\": {}}");
        hub.store((request, content) -> request.refuse(404, "gone"));
        new Puller(hub.settings(home)).refusal("org/name");
        Path snapshot = home.resolve("hf/hub/models--org--name/snapshots/" + TestHub.COMMIT);
        assertEquals(Set.of("config.json", "tokenizer.json"), names(snapshot), "the weights come last");
        HubCache cache = HubCache.of(hub.settings(home));
        ModelReference model = ModelReference.find("org/name").orElseThrow();
        assertEquals(Optional.empty(), LocalModels.find(cache, model));
        hub.store(TestHub.Behaviour.HONEST);
        new Puller(hub.settings(home)).pull("org/name");
        assertTrue(LocalModels.find(cache, model).isPresent());
    }

    @Test
    void whatIsHereIsNotFetchedAgain() {
        hub.with("model-Q4_K_M.gguf", MODEL);
        new Puller(hub.settings(home)).pull("org/name:q4_k_m");
        hub.forgetRequests();
        Puller again = new Puller(hub.settings(home));
        again.pull("org/name:q4_k_m");
        assertEquals(
                List.of("/api/models/org/name/revision/main"),
                hub.requests().stream().map(TestHub.Request::path).toList());
        assertEquals(5_300, again.progress());
    }

    @Test
    void aBlobThatAnotherProgramFetchedIsLinked() throws IOException {
        hub.with("model-Q4_K_M.gguf", MODEL);
        Path blob = home.resolve("hf/hub/models--org--name/blobs").resolve(TestHub.etag(MODEL));
        Files.createDirectories(blob.getParent());
        Files.write(blob, MODEL);
        Path path = new Puller(hub.settings(home)).pull("org/name");
        assertEquals(blob.toRealPath(), path.toRealPath());
        assertEquals(List.of(), hub.parts());
    }

    @Test
    void piecesComeOverSeveralConnectionsAtOnce() {
        CountDownLatch both = new CountDownLatch(2);
        hub.with("model.gguf", MODEL).store((request, content) -> {
            if (request.to() - request.from() > 1) {
                both.countDown();
                assertTrue(both.await(20, TimeUnit.SECONDS), "only one request at a time");
            }
            return false;
        });
        new Puller(hub.settings(home)).pull("org/name");
        assertEquals(0, both.getCount());
    }

    @Test
    void theTokenIsShownToTheHubAndNotToWhereItSends() {
        hub.with("model.gguf", MODEL).with("config.json", "{}");
        new Puller(hub.settings(home, "HF_TOKEN", "hf_secret")).pull("org/name");
        Set<String> shown = hub.requests().stream()
                .map(request -> request.server() + " " + request.token().orElse("-"))
                .collect(Collectors.toSet());
        assertEquals(Set.of("hub Bearer hf_secret", "store -"), shown);
    }

    @Test
    void aListingMayComeInPagesOrWithNamesAlone() throws IOException {
        hub.with("a-Q8_0.gguf", random(900)).with("b-Q4_K_M.gguf", MODEL).with("c-Q2_K.gguf", random(800));
        for (TestHub.Listed kind : TestHub.Listed.values()) {
            Puller puller = new Puller(hub.listing(kind).settings(home.resolve(kind.name())));
            assertArrayEquals(MODEL, Files.readAllBytes(puller.pull("org/name")), kind.name());
            assertEquals(kind == TestHub.Listed.NAMES_ONLY ? 0 : 5_300, puller.planned(), kind.name());
        }
    }

    @Test
    void aServerWithoutHeadIsAskedForAByte() throws IOException {
        hub.with("model.gguf", MODEL)
                .with("config.json", "{}")
                .hub((request, content) ->
                        request.method().equals("HEAD") && request.refuse(501, "Unsupported method"));
        assertArrayEquals(MODEL, Files.readAllBytes(new Puller(hub.settings(home)).pull("org/name")));
    }

    @Test
    void whereLinksAreImpossibleTheBytesThemselvesLieInTheSnapshot() throws IOException {
        hub.with("model.gguf", MODEL);
        Path path = new Puller(hub.settings(home, "HF_HUB_DISABLE_SYMLINKS", "1")).pull("org/name");
        assertFalse(Files.isSymbolicLink(path));
        assertArrayEquals(MODEL, Files.readAllBytes(path));
        hub.forgetRequests();
        new Puller(hub.settings(home, "HF_HUB_DISABLE_SYMLINKS", "1")).pull("org/name");
        assertEquals(List.of(), hub.parts());
    }

    @Test
    void emptyFilesArePulledToo() throws IOException {
        hub.with("config.json", "{}").with("model.safetensors", MODEL).with("merges.txt", "");
        Path folder = new Puller(hub.settings(home)).pull("org/name");
        assertEquals(0, Files.size(folder.resolve("merges.txt")));
    }

    @Test
    void whatDoesNotFitOnTheDiskIsRefusedWithNumbersBeforeAnythingIsFetched() {
        hub.with("model.gguf", MODEL);
        String told = new Puller(hub.settings(home)).withFreeBytes(3 << 20).refusal("org/name");
        assertTrue(told.contains("5.2 KiB more are needed"), told);
        assertTrue(told.contains("has 3.0 MiB free"), told);
        assertTrue(told.contains("make room for 61 MiB"), told);
        assertTrue(told.contains("HF_HUB_CACHE"), told);
        assertEquals(List.of(), hub.parts());
    }

    @Test
    void offlineNobodyIsAskedAndWhatIsHereIsFound() {
        hub.with("model-Q4_K_M.gguf", MODEL);
        HubSettings offline = hub.settings(home, "HF_HUB_OFFLINE", "1");
        String told = new Puller(offline).refusal("org/name");
        assertTrue(told.contains("HF_HUB_OFFLINE"), told);
        Path online = new Puller(hub.settings(home)).pull("org/name");
        hub.forgetRequests();
        assertEquals(online, new Puller(offline).pull("org/name"));
        assertEquals(List.of(), hub.requests());
    }

    @Test
    void aProxyOfTheEnvironmentIsUsedUnlessNoProxyNamesTheHost() throws IOException {
        try (TestHub proxy = new TestHub().with("model.gguf", MODEL)) {
            // A request for nowhere.invalid goes to the proxy, which here answers itself.
            HubSettings settings = HubSettings.of(
                    Map.of(
                            "HF_ENDPOINT",
                            "http://nowhere.invalid",
                            "HF_HOME",
                            home.toString(),
                            "HTTP_PROXY",
                            proxy.address().toString(),
                            "NO_PROXY",
                            "127.0.0.1, example.com"),
                    home);
            assertArrayEquals(MODEL, Files.readAllBytes(new Puller(settings).pull("org/name")));
            assertTrue(proxy.requests().stream()
                    .anyMatch(request -> request.exchange().getRequestURI().getHost() != null));
        }
    }

    @Test
    void aProxyThatAsksWhoOneIsIsTold() throws IOException {
        try (TestHub proxy = new TestHub().with("model.gguf", MODEL)) {
            proxy.hub(
                    (request, content) -> request.exchange().getRequestHeaders().getFirst("Proxy-Authorization") == null
                            && request.refuse(407, "", "Proxy-Authenticate", "Basic realm=\"proxy\""));
            HubSettings settings = HubSettings.of(
                    Map.of(
                            "HF_ENDPOINT",
                            "http://nowhere.invalid",
                            "HF_HOME",
                            home.toString(),
                            "HTTP_PROXY",
                            proxy.address().toString().replace("http://", "http://me:secret@"),
                            "NO_PROXY",
                            "127.0.0.1"),
                    home);
            assertArrayEquals(MODEL, Files.readAllBytes(new Puller(settings).pull("org/name")));
            Set<String> told = proxy.requests().stream()
                    .filter(request -> request.server().equals("hub"))
                    .map(request -> String.valueOf(
                            request.exchange().getRequestHeaders().getFirst("Proxy-Authorization")))
                    .collect(Collectors.toSet());
            assertEquals(Set.of("null", "Basic bWU6c2VjcmV0"), told);
        }
    }

    @Test
    void onePullAtATimeFetchesAFile() throws InterruptedException {
        CountDownLatch begun = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        hub.with("model.gguf", MODEL).store((request, content) -> {
            begun.countDown();
            assertTrue(goOn.await(20, TimeUnit.SECONDS));
            return false;
        });
        hub.atClose(goOn::countDown);
        Thread first = Thread.ofVirtual().start(() -> new Puller(hub.settings(home)).pull("org/name"));
        assertTrue(begun.await(20, TimeUnit.SECONDS));
        String told = new Puller(hub.settings(home)).refusal("org/name");
        assertTrue(told.contains("being fetched by another process"), told);
        goOn.countDown();
        first.join(Duration.ofSeconds(20));
        assertFalse(first.isAlive());
    }

    @Test
    void settingsNeverPrintTheToken() {
        assertFalse(hub.settings(home, "HF_TOKEN", "hf_secret").toString().contains("secret"));
    }

    static byte[] random(int size) {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        return bytes;
    }

    private static Set<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).collect(Collectors.toSet());
        }
    }

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
