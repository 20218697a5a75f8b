package dev.baleen.cli;

import dev.baleen.hub.Hub;
import dev.baleen.hub.HubCache;
import dev.baleen.hub.HubSettings;
import dev.baleen.hub.LastUse;
import dev.baleen.hub.LocalModel;
import dev.baleen.hub.LocalModels;
import dev.baleen.hub.ModelReference;
import dev.baleen.hub.NearNames;
import dev.baleen.hub.ShortName;
import dev.baleen.hub.ShortNames;
import java.io.Console;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/// From what somebody typed to a model that is there: a path, the name of one that ships with the program, or the
/// name of one in the cache. One that is not there yet is fetched after asking, where there is somebody to ask.
final class ModelFinder {
    /// Where the launcher says that the program lives.
    private static final String HOME = "baleen.home";

    private ModelFinder() {}

    /// @param how what to do to name another, such as `with --model`
    /// @throws ParameterException if there is none, with what is near
    static Path find(CommandSpec spec, String text, String how) {
        Optional<Path> typed = path(text);
        if (typed.isPresent() && Files.exists(typed.get())) {
            return used(typed.get());
        }
        if (isPlainName(text) && Files.isDirectory(shippedFolder().resolve(text))) {
            return used(shippedFolder().resolve(text));
        }
        Optional<ModelReference> reference = isBelowAFolder(typed) ? Optional.empty() : reference(text);
        if (reference.isEmpty()) {
            throw new ParameterException(
                    spec.commandLine(),
                    "There is no model at %s; name a GGUF file, a Hugging Face folder or a model's name %s%s"
                            .formatted(text, how, perhaps(text)));
        }
        HubSettings settings = HubSettings.ofEnvironment();
        return used(LocalModels.find(HubCache.of(settings), reference.get())
                .map(LocalModel::path)
                .orElseGet(() -> fetch(spec, settings, text, reference.get())));
    }

    /// The model that a name stands for, here or on a hub; empty if the text is no name.
    static Optional<ModelReference> reference(String text) {
        return ShortNames.find(text).or(() -> ModelReference.find(text));
    }

    /// The folder with the models that ship with the program.
    static Path shippedFolder() {
        return Path.of(System.getProperty(HOME, ".")).resolve("models");
    }

    /// Names and files that may be meant, as the end of a message; nothing if there are none.
    static String perhaps(String text) {
        HubCache cache = HubCache.of(HubSettings.ofEnvironment());
        Stream<String> names = Stream.concat(
                LocalModels.all(cache).stream().map(LocalModel::name),
                ShortNames.all().stream().map(ShortName::name));
        List<String> near = Stream.concat(neighbours(text).stream(), NearNames.of(text, names).stream())
                .toList();
        return near.isEmpty() ? "" : "; perhaps you mean " + String.join(", ", near);
    }

    private static Path fetch(CommandSpec spec, HubSettings settings, String text, ModelReference model) {
        String size = ShortNames.all().stream()
                .filter(each -> each.model().equals(model))
                .map(each -> " (" + each.size() + ")")
                .findFirst()
                .orElse("");
        Optional<Console> terminal = Terminal.find();
        if (terminal.isEmpty() || settings.offline()) {
            throw new ParameterException(
                    spec.commandLine(),
                    "%s is not on this machine; ./baleen pull %s fetches it%s%s"
                            .formatted(text, text, size, ShortNames.find(text).isPresent() ? "" : perhaps(text)));
        }
        String answer = terminal.get()
                .readLine(
                        "%s is not on this machine. Fetch %s%s from %s? [Y/n] ",
                        text, text.equals(model.toString()) ? "it" : model, size, settings.endpoint());
        if (answer == null
                || !answer.isBlank() && !answer.strip().toLowerCase(Locale.ROOT).startsWith("y")) {
            throw new ParameterException(spec.commandLine(), "There is no model " + text);
        }
        try {
            return PullCommand.pull(spec, settings, model, Hub.MAIN, Hub.CONNECTIONS);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while fetching " + model, e);
        }
    }

    /// Notes the use of a model that `./baleen models` lists.
    private static Path used(Path path) {
        HubSettings settings = HubSettings.ofEnvironment();
        Path absolute = path.toAbsolutePath().normalize();
        if (absolute.startsWith(settings.cache())
                || absolute.startsWith(shippedFolder().toAbsolutePath().normalize())) {
            new LastUse(settings.lastUse()).note(absolute);
        }
        return path;
    }

    /// Files and folders where the text points to, if it points anywhere, with names like its last.
    private static List<String> neighbours(String text) {
        Optional<Path> typed = path(text);
        Optional<Path> folder =
                typed.map(path -> path.toAbsolutePath().normalize().getParent());
        if (folder.isEmpty() || !Files.isDirectory(folder.get())) {
            return List.of();
        }
        String name = typed.get().getFileName().toString();
        String before = text.substring(0, Math.max(0, text.length() - name.length()));
        try (Stream<Path> files = Files.list(folder.get())) {
            List<String> names = files.map(file -> file.getFileName().toString())
                    .limit(1_000)
                    .toList();
            return NearNames.of(name, names.stream()).stream()
                    .map(near -> before + near)
                    .toList();
        } catch (IOException e) {
            return List.of(); // A folder that cannot be read has no names to offer.
        }
    }

    /// Whether the text is a path into a folder that is there, and so no name on a hub.
    private static boolean isBelowAFolder(Optional<Path> typed) {
        return typed.map(Path::getParent).filter(Files::isDirectory).isPresent();
    }

    private static boolean isPlainName(String text) {
        return !text.isEmpty() && !text.contains("/") && !text.contains("\\") && !text.startsWith(".");
    }

    private static Optional<Path> path(String text) {
        try {
            return Optional.of(Path.of(text));
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }
}
