package dev.baleen.cli;

import dev.baleen.chat.ChatModel;
import dev.baleen.kernel.ComputePool;
import dev.baleen.server.BaleenServer;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// Serves the chat page and the API until it is stopped.
@Command(
        name = "serve",
        description = "Serves the chat page and an OpenAI-compatible API, until Ctrl-C.")
final class ServeCommand implements Callable<Integer> {
    private static final String WILDCARD = "0.0.0.0";

    @Spec
    private CommandSpec spec;

    @Mixin
    private ModelOption model;

    @Mixin
    private EngineOption engine;

    @Option(
            names = "--host",
            paramLabel = "ADDRESS",
            description = "The address to listen on (default: ${DEFAULT-VALUE}, this machine only).")
    private String host = "127.0.0.1";

    @Option(
            names = "--port",
            paramLabel = "PORT",
            description = "The port to listen on; 0 for any that is free (default: ${DEFAULT-VALUE}).")
    private int port = BaleenServer.PORT;

    @Override
    public Integer call() throws InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        Path path = model.path();
        CountDownLatch stopped = new CountDownLatch(1);
        try (ComputePool pool = engine.pool();
                BaleenServer server = BaleenServer.start(host, port, () -> engine.open(path, pool))) {
            String address = "http://" + (host.equals(WILDCARD) ? "localhost" : host) + ":" + server.port();
            out.println("Loading " + path + " …");
            out.flush();
            ChatModel loaded = server.awaitModel();
            out.println(loaded.engine().memoryPlan());
            if (host.equals(WILDCARD)) {
                out.println("Everybody who reaches this machine can use it: there are no keys. Put a proxy in front.");
            }
            out.println("Baleen is ready: chat at " + address + " , API at " + address + "/v1 . Ctrl-C stops it.");
            out.flush();
            awaitSignal(stopped);
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException reason ? reason : e;
        } finally {
            stopped.countDown();
        }
        return 0;
    }

    /// Returns when the process is asked to end; the process then waits for `closed`, so that all is left clean.
    private static void awaitSignal(CountDownLatch closed) throws InterruptedException {
        CountDownLatch signal = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(Thread.ofPlatform().unstarted(() -> {
            signal.countDown();
            try {
                closed.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }));
        signal.await();
    }
}
