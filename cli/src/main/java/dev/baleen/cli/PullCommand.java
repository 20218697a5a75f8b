package dev.baleen.cli;

import dev.baleen.hub.Hub;
import dev.baleen.hub.HubSettings;
import dev.baleen.hub.ModelReference;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Fetches a model from a hub.
@Command(
        name = "pull",
        description = {
            "Fetches a model from a hub, into a cache that other programs share.",
            "It is Hugging Face's cache, and their programs use what lies there.",
            "Started again after a cut, a pull goes on where it stopped.",
            "",
            "HF_ENDPOINT names another hub, HF_TOKEN says who asks, HF_HUB_CACHE or",
            "HF_HOME where files go; HTTPS_PROXY and NO_PROXY are honoured."
        })
final class PullCommand implements Callable<Integer> {
    private static final int CONNECTIONS_MAX = 32;

    @Spec
    private CommandSpec spec;

    @Parameters(
            paramLabel = "NAME",
            description = "org/name, org/name:QUANTIZATION, org/name:FILE, or a short name from ./baleen models.")
    private String name = "";

    @Option(
            names = "--revision",
            paramLabel = "REVISION",
            description = "A branch, a tag or a commit (default: ${DEFAULT-VALUE}).")
    private String revision = Hub.MAIN;

    @Option(
            names = "--connections",
            paramLabel = "N",
            description = "How many at once for each file (default: ${DEFAULT-VALUE}).")
    private int connections = Hub.CONNECTIONS;

    @Override
    public Integer call() throws IOException, InterruptedException {
        if (connections < 1 || connections > CONNECTIONS_MAX) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--connections is %d; it has to be from 1 to %d".formatted(connections, CONNECTIONS_MAX));
        }
        ModelReference model = ModelFinder.reference(name)
                .orElseThrow(() -> new ParameterException(
                        spec.commandLine(), "'%s' is no model's name%s".formatted(name, ModelFinder.perhaps(name))));
        Path path = pull(spec, HubSettings.ofEnvironment(), model, revision, connections);
        PrintWriter out = spec.commandLine().getOut();
        out.println(path);
        out.flush();
        return ExitCode.OK;
    }

    /// Fetches with a bar on standard error.
    static Path pull(CommandSpec spec, HubSettings settings, ModelReference model, String revision, int connections)
            throws IOException, InterruptedException {
        boolean terminal = Terminal.isThere();
        PullBar bar = new PullBar(spec.commandLine().getErr(), terminal, System::nanoTime);
        try (Hub hub = Hub.open(settings)) {
            return hub.pull(model, revision, connections, bar);
        } finally {
            bar.end();
        }
    }
}
