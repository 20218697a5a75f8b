package dev.baleen.model;

import dev.baleen.dtype.DType;
import dev.baleen.kernel.EagerOps;
import dev.baleen.kernel.IdleKernels;
import dev.baleen.kernel.Span;
import dev.baleen.tensor.Workspace;
import java.util.stream.IntStream;

/// How much workspace a step needs: found by going through the forward pass without computing anything.
public final class StepMemory {
    private StepMemory() {}

    /// Bytes of workspace for a step of `rows` tokens of one sequence with a cache, of which the last `outputs`
    /// have their logits computed.
    public static long bytes(Model model, int rows, int outputs) {
        return bytes(model, rows, outputs, 1);
    }

    /// The same for a step of so many sequences.
    public static long bytes(Model model, int rows, int outputs, int sequences) {
        // Layers take turns with the workspace, and a layer has entries of one kind: the worst step is the worst for
        // one of the kinds.
        return model.cacheLayout().ratios().stream()
                .mapToLong(ratio -> bytes(model, rows, outputs, sequences, ratio))
                .max()
                .orElseThrow();
    }

    /// At a position with a full past behind it, where each sequence's first row completes an entry.
    private static long bytes(Model model, int rows, int outputs, int sequences, int ratio) {
        CacheLayout layout = model.cacheLayout();
        int position = Math.ceilDiv(layout.recentPositionsMax() + 1, ratio) * ratio - 1;
        int[] pages = new int[KvCache.pagesFor(position + rows)];
        Span[] spans = new Span[sequences];
        int first = rows - spans.length + 1;
        for (int i = 0; i < spans.length; i++) {
            spans[i] = new Span(i == 0 ? 0 : first + i - 1, i == 0 ? first : 1, position, pages, i);
        }
        int[] last = IntStream.range(rows - outputs, rows).toArray();
        try (Workspace measure = Workspace.imaginary();
                KvCache cache = KvCache.allocate(layout, 1, DType.F32)) {
            model.forward(new EagerOps(new IdleKernels(), measure), new Batch(new int[rows], spans, last), cache);
            return measure.usedMax();
        }
    }
}
