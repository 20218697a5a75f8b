package dev.baleen.kernel;

import dev.baleen.tensor.Tensor;

/// Is told of experts' weights when a gate has chosen them and before they are multiplied with, so that the disk can
/// begin.
@FunctionalInterface
public interface Prefetch {
    /// For weights that lie in memory.
    Prefetch NONE = (dispatch, weights) -> {};

    /// @param weights of all experts; those with rows in `dispatch` are read soon
    void experts(ExpertDispatch dispatch, Tensor[] weights);
}
