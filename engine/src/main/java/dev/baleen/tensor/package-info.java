/// What an array of numbers is and where it lives.
///
/// In: bytes in native memory. Out: typed, shaped views of them. Read [dev.baleen.tensor.Shape],
/// [dev.baleen.tensor.Tensor] and the [dev.baleen.tensor.BlockScales] that may lie beside one, then
/// [dev.baleen.tensor.Workspace]; [dev.baleen.tensor.MemoryAdvice] has mapped memory read ahead. Knows nothing of
/// arithmetic.
@NullMarked
package dev.baleen.tensor;

import org.jspecify.annotations.NullMarked;
