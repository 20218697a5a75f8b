package dev.baleen.server;

import dev.baleen.chat.ChatModel;
import dev.baleen.server.api.ApiException;
import dev.baleen.server.api.ChatCompletions;
import dev.baleen.server.api.Errors;
import dev.baleen.server.api.Health;
import dev.baleen.server.api.Models;
import dev.baleen.server.api.OriginCheck;
import dev.baleen.server.api.RequestIds;
import dev.baleen.server.web.Assets;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.HttpRouting;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.logging.Level;
import java.util.logging.Logger;

/// The API and the chat page on one port.
///
/// The port opens at once; the model is loaded meanwhile, and until it is there requests for it get 503.
public final class BaleenServer implements AutoCloseable {
    /// The port where nobody else lives by habit.
    public static final int PORT = 2253;

    /// How often a connection on which nothing happens shows that it lives.
    public static final Duration HEARTBEAT = Duration.ofSeconds(2);

    /// Beyond this a request is not even read to its end. What the API reads of one is less.
    private static final long PAYLOAD_BYTES_MAX = 64 << 20;

    private static final int CONNECTIONS_MAX = 1024;

    /// How long requests under way may take to say goodbye.
    private static final Duration GRACE = Duration.ofSeconds(2);

    /// The web server greets on standard error; only what goes wrong is to be seen. Held, for a logger that
    /// nobody holds forgets its level.
    private static final Logger WEB_SERVER_LOG = Logger.getLogger("io.helidon");

    private final WebServer web;
    private final CompletableFuture<ChatModel> model = new CompletableFuture<>();
    private final Thread loader;

    private BaleenServer(String host, int port, Duration heartbeat, Callable<ChatModel> load) {
        HttpRouting.Builder routing = HttpRouting.builder()
                .addFilter(new RequestIds())
                .addFilter(new OriginCheck(host))
                .register(new ChatCompletions(this::model, heartbeat))
                .register(new Models(this::model))
                .register(new Health(this::model))
                .register(new Assets());
        Errors.register(routing);
        WEB_SERVER_LOG.setLevel(Level.OFF); // What keeps the port from opening is told below.
        web = WebServer.builder()
                .host(host)
                .port(port)
                .shutdownHook(false)
                .shutdownGracePeriod(GRACE)
                .maxPayloadSize(PAYLOAD_BYTES_MAX)
                .maxTcpConnections(CONNECTIONS_MAX)
                .directHandlers(Errors.direct())
                .addRouting(routing)
                .build()
                .start();
        WEB_SERVER_LOG.setLevel(Level.WARNING);
        if (!web.isRunning()) {
            throw new IllegalStateException(
                    "Port %d of %s cannot be opened; is Baleen running there already? Choose another"
                                    .formatted(port, host)
                            + " with --port");
        }
        loader = Thread.ofPlatform().name("loader").daemon().start(() -> {
            try {
                model.complete(load.call());
            } catch (Exception | Error e) {
                model.completeExceptionally(e);
            }
        });
    }

    /// Opens the port and begins to load the model.
    ///
    /// @param host the address to listen on, such as 127.0.0.1
    /// @param port 0 for any that is free
    /// @throws IllegalStateException if the port is taken
    public static BaleenServer start(String host, int port, Callable<ChatModel> load) {
        return new BaleenServer(host, port, HEARTBEAT, load);
    }

    /// The same with another [#HEARTBEAT].
    public static BaleenServer start(String host, int port, Duration heartbeat, Callable<ChatModel> load) {
        return new BaleenServer(host, port, heartbeat, load);
    }

    /// The port that is open.
    public int port() {
        return web.port();
    }

    /// Waits for the model.
    ///
    /// @throws CompletionException with the reason, if it could not be loaded
    public ChatModel awaitModel() {
        return model.join();
    }

    private ChatModel model() {
        if (!model.isDone()) {
            throw ApiException.unavailable("The model is loading");
        }
        if (model.isCompletedExceptionally()) {
            throw ApiException.unavailable(
                    "The model could not be loaded: " + model.exceptionNow().getMessage());
        }
        return model.join();
    }

    /// Ends all answers, tells those who wait for them, and closes port and model.
    @Override
    public void close() {
        loader.interrupt();
        closeModel();
        web.stop();
    }

    /// Before the web server: its threads then have their ends of the streams to send, and do not wait for more.
    private void closeModel() {
        boolean interrupted = false;
        while (loader.isAlive()) {
            try {
                loader.join();
            } catch (InterruptedException e) {
                interrupted = true; // A model that is loaded after all must be closed all the same.
            }
        }
        if (!model.isCompletedExceptionally()) {
            model.join().close();
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
