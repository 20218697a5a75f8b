/// Architectures: a config, weights and one forward pass.
///
/// In: weights from a checkpoint, a batch of tokens, a cache. Out: logits. Read [dev.baleen.model.Model],
/// [dev.baleen.model.Batch] and [dev.baleen.model.KvCache], then [dev.baleen.model.Transformer], the plain decoder of
/// Llama, Qwen and the first DeepSeekMoE, and [dev.baleen.model.DeepSeekV3], what DeepSeek made of it: both around one
/// `Decoder`; last [dev.baleen.model.DeepSeekV4], whose layers pass on several streams. A layer is a record: its
/// weights are its components, its forward is a method. What files of different ages or publishers have different is
/// known to the configs' readers and to [dev.baleen.model.GgufNames], and not to the network. Knows nothing of text,
/// sampling or gradients.
@NullMarked
package dev.baleen.model;

import org.jspecify.annotations.NullMarked;
