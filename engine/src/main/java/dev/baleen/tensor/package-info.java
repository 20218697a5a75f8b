/// What an array of numbers is and where it lives.
///
/// In: bytes in native memory. Out: typed, shaped views of them. Read [dev.baleen.tensor.Shape],
/// [dev.baleen.tensor.Tensor], [dev.baleen.tensor.Workspace]. Knows nothing of arithmetic.
@NullMarked
package dev.baleen.tensor;

import org.jspecify.annotations.NullMarked;
