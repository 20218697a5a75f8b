package dev.baleen.cli;

import java.nio.file.Path;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/// `--model`, the same for every command: the model that ships with the program unless another is named.
final class ModelOption {
    private static final String SHIPPED = "sprout";

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec;

    @Option(
            names = {"-m", "--model"},
            paramLabel = "MODEL",
            description = "A GGUF file, a folder in Hugging Face layout, or the name of a model, such as"
                    + " deepseek-r1:1.5b or org/name:Q4_K_M; without it the model that ships with Baleen.")
    private Optional<String> model = Optional.empty();

    /// The model's path, which exists.
    Path path() {
        return model.map(text -> ModelFinder.find(spec, text, "with --model")).orElseGet(ModelOption::shipped);
    }

    /// The small model of our own.
    static Path shipped() {
        return ModelFinder.shippedFolder().resolve(SHIPPED);
    }
}
