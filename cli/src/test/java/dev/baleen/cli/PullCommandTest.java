package dev.baleen.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.baleen.hub.ModelReference;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A model's life on a machine: pulled from a hub on loopback, listed, talked to, removed. In processes of their own,
/// because the environment says where the hub and the cache are.
class PullCommandTest {
    private static final String COMMIT = "89abcdef0123456789abcdef0123456789abcdef";

    @TempDir
    private static Path folder;

    private static HttpServer hub;
    private static Path model;

    @BeforeAll
    static void start() throws IOException {
        model = RandomFolder.write(folder.resolve("model"));
        hub = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        hub.createContext("/", PullCommandTest::serve);
        hub.start();
    }

    @AfterAll
    static void stop() {
        hub.stop(0);
    }

    @Test
    void aModelIsPulledListedUsedAndRemoved() throws IOException, InterruptedException {
        Path home = Files.createDirectory(folder.resolve("home"));
        Run missing = run(home, "chat", "-p", "Hello", "--model", "org/tiny");
        assertEquals(2, missing.status(), missing.err());
        assertTrue(missing.err().contains("./baleen pull org/tiny fetches it"), missing.err());

        Run pull = run(home, "pull", "org/tiny");
        assertEquals(0, pull.status(), pull.err());
        Path snapshot = Path.of(pull.out().strip());
        assertTrue(snapshot.endsWith(Path.of("models--org--tiny", "snapshots", COMMIT)), pull.out());
        assertTrue(Files.isSymbolicLink(snapshot.resolve("model.safetensors")));
        assertTrue(pull.err().contains("org/tiny: ") && pull.err().contains("100 % of"), pull.err());

        Run before = run(home, "models");
        assertTrue(
                before.line("org/tiny").contains("F32")
                        && before.line("org/tiny").contains("never"),
                before.out());
        assertTrue(before.out().contains("deepseek-r1:1.5b"), before.out());
        Run chat = run(home, "chat", "-p", "Hello", "--model", "org/tiny", "-n", "3");
        assertEquals(0, chat.status(), chat.err());
        assertTrue(run(home, "models").line("org/tiny").contains("just now"));
        assertTrue(run(home, "inspect", "org/tiny").out().contains("deepseek_v3"));

        Run refused = run(home, "rm", "org/tiny");
        assertEquals(2, refused.status(), refused.err());
        assertTrue(refused.err().contains("--yes") && Files.exists(snapshot), refused.err());
        Run removed = run(home, "rm", "org/tiny", "--yes");
        assertEquals(0, removed.status(), removed.err());
        assertTrue(removed.out().contains("are free again"), removed.out());
        assertFalse(Files.exists(snapshot));
    }

    @Test
    void whatIsNearIsNamed() throws IOException {
        Files.createDirectories(folder.resolve("modeling"));
        String told =
                Cli.run("chat", "-p", "x", "--model", folder.resolve("modell")).failed(2);
        assertTrue(
                told.contains("perhaps you mean")
                        && told.contains(folder.resolve("model").toString()),
                told);
        assertTrue(Cli.run("pull", "depseek-r1").failed(2).contains("deepseek-r1:"));
        assertTrue(Cli.run("pull", "a/b", "--connections", 0).failed(2).contains("from 1 to 32"));
        assertTrue(Cli.run("rm", "nonsense", "--yes").failed(2).contains("no model that was pulled"));
    }

    @Test
    void theBarShowsRateAndTimeLeftAndIsWrittenOver() {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        long[] now = {0};
        PullBar bar = new PullBar(new PrintWriter(bytes, true, StandardCharsets.UTF_8), true, () -> now[0]);
        bar.planned(ModelReference.find("org/tiny").orElseThrow(), 2, 4_000_000_000L, 1_000_000_000);
        for (int second = 1; second <= 20; second++) {
            now[0] += 1_000_000_000;
            bar.advanced(100_000_000);
        }
        bar.noted("a note");
        String shown = bytes.toString(StandardCharsets.UTF_8);
        assertTrue(shown.contains("2 files, 3.7 GiB, of which 954 MiB are here"), shown);
        String last = shown.substring(shown.lastIndexOf('\r') + 1);
        assertTrue(last.contains(" 75 % of 3.7 GiB · 100.0 MB/s · 0:10 left"), last);
        assertTrue(last.contains("\na note"), last);
    }

