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
            description =
                    "A GGUF file or a folder in Hugging Face layout; without it the model that ships with Baleen.")
    private Optional<Path> path = Optional.empty();

    /// The model's path, which exists.
    Path path() {
        Path chosen = path.orElseGet(ModelOption::shipped);
        if (!Files.exists(chosen)) {
            throw missing(spec, chosen, "with --model");
        }
        return chosen;
    }

    /// What to throw where there is no model.
    static ParameterException missing(CommandSpec spec, Path path, String how) {
        return new ParameterException(
                spec.commandLine(),
                "There is no model at %s; name a GGUF file or a Hugging Face folder %s".formatted(path, how));
    }

    /// The small model of our own.
    static Path shipped() {
        return Path.of(System.getProperty(HOME, ".")).resolve("models").resolve("sprout");
    }
}
