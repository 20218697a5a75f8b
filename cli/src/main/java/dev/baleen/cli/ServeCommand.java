package dev.baleen.cli;

import dev.baleen.chat.ChatModel;
import dev.baleen.generation.EngineOptions;
import dev.baleen.generation.MemoryPlan;
import dev.baleen.kernel.ComputePool;
import dev.baleen.server.BaleenServer;
import java.io.PrintWriter;
import java.net.SocketException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.logging.Level;
import java.util.logging.Logger;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// Serves the chat page and the API until it is stopped.
@Command(name = "serve", description = "Serves the chat page and an OpenAI-compatible API, until Ctrl-C.")
final class ServeCommand implements Callable<Integer> {
    private static final String WILDCARD = "0.0.0.0";

    /// Held, because a logger that nobody holds forgets its level.
    private static final Logger HELIDON = Logger.getLogger("io.helidon");

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

    @Option(
            names = {"-np", "--parallel"},
            paramLabel = "N",
            description = "The most answers that are computed at once (default: ${DEFAULT-VALUE}).")
    private int parallel = EngineOptions.defaults().sequencesMax();

    @Option(
            names = "--max-queue",
            paramLabel = "N",
            description = "The most requests that wait; more are refused (default: ${DEFAULT-VALUE}).")
    private int queueMax = EngineOptions.defaults().queueMax();

    @Override
    public Integer call() throws InterruptedException {
        PrintWriter out = spec.commandLine().getOut();
        HELIDON.setLevel(Level.WARNING);
        Path path = model.path();
        CountDownLatch stopped = new CountDownLatch(1);
        try (ComputePool pool = engine.pool();
                BaleenServer server = start(path, pool)) {
            String address = "http://" + (host.equals(WILDCARD) ? "localhost" : host) + ":" + server.port();
            ChatModel loaded = server.awaitModel();
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
        return ExitCode.OK;
    }

    private BaleenServer start(Path path, ComputePool pool) {
        try {
            return BaleenServer.start(
                    host, port, () -> engine.open(path, pool, parallel, queueMax, plan -> tell(path, plan)));
        } catch (RuntimeException e) {
            for (Throwable cause = e; cause != null; cause = cause.getCause()) {
                if (cause instanceof SocketException || cause instanceof UnresolvedAddressException) {
                    throw new IllegalArgumentException(
                            ("Cannot listen on port %d of %s (%s);"
                                            + " choose another with --port (0 for any that is free) or --host")
                                    .formatted(port, host, cause.getMessage()),
                            e);
                }
            }
            throw e;
        }
    }

    private void tell(Path path, MemoryPlan plan) {
        PrintWriter out = spec.commandLine().getOut();
        out.println("Loading " + path + " …");
        out.println(plan);
        plan.expectation().ifPresent(out::println);
        out.flush();
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
