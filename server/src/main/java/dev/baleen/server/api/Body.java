package dev.baleen.server.api;

import io.helidon.common.socket.SocketWriterException;
import io.helidon.http.HeaderNames;
import io.helidon.webserver.CloseConnectionException;
import io.helidon.webserver.http.ServerResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;

/// A body that is sent piece by piece. The first piece sends status and headers too.
///
/// A client that hung up shows itself as a [CloseConnectionException] at the next write or the one after it; the web
/// server then closes the connection and says nothing.
final class Body {
    private final OutputStream out;

    Body(ServerResponse response, String type) {
        response.header(HeaderNames.CONTENT_TYPE, type);
        out = response.outputStream();
    }

    /// Sends the bytes at once.
    void write(byte[] bytes) {
        sending(() -> {
            out.write(bytes);
            out.flush();
        });
    }

    /// Ends the body properly. Not in a `finally`: a body that was not finished must not look as if it were.
    void end() {
        sending(out::close);
    }

    /// What to throw for a body that cannot be finished: the connection closes without the body's end.
    static RuntimeException cut(Throwable reason) {
        return new CloseConnectionException("The answer was cut", reason);
    }

    /// Something that writes.
    @FunctionalInterface
    private interface Sending {
        void run() throws IOException;
    }

    private static void sending(Sending action) {
        try {
            action.run();
        } catch (IOException | UncheckedIOException | SocketWriterException e) {
            throw new CloseConnectionException("The client hung up", e);
        }
    }
}
