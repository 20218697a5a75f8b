package dev.baleen.server;

import dev.baleen.chat.ChatModel;
import dev.baleen.server.api.ApiException;
import dev.baleen.server.api.ChatCompletions;
import dev.baleen.server.api.Errors;
import dev.baleen.server.api.Health;
import dev.baleen.server.api.Models;
import dev.baleen.server.api.OriginCheck;
import dev.baleen.server.web.Assets;
import io.helidon.webserver.WebServer;
import io.helidon.webserver.http.HttpRouting;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/// The API and the chat page on one port.
///
/// The port opens at once; the model is loaded meanwhile, and until it is there requests for it get 503.
public final class BaleenServer implements AutoCloseable {
    /// The port where nobody else lives by habit.
    public static final int PORT = 2253;

    private final WebServer web;
    private final CompletableFuture<ChatModel> model = new CompletableFuture<>();
    private final Thread loader;

    private BaleenServer(String host, int port, Callable<ChatModel> load) {
        HttpRouting.Builder routing = HttpRouting.builder()
                .addFilter(new OriginCheck(host))
                .register(new ChatCompletions(this::model))
                .register(new Models(this::model))
                .register(new Health(this::model))
                .register(new Assets());
        Errors.register(routing);
        web = WebServer.builder()
                .host(host)
                .port(port)
                .shutdownHook(false)
                .addRouting(routing)
                .build()
                .start();
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
        return new BaleenServer(host, port, load);
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

    @Override
    public void close() {
        loader.interrupt();
        web.stop();
        if (model.isDone() && !model.isCompletedExceptionally()) {
            model.join().close();
        }
    }
}
