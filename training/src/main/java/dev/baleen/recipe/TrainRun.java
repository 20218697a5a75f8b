package dev.baleen.recipe;

import dev.baleen.checkpoint.HuggingFaceFolder;
import dev.baleen.dtype.DType;
import dev.baleen.evaluation.Evaluator;
import dev.baleen.evaluation.Exam;
import dev.baleen.evaluation.Scores;
import dev.baleen.kernel.Backends;
import dev.baleen.kernel.ComputePool;
import dev.baleen.model.Architectures;
import dev.baleen.model.DeepSeekV3;
import dev.baleen.task.Mixture;
import dev.baleen.task.Split;
import dev.baleen.task.Task;
import dev.baleen.tokenizer.BytePairEncoding;
import dev.baleen.tokenizer.TokenizerTrainer;
import dev.baleen.training.Arithmetic;
import dev.baleen.training.Chart;
import dev.baleen.training.Initialization;
import dev.baleen.training.Metrics;
import dev.baleen.training.MicroBatch;
import dev.baleen.training.Moments;
import dev.baleen.training.Packer;
import dev.baleen.training.Parameters;
import dev.baleen.training.Prefetch;
import dev.baleen.training.ProblemDocuments;
import dev.baleen.training.Progress;
import dev.baleen.training.StepReport;
import dev.baleen.training.StepSource;
import dev.baleen.training.SvgChart;
import dev.baleen.training.Trainer;
import dev.baleen.training.TrainingCheckpoint;
import dev.baleen.training.TrainingState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.stream.LongStream;

/// Everything that `./baleen train` does: tokenizer, stages of training, the model's folder, its scores.
///
/// A run that was stopped, by whatever means, goes on from its last checkpoint when it is started again on the same
/// folder, and ends with the same weights. What it needs for that, its measurements and its chart lie in the folder
/// `training` inside; the checkpoints there are removed when the model is finished.
///
/// @param output where the model goes
/// @param threads how many processors train; the weights do not depend on it
public record TrainRun(Recipe recipe, Path output, int threads, Progress progress) {
    private static final String FOLDER = "training";
    private static final int MICRO_BATCH_TOKENS_MAX = 2048;

    /// A finished run.
    public record Result(Path folder, Scores scores, long parameters, long tokens) {}

    public TrainRun {
        if (threads < 1) {
            throw new IllegalArgumentException("Training needs at least 1 thread, not " + threads);
        }
    }

    /// Runs, or goes on with, all of it.
    ///
    /// @throws IllegalStateException if the folder holds a finished model already
    /// @throws InterruptedException if the thread is interrupted: the run can be gone on with
    public Result run() throws IOException, InterruptedException {
        if (Files.exists(output.resolve("README.md"))) {
            throw new IllegalStateException(
                    "%s holds a finished model already; name another folder with --output, or remove this one"
                            .formatted(output));
        }
        progress.begin("train the tokenizer", 0);
        BytePairEncoding tokenizer = tokenizer();
        try (Parameters parameters = Parameters.allocate(DType.F32, DeepSeekV3.parameterShapes(recipe.model()));
                Moments moments = Moments.of(parameters)) {
            TrainingState state = train(tokenizer, parameters, moments);
            ModelFolder.write(output, recipe.model(), parameters, recipe.weights(), tokenizer);
            Scores scores = scores(tokenizer);
            long count = parameters.count();
            Files.writeString(
                    output.resolve(FOLDER).resolve("scores.json"),
                    scores.toJson().toPrettyString() + "\n");
            Files.writeString(output.resolve("README.md"), ModelCard.of(recipe, count, state.tokens(), scores));
            checkpoints().clear();
            progress.end();
            return new Result(output, scores, count, state.tokens());
        }
    }

    private BytePairEncoding tokenizer() {
        Mixture mixture = new Mixture(recipe.mixture(), Split.TRAIN, recipe.seed());
        Iterable<String> texts = () -> LongStream.range(0, recipe.tokenizerProblems())
                .mapToObj(mixture::problem)
                .map(problem -> problem.question() + "\n" + problem.trace() + "\n" + problem.answer())
                .iterator();
        return TokenizerTrainer.ofSize(recipe.model().vocabularySize()).train(texts);
    }

