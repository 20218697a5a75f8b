package dev.baleen.cli;

import dev.baleen.hub.HubCache;
import dev.baleen.hub.HubSettings;
import dev.baleen.hub.LastUse;
import dev.baleen.hub.ModelReference;
import dev.baleen.hub.Removal;
import dev.baleen.tensor.ByteCount;
import java.io.Console;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Removes a model from this machine.
@Command(
        name = "rm",
        description = {"Removes a model from the cache that programs share.", "Bytes that another model needs too stay."
        })
final class RemoveCommand implements Callable<Integer> {
    private static final int LISTED_MAX = 20;

    @Spec
    private CommandSpec spec;

    @Parameters(
            paramLabel = "NAME",
            description = "A name that ./baleen models lists; org/name alone is all that is here of it.")
    private String name = "";

    @Option(
            names = {"-y", "--yes"},
            description = "Do not ask.")
    private boolean yes;

    @Override
    public Integer call() throws IOException {
        ModelReference model = ModelFinder.reference(name)
                .orElseThrow(() -> new ParameterException(
                        spec.commandLine(),
                        "'%s' is no model that was pulled%s".formatted(name, ModelFinder.perhaps(name))));
        HubSettings settings = HubSettings.ofEnvironment();
        HubCache cache = HubCache.of(settings);
        Removal removal = Removal.plan(cache, model);
        PrintWriter out = spec.commandLine().getOut();
        if (!yes) {
            removal.files().stream().limit(LISTED_MAX).forEach(out::println);
            if (removal.files().size() > LISTED_MAX) {
                out.printf("and %,d more%n", removal.files().size() - LISTED_MAX);
            }
            out.flush();
            if (!isAgreed(model, removal.bytes())) {
                out.println("Nothing was removed.");
                out.flush();
                return ExitCode.OK;
            }
        }
        long bytes = removal.bytes();
        removal.run();
        LastUse lastUse = new LastUse(settings.lastUse());
        for (Path file : removal.files()) {
            lastUse.forget(cache.root().resolve(file));
        }
        out.printf("Removed %s; %s are free again.%n", model, ByteCount.text(bytes));
        out.flush();
        return ExitCode.OK;
    }

    private boolean isAgreed(ModelReference model, long bytes) {
        Console console = Terminal.find()
                .orElseThrow(() -> new ParameterException(
                        spec.commandLine(), "There is nobody to ask whether to remove this; say --yes to do it"));
        String answer = console.readLine("Remove %s and free %s? [y/N] ", model, ByteCount.text(bytes));
        return answer != null && answer.strip().toLowerCase(Locale.ROOT).startsWith("y");
    }
}
