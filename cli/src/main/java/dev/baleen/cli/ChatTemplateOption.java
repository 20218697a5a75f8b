package dev.baleen.cli;

import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Option;

/// `--chat-template-file`, the same for every command that talks to a model.
final class ChatTemplateOption {
    @Option(
            names = "--chat-template-file",
            paramLabel = "FILE",
            description = "A chat template in Jinja to be used instead of the model's own.")
    private Optional<Path> file = Optional.empty();

    Optional<Path> file() {
        return file;
    }
}
