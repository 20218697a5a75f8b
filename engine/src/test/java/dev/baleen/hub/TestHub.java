package dev.baleen.hub;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// A hub on loopback with one repository, `org/name`, and beside it the server that large files are kept on, under
/// another port, as the real one does. Each test makes one of the two misbehave.
final class TestHub implements AutoCloseable {
    static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";
    static final RepoId REPO = new RepoId("org", "name");

    /// From this size on a file is kept on the other server and called by its SHA-256.
    private static final int LARGE_BYTES = 256;

    private static final Pattern RANGE = Pattern.compile("bytes=(\\d+)-(\\d+)");
    private static final ObjectMapper MAPPER = new ObjectMapper();

    private final SequencedMap<String, byte[]> files = new LinkedHashMap<>();
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpServer hub = server();
    private final HttpServer store = server();
    private final List<Request> requests = new CopyOnWriteArrayList<>();
    private final ConcurrentLinkedQueue<Runnable> closings = new ConcurrentLinkedQueue<>();
    private volatile Behaviour hubBehaviour = Behaviour.HONEST;
    private volatile Behaviour storeBehaviour = Behaviour.HONEST;
    private volatile Listed listed = Listed.WITH_SIZES;

    /// What the listing tells.
    enum Listed {
        WITH_SIZES,
        NAMES_AND_PAGES,
        NAMES_ONLY
    }

    /// What was asked.
    ///
    /// @param server `hub` or `store`
    /// @param from first byte asked for; 0 without a range
    /// @param to the one behind the last; the file's size without a range
    record Request(
            String server,
            String method,
            String path,
            Optional<String> token,
            boolean ranged,
            long from,
            long to,
            HttpExchange exchange) {
        boolean isFor(String part) {
            return path.contains(part);
        }

        /// Answers with a status and a text.
        boolean refuse(int status, String text, String... headers) throws IOException {
            for (int i = 0; i < headers.length; i += 2) {
                exchange.getResponseHeaders().set(headers[i], headers[i + 1]);
            }
            byte[] body = text.getBytes(StandardCharsets.UTF_8);
            boolean empty = method.equals("HEAD") || body.length == 0;
            exchange.sendResponseHeaders(status, empty ? -1 : body.length);
            if (!empty) {
                exchange.getResponseBody().write(body);
            }
            return true;
        }

        /// Answers as for a part, with any bytes: fewer than promised is a cut.
        boolean send(long promised, byte[] bytes, String contentRange) throws IOException {
            exchange.getResponseHeaders().set("Content-Range", contentRange);
            exchange.sendResponseHeaders(206, promised);
            exchange.getResponseBody().write(bytes);
            exchange.getResponseBody().flush();
            return true;
        }
    }

    /// Answers a request in its own way and returns true, or leaves it to the honest server.
    @FunctionalInterface
    interface Behaviour {
        Behaviour HONEST = (request, content) -> false;

        /// @param content of the file that is asked for; nothing where it is no file
        boolean answer(Request request, byte[] content) throws IOException, InterruptedException;
    }

    TestHub() {
        hub.createContext("/", exchange -> serve("hub", exchange));
        store.createContext("/", exchange -> serve("store", exchange));
        hub.start();
        store.start();
    }

    TestHub with(String path, byte[] content) {
        files.put(path, content);
        return this;
    }

    TestHub with(String path, String content) {
        return with(path, content.getBytes(StandardCharsets.UTF_8));
    }

    TestHub listing(Listed kind) {
        listed = kind;
        return this;
    }

    /// How the hub itself answers.
    TestHub hub(Behaviour behaviour) {
        hubBehaviour = behaviour;
        return this;
    }

    /// How the server of the large files answers.
    TestHub store(Behaviour behaviour) {
        storeBehaviour = behaviour;
        return this;
    }

    /// Run when the hub closes, before its threads are waited for.
    void atClose(Runnable closing) {
        closings.add(closing);
    }

    List<Request> requests() {
        return requests;
    }

    /// Parts of files that were asked for.
    List<Request> parts() {
        return requests.stream()
                .filter(request ->
                        request.method().equals("GET") && request.server().equals("store"))
                .toList();
    }

    void forgetRequests() {
        requests.clear();
    }

    URI address() {
        return URI.create("http://127.0.0.1:" + hub.getAddress().getPort());
    }

    HubSettings settings(Path home, String... more) {
        Map<String, String> environment = new HashMap<>();
        environment.put("HF_ENDPOINT", address().toString());
        environment.put("HF_HOME", home.resolve("hf").toString());
        environment.put("XDG_DATA_HOME", home.resolve("data").toString());
        for (int i = 0; i < more.length; i += 2) {
            environment.put(more[i], more[i + 1]);
        }
        return HubSettings.of(environment, home);
    }

    /// The name of a file's blob.
    static String etag(byte[] content) {
        return content.length >= LARGE_BYTES ? hash("SHA-256", content) : gitId(content);
    }

    @Override
    public void close() {
        closings.forEach(Runnable::run);
        hub.stop(0);
        store.stop(0);
        threads.shutdownNow();
    }

