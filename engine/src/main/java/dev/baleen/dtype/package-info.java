/// How numbers are written in bytes, one by one or in blocks.
///
/// In: bytes. Out: numbers, and back. Read [dev.baleen.dtype.DType] first, then
/// [dev.baleen.dtype.BlockFormat], then any one format. Knows nothing of arrays, files or arithmetic.
@NullMarked
package dev.baleen.dtype;

import org.jspecify.annotations.NullMarked;
