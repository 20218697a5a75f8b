package dev.baleen.model;

import dev.baleen.kernel.Ops;
import dev.baleen.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;

/// What architectures have in common: tokens are embedded, go through the layers, and a last norm and the head turn
/// what comes out into logits.
///
/// @param embedding [V, D]
/// @param norm [D]
/// @param head [V, D]; the embedding itself where the two are tied
record Decoder(Tensor embedding, List<DecoderLayer> layers, Tensor norm, double epsilon, Tensor head) {
    static Decoder load(
            WeightSource weights,
            int vocabulary,
            int width,
            int layers,
            IntFunction<DecoderLayer> layer,
            double epsilon,
            boolean tied) {
        Tensor embedding = weights.get("model.embed_tokens.weight", vocabulary, width);
        List<DecoderLayer> loaded = new ArrayList<>();
        for (int i = 0; i < layers; i++) {
            loaded.add(layer.apply(i));
        }
        Tensor norm = weights.get("model.norm.weight", width);
        Tensor head = tied ? embedding : weights.get("lm_head.weight", vocabulary, width);
        return new Decoder(embedding, List.copyOf(loaded), norm, epsilon, head);
    }

    /// The logits of the rows that `batch.outputs()` names.
    Tensor forward(Ops ops, Batch batch, LayerContext context) {
        Tensor hidden = hidden(ops, batch, context);
        if (!batch.wantsAllRows()) {
            hidden = ops.gatherRows(hidden, batch.outputs());
        }
        return ops.matmul(ops.rmsNorm(hidden, norm, epsilon), head);
    }

    /// [T, D] before the last norm.
    Tensor hidden(Ops ops, Batch batch, LayerContext context) {
        Tensor x = ops.embedding(embedding, batch.tokens());
        long mark = ops.mark();
        for (DecoderLayer layer : layers) {
            x = ops.release(mark, layer.forward(ops, x, context));
        }
        return x;
    }
}
