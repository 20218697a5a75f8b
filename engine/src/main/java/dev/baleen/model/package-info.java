/// Architectures: a config, weights and one forward pass.
///
/// In: weights from a checkpoint, a batch of tokens, a cache. Out: logits. Read [dev.baleen.model.Model],
/// [dev.baleen.model.Batch] and [dev.baleen.model.KvCache], then [dev.baleen.model.Transformer] for the plain decoder
/// of
/// Llama, Qwen and the first DeepSeekMoE, and [dev.baleen.model.DeepSeekV3] for what DeepSeek made of it, both around
/// one `Decoder`. A layer is a record: its weights are its components, its forward is a method. Where files of
/// different
/// ages or publishers differ, the config's reader and [dev.baleen.model.GgufNames] know it, and the network does not.
/// Knows nothing of text, sampling or gradients.
@NullMarked
package dev.baleen.model;

import org.jspecify.annotations.NullMarked;
