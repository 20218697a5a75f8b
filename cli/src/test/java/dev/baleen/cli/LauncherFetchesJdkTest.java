package dev.baleen.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.HttpServer;
import dev.baleen.cli.LauncherHouse.Outcome;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `./baleen` fetches a JDK where none fits, from a server on loopback, and trusts nothing that has another SHA-256.
class LauncherFetchesJdkTest {
    @TempDir
    Path folder;

    private final Map<String, byte[]> served = new ConcurrentHashMap<>();
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private LauncherHouse house;
    private HttpServer server;
    private String address = "";

    @BeforeEach
    void buildTheHouseAndTheServer() throws Exception {
        house = new LauncherHouse(folder);
        house.jdk("too old", "17.0.15");
        if (!house.offer("curl")) {
            house.offer("wget");
        }
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            asked.add(exchange.getRequestURI().toString());
            Optional<byte[]> body =
                    Optional.ofNullable(served.get(exchange.getRequestURI().getPath()));
            exchange.sendResponseHeaders(body.isPresent() ? 200 : 404, body.isPresent() ? body.get().length : -1);
            if (body.isPresent()) {
                exchange.getResponseBody().write(body.get());
            }
            exchange.close();
        });
        server.start();
        address = "http://127.0.0.1:" + server.getAddress().getPort();
        house.environment.put("BALEEN_JDK_URL", address + "/jdk.tar.gz");
    }

    @AfterEach
    void stopTheServer() {
        server.stop(0);
    }

    @Test
    void fetchesAJdkWhoseSumLiesBesideItAndKeepsIt() throws Exception {
        serveJdk("/jdk.tar.gz", "25.0.9", "jdk-25.0.9+7");
        serve("/jdk.tar.gz.sha256.txt", sum("/jdk.tar.gz") + "  jdk.tar.gz\n");
        Outcome first = house.start("serve");
        assertEquals("fetched\n", first.output(), first.errors());
        assertTrue(first.errors().contains("fetching " + address + "/jdk.tar.gz"), first.errors());
        assertEquals(List.of("jdk"), LauncherHouse.namesIn(house.cache.resolve("baleen")));
        assertEquals(List.of("25.0.9"), LauncherHouse.namesIn(house.cache.resolve("baleen/jdk")));

        asked.clear();
        Outcome second = house.start("serve");
        assertEquals(new Outcome(0, "fetched\n", ""), second);
        assertEquals(List.of(), asked);
    }

    @Test
    void takesTheSumFromTheEnvironment() throws Exception {
        serveJdk("/jdk.tar.gz", "25.0.3", "jdk");
        house.environment.put("BALEEN_JDK_SHA256", sum("/jdk.tar.gz").toUpperCase(java.util.Locale.ROOT));
        assertEquals("fetched\n", house.start("serve").output());
        assertEquals(List.of("/jdk.tar.gz"), asked);
    }

    @Test
    void findsTheHomeInAMacOsBundle() throws Exception {
        serveJdk("/jdk.tar.gz", "25.0.3", "jdk-25.jdk/Contents/Home");
        house.environment.put("BALEEN_JDK_SHA256", sum("/jdk.tar.gz"));
        assertEquals("fetched\n", house.start("serve").output());
        assertEquals("fetched\n", house.start("serve").output());
    }

    @Test
    void asksTheApiWhereTemurinIs() throws Exception {
        house.environment.remove("BALEEN_JDK_URL");
        house.environment.put("BALEEN_JDK_API", address);
        serveJdk("/releases/jdk-25.0.9%2B7/x.tar.gz".replace("%2B", "+"), "25.0.9", "jdk");
        serve("/releases/jdk-25.0.9+7/x.tar.gz.sha256.txt", sum("/releases/jdk-25.0.9+7/x.tar.gz") + "  x.tar.gz\n");
        String release = address + "/releases/jdk-25.0.9%2B7/x";
        serve("/v3/assets/latest/25/hotspot", """
                [{"binary": {
                    "architecture": "x64",
                    "installer": {"link": "%1$s.pkg", "name": "x.pkg"},
                    "package": {
                        "checksum_link": "%1$s.tar.gz.sha256.txt",
                        "link": "%1$s.tar.gz",
                        "signature_link": "%1$s.tar.gz.sig"
                    }
                }}]""".formatted(release));
        Outcome outcome = house.start("serve");
        assertEquals("fetched\n", outcome.output(), outcome.errors());
        assertTrue(asked.getFirst().contains("image_type=jdk"), asked.toString());
    }

    @Test
    void refusesAWrongSumAndLeavesNothingBehind() throws Exception {
        serveJdk("/jdk.tar.gz", "25.0.3", "jdk");
        String wrong = "0".repeat(64);
        serve("/jdk.tar.gz.sha256.txt", wrong + "  jdk.tar.gz\n");
        assertRefusal(house.start("serve"), "SHA-256 " + sum("/jdk.tar.gz"), wrong);
    }

    @Test
    void refusesAJdkWithoutASum() throws Exception {
        serveJdk("/jdk.tar.gz", "25.0.3", "jdk");
        assertRefusal(house.start("serve"), "there is no SHA-256 for " + address + "/jdk.tar.gz");
    }

    @Test
    void refusesAJdkThatIsTooOld() throws Exception {
        serveJdk("/jdk.tar.gz", "25.0.2", "jdk-25.0.2");
        house.environment.put("BALEEN_JDK_SHA256", sum("/jdk.tar.gz"));
        assertRefusal(house.start("serve"), "holds no JDK 25.0.3 or later", "jdk-25.0.2: 25.0.2");
    }

    @Test
    void refusesWhatIsNoArchive() throws Exception {
        serve("/jdk.tar.gz", "<html>404</html>");
        house.environment.put("BALEEN_JDK_SHA256", sum("/jdk.tar.gz"));
        assertRefusal(house.start("serve"), "is no .tar.gz");
    }

    @Test
    void saysOfflineWhatWasFoundAndHowToGetAJdk() throws Exception {
        server.stop(0);
        assertRefusal(
                house.start("serve"),
                "could not be fetched",
                house.jdks.resolve("too old") + ": 17.0.15",
                "Baleen needs JDK 25.0.3 or later",
                "https://adoptium.net/temurin/releases/?version=25",
                "JAVA_HOME");
    }

    @Test
    void fetchesWithWgetWhereThereIsNoCurl() throws Exception {
        Files.deleteIfExists(house.tools.resolve("curl"));
        Files.deleteIfExists(house.tools.resolve("wget"));
        assumeTrue(house.offer("wget"), "skipped: this machine has no wget");
        serveJdk("/jdk.tar.gz", "25.0.3", "jdk");
        serve("/jdk.tar.gz.sha256.txt", sum("/jdk.tar.gz"));
        assertEquals("fetched\n", house.start("serve").output());
    }

    @Test
    void saysThatItNeedsCurlOrWget() throws Exception {
        Files.deleteIfExists(house.tools.resolve("curl"));
        Files.deleteIfExists(house.tools.resolve("wget"));
        assertRefusal(house.start("serve"), "neither curl nor wget", "Baleen needs JDK 25.0.3 or later");
    }

    private void assertRefusal(Outcome outcome, String... phrases) throws IOException {
        assertEquals(1, outcome.status(), outcome.toString());
        assertEquals("", outcome.output());
        for (String phrase : phrases) {
            assertTrue(outcome.errors().contains(phrase), "'" + phrase + "' is missing in: " + outcome.errors());
        }
        assertEquals(List.of(), LauncherHouse.namesIn(house.cache.resolve("baleen/jdk")));
        assertEquals(List.of("jdk"), LauncherHouse.namesIn(house.cache.resolve("baleen")));
    }

    private void serve(String path, String text) {
        served.put(path, text.getBytes(StandardCharsets.UTF_8));
    }

    private void serveJdk(String path, String version, String home) throws Exception {
        Path packed = Files.createDirectories(folder.resolve("packed"));
        LauncherHouse.jdk(packed.resolve(home), version, "#!/bin/sh\necho fetched\n");
        Path archive = folder.resolve("archive.tar.gz");
        String top = Path.of(home).getName(0).toString();
        int status = new ProcessBuilder("tar", "-czf", archive.toString(), "-C", packed.toString(), top)
                .inheritIO()
                .start()
                .waitFor();
        assertEquals(0, status, "tar");
        served.put(path, Files.readAllBytes(archive));
    }

    private String sum(String path) throws Exception {
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(served.getOrDefault(path, new byte[0]));
        return HexFormat.of().formatHex(digest);
    }
}
