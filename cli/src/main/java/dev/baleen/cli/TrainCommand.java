package dev.baleen.cli;

import dev.baleen.recipe.Recipe;
import dev.baleen.recipe.TrainRun;
import dev.baleen.training.Chart;
import dev.baleen.training.Metrics;
import dev.baleen.training.TerminalProgress;
import dev.baleen.training.TextChart;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// Makes a model from nothing, by one of the recipes.
@Command(
        name = "train",
        description = {
            "Makes a model from nothing: tokenizer, weights and scores.",
            "Stopped, by whatever means, it goes on where it was when it is started again."
        },
        footer = {
            "",
            "The measurements of every step are in DIR/training/metrics.csv, their chart in loss.svg beside it."
        })
final class TrainCommand implements Callable<Integer> {
    private static final Path RUNS = Path.of("runs");
    private static final int CHART_WIDTH = 79;
    private static final int CHART_HEIGHT = 14;

    @Spec
    private CommandSpec spec;

    @Parameters(
            arity = "0..1",
            paramLabel = "RECIPE",
            completionCandidates = Recipes.class,
            description = "Which model: ${COMPLETION-CANDIDATES} (default: sprout).")
    private String recipe = Recipe.sprout().name();

    @Option(
            names = {"-o", "--output"},
            paramLabel = "DIR",
            description = "Where the model goes (default: runs/RECIPE).")
    private Optional<Path> output = Optional.empty();

    @Option(
            names = "--scale",
            paramLabel = "F",
            description = "Train F times as many steps as the recipe says (default: ${DEFAULT-VALUE}).")
    private double scale = 1;

    @Option(names = "--chart", description = "Only draw the losses of a run, which may be under way.")
    private boolean chart;

    @Mixin
    private ThreadsOption threads;

    /// The names of all recipes, for --help and for shells.
    static final class Recipes implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return Recipe.all().stream().map(Recipe::name).iterator();
        }
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Recipe chosen = chosen();
        Path folder = output.orElse(RUNS.resolve(chosen.name()));
        PrintWriter out = spec.commandLine().getOut();
        if (chart) {
            draw(folder, out);
            return ExitCode.OK;
        }
        out.printf("Making %s in %s. Ctrl-C stops it; the same command goes on with it.%n", chosen.name(), folder);
        out.flush();
        boolean terminal = Terminal.isThere();
        TrainRun run = new TrainRun(chosen, folder, threads.count(), new TerminalProgress(System.out, terminal));
        TrainRun.Result result = run.run();
        draw(folder, out);
        out.println(result.scores().table());
        out.printf(
                Locale.ROOT,
                "%,d parameters, %,d tokens, %,.0f tokens/s while scoring%n",
                result.parameters(),
                result.tokens(),
                result.scores().tokensPerSecond());
        out.printf("model    %s%n", folder);
        out.printf("steps    %s%n", metrics(folder));
        out.printf("chart    %s%n", metrics(folder).resolveSibling("loss.svg"));
        out.printf("talk     ./baleen chat --model %s%n", folder);
        out.flush();
        return ExitCode.OK;
    }

    private Recipe chosen() {
        try {
            return scale == 1 ? Recipe.named(recipe) : Recipe.named(recipe).scaled(scale);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()));
        }
    }

    private void draw(Path folder, PrintWriter out) throws IOException {
        if (!Files.isRegularFile(metrics(folder))) {
            throw new ParameterException(
                    spec.commandLine(),
                    "There are no measurements in %s; name the folder of a run with --output"
                            .formatted(metrics(folder)));
        }
        List<Metrics.Row> rows = Metrics.read(metrics(folder));
        out.println(TextChart.of(Chart.losses(rows), CHART_WIDTH, CHART_HEIGHT));
        out.flush();
    }

    private static Path metrics(Path folder) {
        return folder.resolve("training").resolve("metrics.csv");
    }
}
