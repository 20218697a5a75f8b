package dev.baleen.evaluation;

import dev.baleen.dtype.DType;
import dev.baleen.kernel.EagerOps;
import dev.baleen.kernel.Kernels;
import dev.baleen.kernel.Span;
import dev.baleen.model.Batch;
import dev.baleen.model.KvCache;
import dev.baleen.model.Model;
import dev.baleen.model.StepMemory;
import dev.baleen.tensor.Tensor;
import dev.baleen.tensor.Workspace;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/// How well a model predicts a long text, which it reads in windows as long as it can look back.
///
/// Without a stride the windows lie end to end, and the tokens of their second halves count, each of which has at least
/// half a window before it: so llama.cpp does it, and its numbers are the ones that people compare. With a stride the
/// windows overlap, and each counts the tokens that the one before did not reach, so that every token but the first
/// counts once.
public final class TextPerplexity implements AutoCloseable {
    /// A window goes through the model in pieces, whose logits have to be held at once.
    private static final int PIECE_TOKENS = 128;

    private final Model model;
    private final Workspace workspace;
    private final KvCache cache;
    private final EagerOps ops;
    private final int[] pages;

    /// Tokens `from` to `to` (exclusive) of the text, of which those from `firstCounted` on count.
    public record Window(int from, int to, int firstCounted) {
        public int counted() {
            return to - firstCounted;
        }
    }

    /// What was measured so far.
    ///
    /// @param tokens tokens that counted
    /// @param nats the sum of their cross entropies
    /// @param squares the sum of their squares
    public record Estimate(long tokens, double nats, double squares) {
        public static final Estimate NONE = new Estimate(0, 0, 0);

        public Estimate plus(Estimate other) {
            return new Estimate(tokens + other.tokens, nats + other.nats, squares + other.squares);
        }

        /// e to the mean cross entropy.
        public double value() {
            return Math.exp(nats / tokens);
        }

        /// How far off the value may be by the choice of text: one standard error of the mean, carried over to
        /// the exponential. Tokens of a text are no independent draws, so it is on the small side.
        public double error() {
            double mean = nats / tokens;
            double variance = Math.max(0, squares / tokens - mean * mean);
            return tokens < 2 ? Double.POSITIVE_INFINITY : Math.sqrt(variance / (tokens - 1)) * value();
        }
    }

    /// @param context tokens of a window
    public TextPerplexity(Model model, Kernels kernels, int context) {
        int piece = Math.min(PIECE_TOKENS, context);
        this.model = model;
        this.workspace = new Workspace(StepMemory.bytes(model, piece, piece));
        this.pages = IntStream.range(0, KvCache.pagesFor(context)).toArray();
        this.cache = KvCache.allocate(model.cacheLayout(), pages.length, DType.F32);
        this.ops = new EagerOps(kernels, workspace);
    }

    /// The windows of a text.
    ///
    /// @param stride tokens from one window to the next; 0 for windows that lie end to end
    public static List<Window> windows(int tokens, int context, int stride) {
        if (context < 2 || stride < 0 || stride > context) {
            throw new IllegalArgumentException(
                    "Windows of %d tokens every %d tokens count none of them, or not all".formatted(context, stride));
        }
        List<Window> windows = new ArrayList<>();
        if (stride == 0) {
            for (int from = 0; from + context <= tokens; from += context) {
                windows.add(new Window(from, from + context, from + context / 2 + 1));
            }
            return windows;
        }
        // Nothing in a window predicts its first token, so the one before has to reach it.
        int step = Math.min(stride, context - 1);
        int reached = 1;
        for (int from = 0; reached < tokens; from += step) {
            int to = Math.min(tokens, from + context);
            windows.add(new Window(from, to, reached));
            reached = to;
        }
        return windows;
    }

    /// Measures one window of a text.
    ///
    /// @param begin the token to read in the place of the window's first
    public Estimate measure(int[] text, Window window, OptionalInt begin) {
        Estimate sum = Estimate.NONE;
        for (int from = window.from; from < window.to - 1; from += PIECE_TOKENS) {
            int to = Math.min(window.to - 1, from + PIECE_TOKENS);
            int[] tokens = Arrays.copyOfRange(text, from, to);
            if (from == window.from && begin.isPresent()) {
                tokens[0] = begin.getAsInt();
            }
            sum = sum.plus(piece(tokens, from, window, text));
        }
        return sum;
    }

    /// Row i predicts token `from + i + 1`.
    private Estimate piece(int[] tokens, int from, Window window, int[] text) {
        int first = Math.clamp(window.firstCounted - 1L - from, 0, tokens.length);
        int[] rows = IntStream.range(first, tokens.length).toArray();
        // The last row is asked for where none counts: a step without results is none.
        int[] outputs = rows.length > 0 ? rows : new int[] {tokens.length - 1};
        Span[] spans = {new Span(0, tokens.length, from - window.from, pages, 0)};
        workspace.reset();
        Tensor logits = model.forward(ops, new Batch(tokens, spans, outputs), cache);
        float[] row = new float[logits.columns()];
        double nats = 0;
        double squares = 0;
        for (int i = 0; i < rows.length; i++) {
            logits.decodeRow(i, row, 0);
            double surprise = Perplexity.surprise(row, 0, row.length, text[from + rows[i] + 1]);
            nats += surprise;
            squares += surprise * surprise;
        }
        return new Estimate(rows.length, nats, squares);
    }

    @Override
    public void close() {
        cache.close();
        workspace.close();
    }
}
