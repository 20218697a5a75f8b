package dev.baleen.cli;

import dev.baleen.hub.HubCache;
import dev.baleen.hub.HubSettings;
import dev.baleen.hub.LastUse;
import dev.baleen.hub.LocalModel;
import dev.baleen.hub.LocalModels;
import dev.baleen.hub.ModelReference;
import dev.baleen.hub.ShortName;
import dev.baleen.hub.ShortNames;
import dev.baleen.tensor.ByteCount;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/// What models there are.
@Command(
        name = "models",
        description = {"Lists the models that are here, and short names of others to pull."})
final class ModelsCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        PrintWriter out = spec.commandLine().getOut();
        HubSettings settings = HubSettings.ofEnvironment();
        HubCache cache = HubCache.of(settings);
        LastUse lastUse = new LastUse(settings.lastUse());
        List<LocalModel> local = local(cache);
        int width = Math.max(
                24,
                local.stream().mapToInt(model -> model.name().length()).max().orElse(0));
        String row = "%-" + width + "s  %9s  %-12s  %s%n";
        out.printf(row, "on this machine", "size", "numbers", "last used");
        for (LocalModel model : local) {
            String state = model.isWhole()
                    ? lastUse.of(model.path().toAbsolutePath().normalize())
                            .map(used -> ago(Duration.between(used, Instant.now())))
                            .orElse("never")
                    : "parts missing: " + String.join(", ", model.missing());
            out.printf(row, model.name(), ByteCount.text(model.bytes()), model.quantization(), state + called(model));
        }
        for (LocalModels.Unfinished pull : LocalModels.unfinished(cache)) {
            out.printf(row, pull.repo(), ByteCount.text(pull.bytes()), "", "an unfinished pull; start it again");
        }
        out.printf("%n%-24s  %9s  %s%n", "to pull by short name", "size", "stands for");
        for (ShortName each : ShortNames.all()) {
            out.printf("%-24s  %9s  %s%n", each.name(), each.size(), each.model());
        }
        out.flush();
        return ExitCode.OK;
    }

    private static List<LocalModel> local(HubCache cache) throws IOException {
        List<LocalModel> models = new ArrayList<>();
        Path shipped = ModelFinder.shippedFolder();
        if (Files.isDirectory(shipped)) {
            try (Stream<Path> folders = Files.list(shipped)) {
                folders.filter(Files::isDirectory)
                        .sorted()
                        .forEach(folder -> models.add(
                                LocalModels.inFolder(folder.getFileName().toString(), folder)));
            }
        }
        models.addAll(LocalModels.all(cache));
        return models;
    }

    private static String called(LocalModel model) {
        Optional<String> name = ModelReference.find(model.name()).flatMap(ShortNames::of);
        return name.map(text -> " · also " + text).orElse("");
    }

    private static String ago(Duration time) {
        if (time.toMinutes() < 2) {
            return "just now";
        }
        if (time.toHours() < 2) {
            return time.toMinutes() + " minutes ago";
        }
        return time.toDays() < 2 ? time.toHours() + " hours ago" : time.toDays() + " days ago";
    }
}
