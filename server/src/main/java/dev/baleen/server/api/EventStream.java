package dev.baleen.server.api;

import com.fasterxml.jackson.databind.JsonNode;
import io.helidon.webserver.http.ServerResponse;
import java.nio.charset.StandardCharsets;

/// Server-sent events: `data: JSON`, one behind the other, flushed as each is written.
///
/// Our own and not the web server's: that one writes `data:` without the blank which many clients look for, and closes
/// the connection after each stream.
final class EventStream {
    private final Body body;

    EventStream(ServerResponse response) {
        response.header("Cache-Control", "no-store");
        response.header("X-Accel-Buffering", "no");
        body = new Body(response, "text/event-stream; charset=utf-8");
    }

    void send(JsonNode data) {
        write("data: " + Json.text(data) + "\n\n");
    }

    /// A line that clients skip: keeps the connection alive and tells us whether anybody still listens.
    void comment(String text) {
        write(": " + text + "\n\n");
    }

    /// The end, as OpenAI's clients expect it: the last event, and the end of the body right behind.
    void done() {
        write("data: [DONE]\n\n");
        body.end();
    }

    /// Something failed after the answer had begun. Some clients look for the event's name, some for `error` in
    /// its JSON, and some only at whether the body ends as it should: so it does not, and [Body#cut] is thrown.
    RuntimeException fail(ApiException problem) {
        write("event: error\ndata: " + Json.text(Errors.body(problem)) + "\n\n");
        return Body.cut(problem);
    }

    private void write(String text) {
        body.write(text.getBytes(StandardCharsets.UTF_8));
    }
}
