package dev.baleen.server;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// Speaks to a server on this machine: JSON by a real HTTP client, or bytes by a bare socket.
final class Client {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpClient http =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final int port;

    Client(BaleenServer server) {
        port = server.port();
    }

    static JsonNode json(String text) {
        try {
            return JSON.readTree(text);
        } catch (IOException e) {
            throw new UncheckedIOException(text, e);
        }
    }

    static JsonNode tree(Object value) {
        return JSON.valueToTree(value);
    }

    /// A request with one question, and more fields such as `"stream": true`.
    static String question(String content, String... fields) {
        String message = JSON.createObjectNode()
                .put("role", "user")
                .put("content", content)
                .toString();
        return "{\"model\": \"any\", \"messages\": [" + message + "]" + (fields.length > 0 ? ", " : "")
                + String.join(", ", fields) + "}";
    }

    HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return http.send(request(path).build(), BodyHandlers.ofString());
    }

    HttpResponse<String> send(String method, String path, String... headers) throws IOException, InterruptedException {
        HttpRequest.Builder request = request(path).method(method, HttpRequest.BodyPublishers.noBody());
        return http.send((headers.length > 0 ? request.headers(headers) : request).build(), BodyHandlers.ofString());
    }

    HttpResponse<String> ask(String body, String... headers) throws IOException, InterruptedException {
        return ask(body.getBytes(StandardCharsets.UTF_8), headers);
    }

    HttpResponse<String> ask(byte[] body, String... headers) throws IOException, InterruptedException {
        HttpRequest.Builder request = request("/v1/chat/completions")
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(body));
        return http.send((headers.length > 0 ? request.headers(headers) : request).build(), BodyHandlers.ofString());
    }

    /// The data of the events of a stream.
    static List<String> events(String stream) {
        List<String> events = new ArrayList<>();
        for (String event : stream.split("\n\n")) {
            if (event.startsWith("data: ")) {
                events.add(event.substring("data: ".length()));
            }
        }
        return events;
    }

    /// A connection on which bytes were sent; closing it is hanging up.
    Socket open(String request) throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        OutputStream out = socket.getOutputStream();
        out.write(request.getBytes(StandardCharsets.UTF_8));
        out.flush();
        return socket;
    }

    /// A question over a bare connection.
    Socket openQuestion(String body) throws IOException {
        return open("POST /v1/chat/completions HTTP/1.1\r\nHost: localhost:" + port + "\r\nContent-Length: "
                + body.getBytes(StandardCharsets.UTF_8).length + "\r\n\r\n" + body);
    }

    static void hangUp(Socket socket) throws IOException {
        socket.close();
    }

    /// Reads until the text has come.
    static String readUntil(Socket socket, String text) throws IOException {
        StringBuilder read = new StringBuilder();
        InputStream in = socket.getInputStream();
        while (read.indexOf(text) < 0) {
            int value = in.read();
            if (value < 0) {
                throw new IOException("The connection ended before '" + text + "' came, after: " + read);
            }
            read.append((char) value);
        }
        return read.toString();
    }

    /// Reads to the end of the connection.
    static String readAll(Socket socket) throws IOException {
        return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path));
    }
}
