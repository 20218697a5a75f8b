package dev.baleen.cli;

import dev.baleen.checkpoint.Checkpoint;
import dev.baleen.dtype.DType;
import dev.baleen.kernel.Backends;
import dev.baleen.kernel.ComputePool;
import dev.baleen.kernel.EagerOps;
import dev.baleen.kernel.Span;
import dev.baleen.model.Architectures;
import dev.baleen.model.Batch;
import dev.baleen.model.KvCache;
import dev.baleen.model.Model;
import dev.baleen.model.StepMemory;
import dev.baleen.tensor.Tensor;
import dev.baleen.tensor.Workspace;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// Writes the logits of every position of a prompt: what people compare implementations by.
@Command(
        name = "logits",
        description = {
            "Writes the logits of every position of a prompt to a file,",
            "as little-endian floats, positions times vocabulary: what implementations are compared by."
        })
final class LogitsCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private ModelOption model;

    @Option(
            names = "--tokens",
            required = true,
            split = ",",
            paramLabel = "ID",
            description = "The prompt's token ids, such as 5,17,9.")
    private int[] tokens = {};

    @Option(
            names = {"-o", "--output"},
            required = true,
            paramLabel = "FILE",
            description = "Where the logits go.")
    private Path output = Path.of("");

    @Option(
            names = "--greedy",
            paramLabel = "N",
            description = "Then append N tokens, each time the likeliest, and print their ids as one line of JSON.")
    private int greedy;

    @Option(names = "--step-by-step", description = "Feed the prompt one token at a time instead of in one batch.")
    private boolean stepByStep;

    @Mixin
    private ThreadsOption threads;

    @Override
    public Integer call() throws IOException {
        try (ComputePool pool = threads.pool();
                Checkpoint checkpoint = Checkpoint.open(model.path())) {
            Model loaded = Architectures.load(checkpoint);
            check(loaded);
            int positions = tokens.length + greedy;
            int[] pages = IntStream.range(0, KvCache.pagesFor(positions)).toArray();
            int rows = stepByStep ? 1 : tokens.length;
            try (Workspace workspace = new Workspace(StepMemory.bytes(loaded, rows, rows));
                    KvCache cache = KvCache.allocate(loaded.cacheLayout(), pages.length, DType.F32);
                    OutputStream out = Files.newOutputStream(output)) {
                EagerOps ops = new EagerOps(Backends.best(pool), workspace);
                // Where scores are equal, as a reference does that computes the prompt at once, and then step by step.
                EagerOps atOnce = ops.comparedWith(tokens.length);
                float[] last = prompt(new Run(loaded, atOnce, workspace, cache, pages), out);
                if (greedy > 0) {
                    Run steps = new Run(loaded, ops.comparedWith(0), workspace, cache, pages);
                    print(steps.greedy(last, tokens.length, greedy));
                }
            }
        }
        return ExitCode.OK;
    }

    private void check(Model loaded) {
        if (greedy < 0) {
            throw new ParameterException(
                    spec.commandLine(), "--greedy is " + greedy + "; it has to be at least 0, where 0 appends nothing");
        }
        for (int token : tokens) {
            if (token < 0 || token >= loaded.vocabularySize()) {
                throw new ParameterException(
                        spec.commandLine(),
                        "--tokens: %d is no token of this model, whose vocabulary has the ids 0 to %d"
                                .formatted(token, loaded.vocabularySize() - 1));
            }
        }
        if (tokens.length + greedy > loaded.contextLength()) {
            throw new ParameterException(
                    spec.commandLine(),
                    ("%d positions are more than the %d that this model was made for;"
                                    + " use fewer --tokens or a smaller --greedy")
                            .formatted(tokens.length + greedy, loaded.contextLength()));
        }
    }

    /// Writes the prompt's logits and returns those of its last position.
    private float[] prompt(Run run, OutputStream out) throws IOException {
        Tensor logits = run.feed(stepByStep ? Arrays.copyOf(tokens, 1) : tokens, 0);
        write(logits, out);
        for (int i = 1; stepByStep && i < tokens.length; i++) {
            logits = run.feed(new int[] {tokens[i]}, i);
            write(logits, out);
        }
        return logits.slice(logits.rows() - 1, logits.rows()).toFloats();
    }

    private static void write(Tensor logits, OutputStream out) throws IOException {
        ByteBuffer row = ByteBuffer.allocate(logits.columns() * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < logits.rows(); i++) {
            row.asFloatBuffer().put(logits.slice(i, i + 1).toFloats());
            out.write(row.array());
        }
    }

    private void print(int[] continuation) {
        PrintWriter out = spec.commandLine().getOut();
        out.println(Arrays.stream(continuation).mapToObj(Integer::toString).collect(Collectors.joining(",", "[", "]")));
        out.flush();
    }

    /// One sequence over a cache of its own.
    private record Run(Model model, EagerOps ops, Workspace workspace, KvCache cache, int[] pages) {
        Tensor feed(int[] tokens, int position) {
            workspace.reset();
            Span[] spans = {new Span(0, tokens.length, position, pages, 0)};
            int[] all = IntStream.range(0, tokens.length).toArray();
            return model.forward(ops, new Batch(tokens, spans, all), cache);
        }

        int[] greedy(float[] logits, int position, int count) {
            int[] continuation = new int[count];
            for (int i = 0; i < count; i++) {
                continuation[i] = argmax(logits);
                if (i + 1 < count) {
                    logits = feed(new int[] {continuation[i]}, position + i).toFloats();
                }
            }
            return continuation;
        }

        private static int argmax(float[] values) {
            int best = 0;
            for (int i = 1; i < values.length; i++) {
                if (values[i] > values[best]) {
                    best = i;
                }
            }
            return best;
        }
    }
}
