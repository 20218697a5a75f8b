/// How numbers are written in bytes, one by one or in blocks.
///
/// In: bytes. Out: numbers, and back. Read [dev.baleen.dtype.DType] first, then
/// [dev.baleen.dtype.BlockFormat], then a few formats: `F16` is one number to a block, `Q4_0` a scale for 32 numbers,
/// `Q4_K` scales of scales, `IQ2_XS` an index for eight numbers at once. Their layouts are those of
/// GGUF, which `ggml-common.h` of the GGML project defines. Knows nothing of arrays, files or arithmetic.
@NullMarked
package dev.baleen.dtype;

import org.jspecify.annotations.NullMarked;
