/// How weights come out of files and go back.
///
/// In: a GGUF file, a safetensors file or a folder in Hugging Face layout, none of them trusted. Out: named tensors
/// that are views of the mapped file, and the settings that describe the network. Nothing large is copied: opening a
/// model takes as long as reading its header.
///
/// Read [dev.baleen.checkpoint.Checkpoint], which decides by content what a file is, then
/// [dev.baleen.checkpoint.Gguf], [dev.baleen.checkpoint.Safetensors] and [dev.baleen.checkpoint.HuggingFaceFolder], one
/// file format each; [dev.baleen.checkpoint.Weights] and [dev.baleen.checkpoint.Config] are what an architecture asks
/// for its tensors and its numbers. [dev.baleen.checkpoint.TensorSource] is a tensor that is going to be written. Every
/// problem of a file is collected in a `Problems` and told at once by a [dev.baleen.checkpoint.CheckpointException].
///
/// A file's counts, lengths and offsets are held against its real size before anything is allocated or read. One thing
/// is out of reach: if another process cuts a file short while it is mapped, reading the lost part fails with an
/// `InternalError` or ends the process, as with every mapped file.
///
/// Knows nothing of architectures, of what a tensor is for, and of tokens.
@NullMarked
package dev.baleen.checkpoint;

import org.jspecify.annotations.NullMarked;
