package dev.baleen.cli;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// `--model`, the same for every command: the model that ships with the program unless another is named.
final class ModelOption {
    /// Where the launcher says that the program lives.
    private static final String HOME = "baleen.home";

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Option(
            names = {"-m", "--model"},
            paramLabel = "PATH",
            description = "A GGUF file or a folder in Hugging Face layout; without it the model that ships with Baleen.")
    private Optional<Path> path = Optional.empty();

    /// The model's path, which exists.
    Path path() {
        Path chosen = path.orElseGet(() -> shipped());
        if (!Files.exists(chosen)) {
            throw new ParameterException(
                    spec.commandLine(),
                    "There is no model at " + chosen + "; name a GGUF file or a Hugging Face folder with --model");
        }
        return chosen;
    }

    /// What people call the model: its folder's or file's name.
    String name() {
        String name = path().toAbsolutePath().normalize().getFileName().toString();
        return name.endsWith(".gguf") ? name.substring(0, name.length() - ".gguf".length()) : name;
    }

    /// The small model of our own.
    static Path shipped() {
        return Path.of(System.getProperty(HOME, ".")).resolve("models").resolve("sprout");
    }
}
