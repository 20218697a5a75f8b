/// How a model is written anew: in other number formats, or in the other file format.
///
/// In: the tensors of one checkpoint as [dev.baleen.checkpoint.TensorSource]s, whose bytes are made when they are
/// written. Out: the same again, encoded otherwise. Nothing larger than a slab of rows is ever in memory.
///
/// For quantization read [dev.baleen.conversion.QuantizationMix] (what people ask for), then
/// [dev.baleen.conversion.MixRules] (which tensor gets which format), then [dev.baleen.conversion.Quantizer] (how it is
/// done); [dev.baleen.conversion.Importance] is what a calibration run knows of columns.
///
/// Knows nothing of running a model.
@NullMarked
package dev.baleen.conversion;

import org.jspecify.annotations.NullMarked;
