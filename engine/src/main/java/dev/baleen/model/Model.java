package dev.baleen.model;

import dev.baleen.kernel.Ops;
import dev.baleen.tensor.Tensor;
import java.util.List;
import java.util.SequencedMap;

/// A config, weights and one forward pass, which inference and training share.
public interface Model {
    /// The architecture's name as checkpoints give it, such as `deepseek_v3`.
    String architecture();

    /// Entries of the vocabulary, which is the width of the logits.
    int vocabularySize();

    /// The most positions that the model was made for.
    int contextLength();

    /// What the model remembers of each position.
    CacheLayout cacheLayout();

    /// The logits [outputs, V] of the rows that `batch.outputs()` names.
    ///
    /// With a cache, the batch's keys and values are written to the pages of its spans, and each row sees its whole
    /// sequence. With [KvCache#none()], each span is a whole document from position 0.
    Tensor forward(Ops ops, Batch batch, KvCache cache);

    /// What training needs: the logits [T, V] of every row for the token one ahead, then, where the model predicts
    /// further, for two ahead, and so on. Spans are whole documents.
    default List<Tensor> predictions(Ops ops, Batch batch) {
        return List.of(forward(ops, batch, KvCache.none()));
    }

    /// Every weight by the name that [WeightSource] has it under, in the order of the forward pass.
    SequencedMap<String, Tensor> parameters();

    /// The same network over other weights of the same names and shapes: for one, those that a trainer changes,
    /// where these lie quantized in a file.
    Model with(WeightSource weights);
}
