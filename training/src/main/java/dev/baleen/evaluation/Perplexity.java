package dev.baleen.evaluation;

import dev.baleen.kernel.EagerOps;
import dev.baleen.kernel.Kernels;
import dev.baleen.model.Model;
import dev.baleen.tensor.Tensor;
import dev.baleen.tensor.Workspace;
import dev.baleen.training.MicroBatch;
import java.util.List;

/// How surprised a model is by documents: e to the mean cross entropy of the tokens that count.
///
/// @param tokens tokens that were counted
/// @param nats the sum of their cross entropies
public record Perplexity(long tokens, double nats) {
    /// Measures the next-token predictions. `workspace` is used and left empty.
    public static Perplexity of(Model model, Kernels kernels, Workspace workspace, List<MicroBatch> microBatches) {
        long tokens = 0;
        double nats = 0;
        for (MicroBatch microBatch : microBatches) {
            workspace.reset();
            Tensor logits = model.predictions(new EagerOps(kernels, workspace), microBatch.batch())
                    .getFirst();
            float[] values = logits.toFloats();
            for (int row = 0; row < microBatch.tokens(); row++) {
                if (microBatch.counted()[0][row] > 0) {
                    tokens++;
                    nats += surprise(
                            values,
                            row * logits.columns(),
                            logits.columns(),
                            microBatch.targets()[0][row]);
                }
            }
        }
        workspace.reset();
        return new Perplexity(tokens, nats);
    }

    public double meanNats() {
        return nats / tokens;
    }

    public double value() {
        return Math.exp(meanNats());
    }

    static double surprise(float[] logits, int from, int count, int target) {
        double max = Double.NEGATIVE_INFINITY;
        for (int i = from; i < from + count; i++) {
            max = Math.max(max, logits[i]);
        }
        double sum = 0;
        for (int i = from; i < from + count; i++) {
            sum += Math.exp(logits[i] - max);
        }
        return max + Math.log(sum) - logits[from + target];
    }
}
