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

    /// Bytes of workspace for a step of `rows` tokens with a cache, of which `outputs` have their logits computed.
    public static long bytes(Model model, int rows, int outputs) {
        try (Workspace measure = Workspace.imaginary()) {
            int[] tokens = new int[rows];
            int[] last = IntStream.range(rows - outputs, rows).toArray();
            Span[] spans = {
                new Span(0, rows, 0, IntStream.range(0, KvCache.pagesFor(rows)).toArray())
            };
            try (KvCache cache = KvCache.allocate(model.cacheLayout(), 1, DType.F32)) {
                model.forward(new EagerOps(new IdleKernels(), measure), new Batch(tokens, spans, last), cache);
            }
            return measure.usedMax();
        }
    }
}
