package dev.baleen.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Stream;

/// A Chromium without a window, driven over its DevTools protocol.
///
/// By hand, as the tests need a dozen of its commands: libraries for it bring browsers or drivers of hundreds of MB.
final class Browser implements AutoCloseable {
    private static final List<String> NAMES = List.of("chromium", "chromium-browser", "google-chrome");
    private static final String ADDRESS = "DevTools listening on ";
    private static final long ANSWER_SECONDS_MAX = 60;

    private final Path profile;
    private final Process process;
    private final WebSocket socket;
    private final AtomicInteger ids = new AtomicInteger();
    private final Map<Integer, CompletableFuture<JsonNode>> answers = new ConcurrentHashMap<>();
    private final Map<String, Consumer<JsonNode>> sessions = new ConcurrentHashMap<>();

    private Browser(Path profile, Process process, String address) {
        this.profile = profile;
        this.process = process;
        socket = HttpClient.newHttpClient()
                .newWebSocketBuilder()
                .buildAsync(URI.create(address), new Listener())
                .join();
    }

    /// The browser of this machine: the one that BALEEN_CHROMIUM names, or the first on the PATH.
    static Optional<Path> find() {
        String named = System.getenv("BALEEN_CHROMIUM");
        if (named != null) {
            return Optional.of(Path.of(named));
        }
        return NAMES.stream()
                .flatMap(name -> Stream.of(System.getenv("PATH").split(File.pathSeparator))
                        .map(folder -> Path.of(folder, name)))
                .filter(Files::isExecutable)
                .findFirst();
    }

    static Browser start(Path program) throws IOException {
        Path profile = Files.createTempDirectory("baleen-browser");
        Process process = new ProcessBuilder(
                        program.toString(),
                        "--headless=new",
                        "--remote-debugging-port=0",
                        "--user-data-dir=" + profile,
                        "--no-sandbox",
                        "--disable-gpu",
                        "--disable-dev-shm-usage",
                        "--disable-background-networking",
                        "--disable-component-update",
                        "--disable-extensions",
                        "--disable-sync",
                        "--no-first-run",
                        "--hide-scrollbars",
                        "about:blank")
                .redirectErrorStream(true)
                .start();
        BufferedReader output = process.inputReader();
        String line = output.readLine();
        while (line != null && !line.startsWith(ADDRESS)) {
            line = output.readLine();
        }
        if (line == null) {
            throw new IOException(program + " ended without saying where it listens");
        }
        Thread.ofVirtual().start(() -> output.lines().forEach(ignored -> {})); // Else it waits for us to read.
        return new Browser(profile, process, line.substring(ADDRESS.length()));
    }

    /// A new tab with cookies and storage of its own.
    Tab open() {
        String context = send("Target.createBrowserContext", Map.of())
                .get("browserContextId")
                .textValue();
        String target = send("Target.createTarget", Map.of("url", "about:blank", "browserContextId", context))
                .get("targetId")
                .textValue();
        String session = send("Target.attachToTarget", Map.of("targetId", target, "flatten", true))
                .get("sessionId")
                .textValue();
        return new Tab(this, session, target);
    }

    void listen(String session, Consumer<JsonNode> listener) {
        sessions.put(session, listener);
    }

    JsonNode send(String method, Map<String, ?> parameters) {
        return send(Optional.empty(), method, parameters);
    }

    JsonNode send(Optional<String> session, String method, Map<String, ?> parameters) {
        int id = ids.incrementAndGet();
        ObjectNode command = JsonNodeFactory.instance.objectNode().put("id", id).put("method", method);
        command.set("params", Client.tree(parameters));
        session.ifPresent(name -> command.put("sessionId", name));
        CompletableFuture<JsonNode> answer = new CompletableFuture<>();
        answers.put(id, answer);
        socket.sendText(command.toString(), true).join();
        JsonNode message =
                answer.orTimeout(ANSWER_SECONDS_MAX, TimeUnit.SECONDS).join();
        if (message.has("error")) {
            throw new IllegalStateException(method + ": " + message.get("error"));
        }
        return message.get("result");
    }

    private void receive(JsonNode message) {
        if (message.has("id")) {
            answers.remove(message.get("id").intValue()).complete(message);
        } else if (message.has("sessionId")) {
            sessions.getOrDefault(message.get("sessionId").textValue(), ignored -> {})
                    .accept(message);
        }
    }

    @Override
    public void close() throws IOException {
        socket.abort();
        // Helpers of the browser outlive it for a moment and would go on writing into the profile.
        List<ProcessHandle> helpers = process.descendants().toList();
        process.destroy();
        process.onExit().join();
        for (ProcessHandle helper : helpers) {
            helper.destroyForcibly();
            helper.onExit().join();
        }
        List<Path> files = new ArrayList<>();
        try (Stream<Path> walk = Files.walk(profile)) {
            walk.sorted(Comparator.reverseOrder()).forEach(files::add);
        }
        for (Path file : files) {
            Files.deleteIfExists(file);
        }
    }

    private final class Listener implements WebSocket.Listener {
        private final StringBuilder text = new StringBuilder();

        @Override
        public CompletionStage<?> onText(WebSocket from, CharSequence part, boolean last) {
            text.append(part);
            if (last) {
                JsonNode message = Client.json(text.toString());
                text.setLength(0);
                receive(message);
            }
            from.request(1);
            return CompletableFuture.completedFuture(part);
        }
    }
}
