package dev.baleen.cli;

import dev.baleen.checkpoint.Checkpoint;
import dev.baleen.generation.EngineOptions;
import dev.baleen.generation.MemoryPlan;
import dev.baleen.generation.ModelBenchmark;
import dev.baleen.generation.ModelBenchmark.Measurement;
import dev.baleen.kernel.Backends;
import dev.baleen.kernel.Bounds;
import dev.baleen.kernel.ComputePool;
import dev.baleen.kernel.Kernels;
import dev.baleen.model.Architectures;
import dev.baleen.model.Model;
import dev.baleen.tensor.Tensor;
import java.io.PrintWriter;
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

/// How fast a model runs here, and how fast it could at most.
@Command(
        name = "bench",
        description = {
            "Measures how fast a model reads a prompt and writes an answer,",
            "beside what this machine's memory and arithmetic would allow, measured in the same run."
        },
        subcommands = {BenchKernelsCommand.class, BenchTokenizerCommand.class})
final class BenchCommand implements Callable<Integer> {
    private static final int PROMPT_TOKENS = 512;
    private static final int ANSWER_TOKENS = 128;

    @Spec
    private CommandSpec spec;

    @Mixin
    private ModelOption model;

    @Option(
            names = {"-p", "--prompt-tokens"},
            paramLabel = "TOKENS",
            description = "Tokens of the prompt; 0 for none (default: " + PROMPT_TOKENS + ", or what the model holds).")
    private Optional<Integer> promptTokens = Optional.empty();

    @Option(
            names = {"-n", "--answer-tokens"},
            paramLabel = "TOKENS",
            description = "Tokens of the answer; 0 for none (default: " + ANSWER_TOKENS + ", or what the model holds).")
    private Optional<Integer> answerTokens = Optional.empty();

    @Option(
            names = {"-r", "--repetitions"},
            paramLabel = "N",
            description = "How often each is measured; the fastest counts (default: ${DEFAULT-VALUE}).")
    private int repetitions = 5;

    @Mixin
    private ThreadsOption threads;

    @Override
    public Integer call() {
        PrintWriter out = spec.commandLine().getOut();
        try (Checkpoint checkpoint = Checkpoint.open(model.path());
                ComputePool pool = threads.pool()) {
            Model loaded = Architectures.load(checkpoint);
            Kernels kernels = Backends.best(pool);
            int prompt = tokens("--prompt-tokens", promptTokens, PROMPT_TOKENS, loaded);
            int answer = tokens("--answer-tokens", answerTokens, ANSWER_TOKENS, loaded);
            ModelBenchmark benchmark = new ModelBenchmark(loaded, kernels, repetitions);
            Optional<Bounds> bounds = Bounds.measure(pool);
            describe(loaded, kernels, bounds, Math.max(1, Math.max(prompt, answer)), out);
            out.printf("%-16s %10s %11s %9s   %s%n", "", "tokens/s", "bound", "of bound", "bound by");
            if (prompt > 0) {
                line("prompt of " + prompt, benchmark.prompt(prompt), bounds, out);
            }
            if (answer > 0) {
                line("answer of " + answer, benchmark.answer(answer), bounds, out);
            }
        }
        return ExitCode.OK;
    }

    private int tokens(String option, Optional<Integer> asked, int usual, Model loaded) {
        int most = loaded.contextLength();
        int tokens = asked.orElse(Math.min(usual, most));
        if (tokens < 0 || tokens > most) {
            throw new ParameterException(
                    spec.commandLine(),
                    "%s is %,d; it has to be from 0 to %,d, which this model was made for"
                            .formatted(option, tokens, most));
        }
        return tokens;
    }

    private void describe(Model loaded, Kernels kernels, Optional<Bounds> bounds, int contextTokens, PrintWriter out) {
        long parameters = 0;
        long bytes = 0;
        for (Tensor weight : loaded.parameters().values()) {
            parameters += weight.elements();
            bytes += weight.data().byteSize();
        }
        out.printf(
                Locale.ROOT,
                "model      %s: %s, %,d parameters in %s%n",
                model.path().getFileName(),
                loaded.architecture(),
                parameters,
                MemoryPlan.size(bytes));
        out.printf("kernels    %s%n", kernels.description());
        bounds.ifPresent(machine -> out.printf(
                Locale.ROOT,
                "machine    reads %.1f GB/s, computes %.1f GFLOP/s%n",
                machine.bytesPerSecond() / 1e9,
                machine.operationsPerSecond() / 1e9));
        EngineOptions options = EngineOptions.defaults().withSequencesMax(1).withContextTokensMax(contextTokens);
        MemoryPlan plan = MemoryPlan.of(loaded, options);
        out.printf("memory     %s%n", plan);
        plan.expectation().ifPresent(line -> out.printf("           %s%n", line));
        out.println();
        out.flush();
    }

    private static void line(String what, Measurement measured, Optional<Bounds> bounds, PrintWriter out) {
        out.printf(Locale.ROOT, "%-16s %,10.1f", what, measured.tokensPerSecond());
        bounds.ifPresent(machine -> {
            double bound = measured.boundTokensPerSecond(machine);
            boolean memory = measured.isBoundByMemory(machine);
            out.printf(Locale.ROOT, " %,11.1f %7.0f %%   ", bound, 100 * measured.tokensPerSecond() / bound);
            out.printf(
                    Locale.ROOT,
                    memory ? "memory, %,.2f MB a token" : "arithmetic, %,.2f MFLOP a token",
                    (memory ? measured.bytes() : measured.operations()) / measured.tokens() / 1e6);
        });
        out.println();
        out.flush();
    }
}
