/// How a model is written anew: in other number formats, or in the other file format.
///
/// In: a checkpoint. Out: another one, as [dev.baleen.checkpoint.TensorSource]s, whose bytes are made when they are
/// written. Nothing larger than a slab of rows is ever in memory.
///
/// For quantization read [dev.baleen.conversion.QuantizationMix] (what people ask for), then
/// [dev.baleen.conversion.MixRules] (which tensor gets which format), then [dev.baleen.conversion.Quantizer] (how it is
/// done); [dev.baleen.conversion.Importance] is what a calibration run knows of columns.
///
/// From GGUF to Hugging Face's layout and back, read [dev.baleen.conversion.Conversion], which decides the direction
/// and writes; [dev.baleen.conversion.GgufTensors] and [dev.baleen.conversion.HuggingFaceTensors], what becomes of
/// each weight; [dev.baleen.conversion.Rows], how weights are rearranged a row at a time;
/// [dev.baleen.conversion.Setting] and [dev.baleen.conversion.Family], one table for the settings of both formats,
/// which [dev.baleen.conversion.GgufMetadata] and [dev.baleen.conversion.HuggingFaceConfig] read in either direction;
/// [dev.baleen.conversion.Vocabularies], the same for tokenizers. The names of weights are
/// [dev.baleen.model.GgufNames]'s affair.
///
/// Knows nothing of running a model.
@NullMarked
package dev.baleen.conversion;

import org.jspecify.annotations.NullMarked;
