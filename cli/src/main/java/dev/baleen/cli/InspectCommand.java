package dev.baleen.cli;

import dev.baleen.checkpoint.Checkpoint;
import dev.baleen.checkpoint.CheckpointException;
import dev.baleen.checkpoint.TensorEntry;
import dev.baleen.generation.EngineOptions;
import dev.baleen.generation.MemoryPlan;
import dev.baleen.model.Architectures;
import dev.baleen.model.Model;
import dev.baleen.tensor.Tensor;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// What is in a checkpoint, without running it.
@Command(name = "inspect", description = "Shows a model's architecture, sizes, tensors and memory plan.")
final class InspectCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Parameters(
            arity = "0..1",
            paramLabel = "MODEL",
            description =
                    "A GGUF file, a folder in Hugging Face layout or a model's name; without it the model that ships"
                            + " with Baleen.")
    private Optional<String> model = Optional.empty();

    @Option(names = "--tensors", description = "List every tensor.")
    private boolean tensors;

    /// Tensors of one type.
    private static final class Total {
        private int tensors;
        private long elements;
        private long bytes;
    }

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        Path path = model.map(text -> ModelFinder.find(spec, text, "instead")).orElseGet(ModelOption::shipped);
        try (Checkpoint checkpoint = Checkpoint.open(path)) {
            out.println(path);
            try {
                describe(Architectures.load(checkpoint), out);
            } catch (CheckpointException e) {
                out.println("cannot be run: " + e.getMessage());
            }
            totals(checkpoint, out);
            if (tensors) {
                checkpoint
                        .entries()
                        .forEach((name, entry) ->
                                out.printf("  %-70s %-8s %s%n", name, entry.typeName(), entry.shape()));
            }
        }
        out.flush();
        return ExitCode.OK;
    }

    private static void describe(Model model, PrintWriter out) {
        long parameters =
                model.parameters().values().stream().mapToLong(Tensor::elements).sum();
        EngineOptions options = EngineOptions.defaults();
        out.printf("  architecture  %s%n", model.architecture());
        out.printf("  parameters    %,d%n", parameters);
        out.printf("  vocabulary    %,d%n", model.vocabularySize());
        out.printf("  context       %,d tokens%n", model.contextLength());
        out.printf(
                "  cache         %,d bytes a token in %s%n",
                model.cacheLayout().bytesPerToken(options.cacheType()), options.cacheType());
        try {
            out.printf("  memory        %s%n", MemoryPlan.of(model, options));
        } catch (IllegalArgumentException e) {
            out.printf("  memory        %s%n", e.getMessage());
        }
    }

    private static void totals(Checkpoint checkpoint, PrintWriter out) {
        Map<String, Total> totals = new TreeMap<>();
        for (TensorEntry entry : checkpoint.entries().values()) {
            Total total = totals.computeIfAbsent(entry.typeName(), type -> new Total());
            total.tensors++;
            total.elements += entry.shape().elements();
            total.bytes += entry.bytes();
        }
        totals.forEach((type, total) -> out.printf(
                "  %-12s  %,d tensors, %,d numbers, %s%n",
                type, total.tensors, total.elements, MemoryPlan.size(total.bytes)));
    }
}