    private void serve(String server, HttpExchange exchange) throws IOException {
        try (exchange) {
            String path = exchange.getRequestURI().getPath();
            byte[] content = content(path);
            Matcher range = RANGE.matcher(
                    Optional.ofNullable(exchange.getRequestHeaders().getFirst("Range"))
                            .orElse(""));
            boolean ranged = range.matches();
            Request request = new Request(
                    server,
                    exchange.getRequestMethod(),
                    path,
                    Optional.ofNullable(exchange.getRequestHeaders().getFirst("Authorization")),
                    ranged,
                    ranged ? Long.parseLong(range.group(1)) : 0,
                    ranged ? Math.min(content.length, Long.parseLong(range.group(2)) + 1) : content.length,
                    exchange);
            requests.add(request);
            Behaviour behaviour = server.equals("hub") ? hubBehaviour : storeBehaviour;
            if (behaviour.answer(request, content)) {
                return;
            }
            if (path.startsWith("/api/")) {
                api(request);
            } else if (content.length == 0 && !files.containsKey(name(path))) {
                request.refuse(404, "Entry not found", "X-Error-Code", "EntryNotFound");
            } else if (server.equals("hub") && content.length >= LARGE_BYTES) {
                redirect(request, content);
            } else {
                file(request, content);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void api(Request request) throws IOException {
        String base = "/api/models/org/name/";
        if (request.path().equals(base + "revision/main")) {
            ObjectNode info = MAPPER.createObjectNode().put("id", "org/name").put("sha", COMMIT);
            ArrayNode siblings = info.putArray("siblings");
            files.forEach((path, content) -> {
                ObjectNode entry = siblings.addObject().put("rfilename", path);
                if (listed == Listed.WITH_SIZES) {
                    describe(entry, content, "blobId", "sha256");
                }
            });
            json(request, info.toString());
        } else if (request.path().equals(base + "tree/" + COMMIT) && listed == Listed.NAMES_AND_PAGES) {
            page(request);
        } else if (request.path().equals("/api/models")) {
            json(request, "[{\"id\": \"org/name\"}, {\"id\": \"org/other\"}]");
        } else {
            request.refuse(404, "Repository not found", "X-Error-Code", "RepoNotFound");
        }
    }

    /// One file a page.
    private void page(Request request) throws IOException {
        String query = Optional.ofNullable(request.exchange().getRequestURI().getQuery())
                .orElse("");
        int number = query.contains("cursor=") ? Integer.parseInt(query.replaceFirst(".*cursor=", "")) : 0;
        List<String> paths = List.copyOf(files.sequencedKeySet());
        ArrayNode entries = MAPPER.createArrayNode();
        entries.addObject().put("type", "directory").put("path", "folder");
        ObjectNode entry = entries.addObject().put("type", "file").put("path", paths.get(number));
        describe(entry, files.get(paths.get(number)), "oid", "oid");
        if (number + 1 < paths.size()) {
            request.exchange()
                    .getResponseHeaders()
                    .set(
                            "Link",
                            "<%s%s?recursive=true&cursor=%d>; rel=\"next\""
                                    .formatted(address(), request.path(), number + 1));
        }
        json(request, entries.toString());
    }

    private static void describe(ObjectNode entry, byte[] content, String id, String sha256) {
        entry.put("size", content.length);
        if (content.length >= LARGE_BYTES) {
            entry.put(id, gitId("pointer".getBytes(StandardCharsets.UTF_8)));
            entry.putObject("lfs").put(sha256, hash("SHA-256", content)).put("size", content.length);
        } else {
            entry.put(id, gitId(content));
        }
    }

    private void redirect(Request request, byte[] content) throws IOException {
        request.refuse(
                302,
                "",
                "X-Repo-Commit",
                COMMIT,
                "X-Linked-Etag",
                "\"" + etag(content) + "\"",
                "X-Linked-Size",
                String.valueOf(content.length),
                "Location",
                "http://127.0.0.1:%d/kept%s?signature=secret"
                        .formatted(store.getAddress().getPort(), request.path()));
    }

    private static void file(Request request, byte[] content) throws IOException {
        HttpExchange exchange = request.exchange();
        exchange.getResponseHeaders().set("ETag", "\"" + etag(content) + "\"");
        exchange.getResponseHeaders().set("X-Repo-Commit", COMMIT);
        if (request.method().equals("HEAD")) {
            exchange.getResponseHeaders().set("Content-Length", String.valueOf(content.length));
            exchange.sendResponseHeaders(200, -1);
        } else if (request.ranged()) {
            request.send(request.to() - request.from(), part(request, content), contentRange(request, content));
        } else {
            exchange.sendResponseHeaders(200, content.length == 0 ? -1 : content.length);
            exchange.getResponseBody().write(content);
        }
    }

    static byte[] part(Request request, byte[] content) {
        return Arrays.copyOfRange(content, (int) request.from(), (int) request.to());
    }

    static String contentRange(Request request, byte[] content) {
        return "bytes %d-%d/%d".formatted(request.from(), request.to() - 1, content.length);
    }

    private static void json(Request request, String text) throws IOException {
        request.refuse(200, text, "Content-Type", "application/json");
    }

    private byte[] content(String path) {
        return files.getOrDefault(name(path), new byte[0]);
    }

    private static String name(String path) {
        return path.replaceFirst(".*/resolve/[^/]+/", "");
    }

    private HttpServer server() {
        try {
            HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            server.setExecutor(threads);
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String gitId(byte[] content) {
        byte[] head = ("blob " + content.length + "\0").getBytes(StandardCharsets.US_ASCII);
        return hash(
                "SHA-1",
                ByteBuffer.allocate(head.length + content.length)
                        .put(head)
                        .put(content)
                        .array());
    }

    static String hash(String algorithm, byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance(algorithm).digest(bytes));
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError(e);
        }
    }
}
