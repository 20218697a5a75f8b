/// Architectures: a config, weights and one forward pass.
///
/// In: weights from a checkpoint, a batch of tokens, a cache. Out: logits. Read [dev.baleen.model.Model],
/// [dev.baleen.model.Batch] and [dev.baleen.model.KvCache], then [dev.baleen.model.DeepSeekV3] from the top. A layer is
/// a record: its weights are its components, its forward is a method. Knows nothing of text, sampling or gradients.
@NullMarked
package dev.baleen.model;

import org.jspecify.annotations.NullMarked;
