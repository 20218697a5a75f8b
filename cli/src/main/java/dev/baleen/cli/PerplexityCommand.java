package dev.baleen.cli;

import dev.baleen.chat.Tokenizers;
import dev.baleen.checkpoint.Checkpoint;
import dev.baleen.evaluation.TextPerplexity;
import dev.baleen.evaluation.TextPerplexity.Estimate;
import dev.baleen.evaluation.TextPerplexity.Window;
import dev.baleen.kernel.Backends;
import dev.baleen.kernel.ComputePool;
import dev.baleen.model.Architectures;
import dev.baleen.model.Model;
import dev.baleen.tokenizer.Tokenizer;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/// How well a model predicts a text: what quantizations are compared by.
@Command(
        name = "perplexity",
        description = {
            "Measures how well a model predicts a text: e to the mean cross entropy of its tokens.",
            "The text is read in windows, and the second half of each counts, as llama.cpp does it:",
            "with the same context the numbers can be compared. Control tokens in the text are text."
        })
final class PerplexityCommand implements Callable<Integer> {
    private static final int CONTEXT = 512;

    @Spec
    private CommandSpec spec;

    @Parameters(paramLabel = "FILE.txt", description = "The text, in UTF-8.")
    private Path file = Path.of("");

    @Mixin
    private ModelOption model;

    @Option(
            names = {"-c", "--context"},
            paramLabel = "TOKENS",
            description = "Tokens of a window (default: " + CONTEXT + ", or what the model holds).")
    private int context;

    @Option(
            names = "--stride",
            paramLabel = "TOKENS",
            description = "Let windows overlap, each beginning so many tokens after the one before, and count every"
                    + " token once.")
    private int stride;

    @Option(names = "--windows", paramLabel = "N", description = "Measure the first N windows only.")
    private int windowsMax = Integer.MAX_VALUE;

    @Mixin
    private ThreadsOption threads;

    @Override
    public Integer call() throws IOException {
        try (ComputePool pool = threads.pool();
                Checkpoint checkpoint = Checkpoint.open(model.path())) {
            // Bytes that are no UTF-8 become U+FFFD, as wherever text comes in.
            String text = new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
            Model loaded = Architectures.load(checkpoint);
            Tokenizer tokenizer = Tokenizers.of(checkpoint);
            OptionalInt begin = tokenizer.addsBegin() ? tokenizer.beginId() : OptionalInt.empty();
            int[] tokens = IntStream.concat(begin.stream(), IntStream.of(tokenizer.encodeOrdinary(text)))
                    .toArray();
            int length = context == 0 ? Math.min(CONTEXT, loaded.contextLength()) : context;
            List<Window> windows = windows(tokens, length, loaded);
            try (TextPerplexity measuring = new TextPerplexity(loaded, Backends.best(pool), length)) {
                measure(measuring, tokens, windows, begin);
            }
        }
        return ExitCode.OK;
    }

    private List<Window> windows(int[] tokens, int length, Model loaded) {
        if (length < 2 || length > loaded.contextLength()) {
            throw refused("--context is %,d; it has to be from 2 to %,d, which this model was made for"
                    .formatted(length, loaded.contextLength()));
        }
        if (stride < 0 || stride > length) {
            throw refused("--stride is %,d; it has to be at most --context, %,d".formatted(stride, length));
        }
        if (windowsMax < 1) {
            throw refused("--windows is %,d; it has to be at least 1".formatted(windowsMax));
        }
        List<Window> windows = TextPerplexity.windows(tokens.length, length, stride);
        if (windows.isEmpty()) {
            throw refused("%s makes %,d tokens, too few for a window of %,d; take a longer text or a smaller --context"
                    .formatted(file, tokens.length, length));
        }
        for (int token : tokens) {
            if (token >= loaded.vocabularySize()) {
                throw refused(
                        "The text makes the token %,d, and the model's vocabulary has %,d; tokenizer and weights do not belong together"
                                .formatted(token, loaded.vocabularySize()));
            }
        }
        return windows.subList(0, Math.min(windowsMax, windows.size()));
    }

    private ParameterException refused(String message) {
        return new ParameterException(spec.commandLine(), message);
    }

    private void measure(TextPerplexity measuring, int[] tokens, List<Window> windows, OptionalInt begin) {
        PrintWriter out = spec.commandLine().getOut();
        Estimate sum = Estimate.NONE;
        long read = 0;
        long start = System.nanoTime();
        for (int i = 0; i < windows.size(); i++) {
            sum = sum.plus(measuring.measure(tokens, windows.get(i), begin));
            read += windows.get(i).to() - windows.get(i).from();
            out.printf(Locale.ROOT, "window %,d of %,d: %.4f%n", i + 1, windows.size(), sum.value());
            out.flush();
        }
        out.printf(
                Locale.ROOT,
                "perplexity %.4f ± %.4f over %,d tokens; %,.1f tokens/s%n",
                sum.value(),
                sum.error(),
                sum.tokens(),
                read / ((System.nanoTime() - start) / 1e9));
        out.flush();
    }
}
