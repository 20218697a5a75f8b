package dev.baleen.model;

import dev.baleen.dtype.DType;
import dev.baleen.kernel.EagerOps;
import dev.baleen.kernel.IdleKernels;
import dev.baleen.kernel.OperationCounter;
import dev.baleen.kernel.Span;
import dev.baleen.tensor.Workspace;

/// How much of its weights a model reads for one token, found by going through the forward pass without computing
/// anything.
///
/// @param denseBytes of weights that every token reads
/// @param expertBytes of experts that one token chooses
public record WeightTraffic(long denseBytes, long expertBytes) {
    public static WeightTraffic of(Model model) {
        try (Workspace measure = Workspace.imaginary();
                KvCache cache = KvCache.allocate(model.cacheLayout(), 1, DType.F32)) {
            OperationCounter counter = new OperationCounter(new EagerOps(new IdleKernels(), measure));
            Span[] spans = {new Span(0, 1, 0, new int[] {0})};
            model.forward(counter, new Batch(new int[1], spans, new int[1]), cache);
            return new WeightTraffic(counter.weightBytes() - counter.expertBytes(), counter.expertBytes());
        }
    }

    /// Bytes for one token.
    public long bytes() {
        return denseBytes + expertBytes;
    }
}
