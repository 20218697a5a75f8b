/// Text to token ids and back: byte-level byte-pair encoding, as every DeepSeek model and its Llama and Qwen
/// cousins use it.
///
/// In: a `tokenizer.json`, or the plain values that a GGUF file carries
/// ([dev.baleen.tokenizer.GgufVocabulary]), or texts to learn from ([dev.baleen.tokenizer.TokenizerTrainer]).
/// Out: ids for text, bytes for ids.
///
/// A text goes this way:
///
/// 1. [dev.baleen.tokenizer.AddedTokens] finds tokens that stand in the text literally (`<think>`, `<｜User｜>`).
/// 2. [dev.baleen.tokenizer.Normalization] rewrites what lies between them (most families: not at all).
/// 3. [dev.baleen.tokenizer.PreTokenizer] cuts it into pieces that no token may straddle (words, numbers,
///    spaces).
/// 4. [dev.baleen.tokenizer.Merger] turns the bytes of each piece into tokens by the learnt merges.
///
/// Read [dev.baleen.tokenizer.Tokenizer], [dev.baleen.tokenizer.BytePairEncoding],
/// [dev.baleen.tokenizer.PreTokenizer], [dev.baleen.tokenizer.SplitPattern],
/// [dev.baleen.tokenizer.StreamingDecoder]. A new family is one entry in the table of
/// [dev.baleen.tokenizer.PreTokenizer]. The package knows nothing of models, files' tensors or chat messages,
/// and never adds a token that the caller did not write: whether a prompt begins with the begin token is the
/// chat template's business.
@NullMarked
package dev.baleen.tokenizer;

import org.jspecify.annotations.NullMarked;
