package dev.baleen.model;

import dev.baleen.dtype.DType;
import dev.baleen.kernel.EagerOps;
import dev.baleen.kernel.Kernels;
import dev.baleen.kernel.Span;
import dev.baleen.tensor.Tensor;
import dev.baleen.tensor.Workspace;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/// Runs a model over a cache of its own, for tests: a few sequences side by side, each at its own position.
public final class Decoding implements AutoCloseable {
    private static final int PAGES_EACH = 8;

    private final Model model;
    private final Workspace workspace = new Workspace(256L << 20);
    private EagerOps ops;
    private final KvCache cache;
    private final int[] positions;

    public Decoding(Model model, Kernels kernels, int sequences) {
        this.model = model;
        this.ops = new EagerOps(kernels, workspace);
        this.cache = KvCache.allocate(model.cacheLayout(), PAGES_EACH * sequences, sequences, DType.F32);
        this.positions = new int[sequences];
    }

    /// Feeds `tokens[i]` to sequence `i` (an empty array leaves it alone) and returns the logits of every row fed.
    public float[][] feed(int[]... tokens) {
        List<Span> spans = new ArrayList<>();
        int row = 0;
        for (int i = 0; i < tokens.length; i++) {
            if (tokens[i].length > 0) {
                // Pages are dealt out like cards, so that no sequence's are neighbours.
                int sequence = i;
                int[] pages = IntStream.range(0, PAGES_EACH)
                        .map(page -> page * positions.length + sequence)
                        .toArray();
                spans.add(new Span(row, tokens[i].length, positions[i], pages, i));
                row += tokens[i].length;
                positions[i] += tokens[i].length;
            }
        }
        int[] all = Arrays.stream(tokens).flatMapToInt(Arrays::stream).toArray();
        Batch batch = new Batch(
                all, spans.toArray(Span[]::new), IntStream.range(0, all.length).toArray());
        workspace.reset();
        return rows(model.forward(ops, batch, cache));
    }

    /// From now on ties end as in a reference that computes so many positions at once.
    Decoding comparedWith(int positions) {
        ops = ops.comparedWith(positions);
        return this;
    }

    /// Logits of whole documents without a cache.
    public float[][] documents(int[]... tokens) {
        workspace.reset();
        return rows(model.forward(ops, Batch.documents(List.of(tokens)), KvCache.none()));
    }

    /// Logits for every distance that the model predicts.
    public List<float[][]> predictions(int[] document) {
        workspace.reset();
        return model.predictions(ops, Batch.documents(List.of(document))).stream()
                .map(Decoding::rows)
                .toList();
    }

    /// The `count` tokens that greedy decoding appends to sequence 0, whose last logits are `logits`.
    public int[] greedy(float[] logits, int count) {
        int[] tokens = new int[count];
        for (int i = 0; i < count; i++) {
            tokens[i] = argmax(logits);
            if (i + 1 < count) {
                logits = feed(new int[] {tokens[i]})[0];
            }
        }
        return tokens;
    }

    static int argmax(float[] values) {
        int best = 0;
        for (int i = 1; i < values.length; i++) {
            if (values[i] > values[best]) {
                best = i;
            }
        }
        return best;
    }

    private static float[][] rows(Tensor logits) {
        float[][] rows = new float[logits.rows()][];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = logits.slice(i, i + 1).toFloats();
        }
        return rows;
    }

    @Override
    public void close() {
        cache.close();
        workspace.close();
    }
}