    private TrainingState train(BytePairEncoding tokenizer, Parameters parameters, Moments moments)
            throws IOException, InterruptedException {
        Optional<TrainingState> last = checkpoints().load(recipe.hash(), parameters, moments);
        if (last.isEmpty()) {
            new Initialization(recipe.seed(), recipe.deviation(), recipe.model().layers()).fill(parameters);
        }
        TrainingState state = last.orElseGet(() -> TrainingState.start(recipe.seed(), recipe.hash()));
        last.ifPresent(from -> progress.note(
                "going on from the checkpoint of %s, step %,d".formatted(title(from.stage()), from.step())));
        Files.createDirectories(output.resolve(FOLDER));
        try (Metrics metrics = new Metrics(output.resolve(FOLDER).resolve("metrics.csv"), state)) {
            while (state.stage() < recipe.stages().size()) {
                state = train(recipe.stages().get(state.stage()), state, tokenizer, parameters, moments, metrics);
                drawChart(metrics);
                state = state.nextStage();
                moments.clear();
                checkpoints().save(state, parameters, moments);
            }
        }
        return state;
    }

    private TrainingState train(
            Stage stage,
            TrainingState from,
            BytePairEncoding tokenizer,
            Parameters parameters,
            Moments moments,
            Metrics metrics)
            throws IOException, InterruptedException {
        TrainingState state = from;
        // Every stage meets problems of its own.
        Mixture mixture = new Mixture(recipe.mixture(), Split.TRAIN, recipe.seed() + 1 + state.stage());
        ProblemDocuments documents =
                new ProblemDocuments(tokenizer, recipe.model().contextLength());
        StepSource source = documents.steps(
                mixture, stage.documents(), new Packer(stage.microBatches(), microBatchTokensMax(), stage.mask()));
        Supplier<Arithmetic> arithmetic =
                () -> new Arithmetic(Backends.best(new ComputePool(1)), Backends.bestGradients());
        progress.begin(stage.title(), stage.steps());
        try (Trainer trainer = new Trainer(
                        DeepSeekV3.of(recipe.model(), parameters),
                        parameters,
                        moments,
                        state.step(),
                        stage.settings(recipe.optimizer()),
                        arithmetic,
                        threads,
                        microBatchTokensMax());
                Prefetch data = new Prefetch(source, state.step(), stage.steps())) {
            while (state.step() < stage.steps()) {
                List<MicroBatch> microBatches = data.next();
                StepReport report = trainer.step(microBatches);
                state = state.after(report);
                metrics.add(state, report);
                progress.step(state, report);
                if (state.step() % recipe.checkpointSteps() == 0 && state.step() < stage.steps()) {
                    checkpoints().save(state, parameters, moments);
                    drawChart(metrics);
                }
            }
        }
        return state;
    }

    /// Room for a document of any length; where a step's documents need more, the packer makes more micro-batches.
    private int microBatchTokensMax() {
        return Math.max(MICRO_BATCH_TOKENS_MAX, recipe.model().contextLength());
    }

    /// Scores what was written, rounded weights and all, through the engine that will serve it.
    private Scores scores(BytePairEncoding tokenizer) throws InterruptedException {
        List<Task> tasks = recipe.mixture().stream().map(Mixture.Share::task).toList();
        Exam exam = new Exam(tasks, Split.TEST, recipe.examProblems(), recipe.examReworded(), recipe.seed());
        try (HuggingFaceFolder written = HuggingFaceFolder.open(output);
                ComputePool pool = new ComputePool(threads)) {
            return new Evaluator(Architectures.load(written), tokenizer, Backends.best(pool)).evaluate(exam, progress);
        }
    }

    private void drawChart(Metrics metrics) throws IOException {
        Files.writeString(output.resolve(FOLDER).resolve("loss.svg"), SvgChart.of(Chart.losses(metrics.rows())));
    }

    private TrainingCheckpoint checkpoints() {
        return new TrainingCheckpoint(output.resolve(FOLDER).resolve("checkpoints"));
    }

    private String title(int stage) {
        return stage < recipe.stages().size() ? recipe.stages().get(stage).title() : "the finished training";
    }
}