    @Test
    void withoutATerminalTheBarIsAFewLines() {
        assertEquals(21, linesOf(5_000_000).size());
        List<String> quick = linesOf(1);
        assertEquals(2, quick.size(), quick.toString());
        assertTrue(quick.getLast().startsWith("100 % of 977 KiB"), quick.getLast());
    }

    /// What a bar says of ten thousand steps that take so long each.
    private static List<String> linesOf(long stepNanos) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        long[] now = {0};
        PullBar bar = new PullBar(new PrintWriter(bytes, true, StandardCharsets.UTF_8), false, () -> now[0]);
        bar.planned(ModelReference.find("org/tiny").orElseThrow(), 1, 1_000_000, 0);
        for (int i = 0; i < 10_000; i++) {
            now[0] += stepNanos;
            bar.advanced(100);
        }
        return bytes.toString(StandardCharsets.UTF_8).lines().toList();
    }

    /// What a process said.
    private record Run(int status, String out, String err) {
        String line(String beginning) {
            return out.lines()
                    .filter(line -> line.startsWith(beginning))
                    .findFirst()
                    .orElse("no line " + beginning + " in " + out);
        }
    }

    private static Run run(Path home, String... words) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--add-exports=java.base/jdk.internal.module=ALL-UNNAMED",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                "-Dbaleen.home=" + Cli.repository(""),
                Main.class.getName()));
        command.addAll(List.of(words));
        Path out = folder.resolve("out");
        Path err = folder.resolve("err");
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        builder.environment()
                .put("HF_ENDPOINT", "http://127.0.0.1:" + hub.getAddress().getPort());
        builder.environment().put("HF_HOME", home.resolve("hf").toString());
        builder.environment().put("XDG_DATA_HOME", home.resolve("data").toString());
        Process process = builder.start();
        assertTrue(process.waitFor(2, TimeUnit.MINUTES), "the process does not end");
        return new Run(process.exitValue(), Files.readString(out), Files.readString(err));
    }

    /// One repository, whose files are sent whole.
    private static void serve(HttpExchange exchange) throws IOException {
        String path = exchange.getRequestURI().getPath();
        try (exchange) {
            if (path.equals("/api/models/org/tiny/revision/main")) {
                send(exchange, 200, listing().getBytes(StandardCharsets.UTF_8));
            } else if (path.startsWith("/org/tiny/resolve/" + COMMIT)) {
                byte[] file = Files.readAllBytes(model.resolve(path.substring(path.lastIndexOf('/') + 1)));
                exchange.getResponseHeaders().set("ETag", '"' + sha256(file) + '"');
                exchange.getResponseHeaders().set("X-Repo-Commit", COMMIT);
                send(exchange, 200, file);
            } else {
                send(exchange, 404, new byte[0]);
            }
        }
    }

    private static String listing() throws IOException {
        try (Stream<Path> files = Files.list(model)) {
            return files.map(file -> "{\"rfilename\": \"%s\", \"size\": %d}"
                            .formatted(file.getFileName(), file.toFile().length()))
                    .collect(Collectors.joining(",", "{\"sha\": \"" + COMMIT + "\", \"siblings\": [", "]}"));
        }
    }

    private static void send(HttpExchange exchange, int status, byte[] body) throws IOException {
        if (exchange.getRequestMethod().equals("HEAD")) {
            exchange.getResponseHeaders().set("Content-Length", String.valueOf(body.length));
            exchange.sendResponseHeaders(status, -1);
        } else {
            exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length);
            exchange.getResponseBody().write(body);
        }
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }
}
