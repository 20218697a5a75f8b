/// How arrays are computed, per kind of processor.
///
/// In: tensors. Out: numbers written into tensors. Read [dev.baleen.kernel.Ops] (what models are written in),
/// [dev.baleen.kernel.Kernels] (what it calls), [dev.baleen.kernel.ScalarKernels] (the specification), then the
/// fast ones. Knows nothing of files, models or text.
@NullMarked
package dev.baleen.kernel;

import org.jspecify.annotations.NullMarked;
