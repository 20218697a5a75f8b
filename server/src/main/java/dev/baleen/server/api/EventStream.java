package dev.baleen.server.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/// Server-sent events: `data: JSON`, each behind the other, flushed as it is written.
///
/// A client that hung up shows itself as an [UncheckedIOException] at the next write or the one after it.
final class EventStream implements AutoCloseable {
    private final OutputStream out;

    EventStream(ServerResponse response) {
        response.header("Content-Type", "text/event-stream; charset=utf-8");
        response.header("Cache-Control", "no-store");
        response.header("X-Accel-Buffering", "no");
        out = response.outputStream();
    }

    void send(JsonNode data) {
        write("data: " + Json.text(data) + "\n\n");
    }

    /// The end, as OpenAI's clients expect it.
    void done() {
        write("data: [DONE]\n\n");
    }

    /// A line that clients skip: keeps the connection alive and tells us whether anybody still listens.
    void comment(String text) {
        write(": " + text + "\n\n");
    }

    /// Something failed after the answer had begun.
    void error(ApiException problem) {
        write("event: error\ndata: " + Json.text(Errors.body(problem)) + "\n\n");
    }

    private void write(String text) {
        try {
            out.write(text.getBytes(StandardCharsets.UTF_8));
            out.flush();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        try {
            out.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
