package dev.baleen.cli;

import dev.baleen.chat.Tokenizers;
import dev.baleen.checkpoint.Checkpoint;
import dev.baleen.evaluation.Evaluator;
import dev.baleen.evaluation.Exam;
import dev.baleen.evaluation.Scores;
import dev.baleen.kernel.Backends;
import dev.baleen.kernel.ComputePool;
import dev.baleen.model.Architectures;
import dev.baleen.recipe.Recipe;
import dev.baleen.task.Split;
import dev.baleen.task.Task;
import dev.baleen.task.Tasks;
import dev.baleen.training.TerminalProgress;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
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
import picocli.CommandLine.Spec;

/// Scores a model on problems that training never saw.
@Command(
        name = "eval",
        description = {
            "Scores a model on problems that no training saw, task by task.",
            "Greedy: the same model gets the same scores."
        })
final class EvalCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private ModelOption model;

    @Option(names = "--problems", paramLabel = "N", description = "Problems of each task (default: ${DEFAULT-VALUE}).")
    private int problems = Recipe.sprout().examProblems();

    @Option(
            names = "--reworded",
            paramLabel = "N",
            description =
                    "Further problems of each task, in wordings that training never used (default: ${DEFAULT-VALUE}).")
    private int reworded = Recipe.sprout().examReworded();

    @Option(
            names = "--task",
            arity = "1..*",
            paramLabel = "NAME",
            completionCandidates = TaskNames.class,
            description = "Only these tasks, of ${COMPLETION-CANDIDATES}.")
    private List<String> tasks = new ArrayList<>();

    @Option(
            names = "--split",
            paramLabel = "SPLIT",
            description = "What the problems are drawn from: ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
    private Split split = Split.TEST;

    @Option(
            names = {"-s", "--seed"},
            paramLabel = "N",
            description = "Which problems are drawn (default: ${DEFAULT-VALUE}).")
    private long seed = Recipe.sprout().seed();

    @Option(names = "--json", paramLabel = "FILE", description = "Write the scores there too, for programs.")
    private Optional<Path> json = Optional.empty();

    @Mixin
    private ThreadsOption threads;

    /// The names of all tasks, for --help and for shells.
    static final class TaskNames implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return Tasks.all().stream().map(Task::name).iterator();
        }
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        Exam exam = exam();
        Scores scores;
        boolean terminal = Terminal.isThere();
        TerminalProgress progress = new TerminalProgress(System.err, terminal);
        try (Checkpoint checkpoint = Checkpoint.open(model.path());
                ComputePool pool = threads.pool()) {
            Evaluator evaluator =
                    new Evaluator(Architectures.load(checkpoint), Tokenizers.of(checkpoint), Backends.best(pool));
            scores = evaluator.evaluate(exam, progress);
        }
        progress.end();
        if (json.isPresent()) {
            Files.writeString(json.get(), scores.toJson().toPrettyString() + "\n");
        }
        PrintWriter out = spec.commandLine().getOut();
        out.print(scores.table());
        out.printf(
                Locale.ROOT,
                "%s split %s, seed %d; ± is half of a 95 %% interval; %,.0f tokens/s%n",
                scores.split().name().toLowerCase(Locale.ROOT),
                Split.VERSION,
                scores.seed(),
                scores.tokensPerSecond());
        out.flush();
        return ExitCode.OK;
    }

    private Exam exam() {
        try {
            List<Task> asked = tasks.isEmpty()
                    ? Tasks.all()
                    : tasks.stream().map(Tasks::byName).toList();
            return new Exam(asked, split, problems, reworded, seed);
        } catch (IllegalArgumentException e) {
            throw new ParameterException(spec.commandLine(), String.valueOf(e.getMessage()));
        }
    }
}
