package dev.baleen.cli;

import dev.baleen.chat.Tokenizers;
import dev.baleen.tokenizer.Tokenizer;
import dev.baleen.tokenizer.TokenizerBenchmark;
import dev.baleen.tokenizer.TokenizerBenchmark.Measurement;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/// How fast text becomes ids, and ids text.
@Command(
        name = "tokenizer",
        description = {
            "Measures how fast a model's tokenizer is on one core,",
            "on 4 MB of English that is made by rule. Takes about six seconds."
        })
final class BenchTokenizerCommand implements Callable<Integer> {
    @Spec
    private CommandSpec spec;

    @Mixin
    private ModelOption model;

    @Option(
            names = {"-r", "--repetitions"},
            paramLabel = "N",
            description = "How often each is measured; the fastest counts (default: ${DEFAULT-VALUE}).")
    private int repetitions = 5;

    @Override
    public Integer call() throws IOException {
        if (repetitions < 1) {
            throw new ParameterException(
                    spec.commandLine(), "--repetitions is %d; it has to be at least 1".formatted(repetitions));
        }
        long start = System.nanoTime();
        Tokenizer tokenizer = Tokenizers.of(model.path());
        double loadMillis = (System.nanoTime() - start) / 1e6;
        PrintWriter out = spec.commandLine().getOut();
        out.printf(
                Locale.ROOT,
                "tokenizer  %s: %,d tokens, read in %.0f ms%n",
                model.path().getFileName(),
                tokenizer.vocabularySize(),
                loadMillis);
        out.flush();
        Measurement english = TokenizerBenchmark.english(tokenizer, repetitions);
        out.printf(
                Locale.ROOT,
                "English    %.1f bytes a token, one core%n"
                        + "encode     %,.1f MB/s, %,.0f tokens/s%n"
                        + "decode     %,.1f MB/s%n",
                english.bytesPerToken(),
                english.encodeMegabytesPerSecond(),
                english.encodeMegabytesPerSecond() * 1e6 / english.bytesPerToken(),
                english.decodeMegabytesPerSecond());
        out.flush();
        return ExitCode.OK;
    }
}
